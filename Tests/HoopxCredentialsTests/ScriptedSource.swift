import HoopxCore
import HoopxCredentials
import Synchronization

func lease(
    _ token: String, expiresAt: ContinuousClock.Instant? = nil, refreshAt: ContinuousClock.Instant? = nil
) -> Lease {
    Lease(token: Secret(token), expiresAt: expiresAt, refreshAt: refreshAt)
}

/// A source whose answers a test writes; the first question has the number 1.
final class ScriptedSource: CredentialSource {
    let name = "a script"
    let injection = CredentialInjection.header(.bearer)
    let isLocal: Bool
    private let answer: @Sendable (Int) async -> Result<Lease, HoopxError>
    private let renewal: @Sendable (Lease) async -> Result<Lease?, HoopxError>
    private let revocation: @Sendable (Lease) async -> Result<Bool, HoopxError>
    private let asked = Atomic(0)
    private let answered = Atomic(0)
    private let revocations = Mutex<[String]>([])

    init(
        isLocal: Bool = false,
        renew: @escaping @Sendable (Lease) async -> Result<Lease?, HoopxError> = { _ in .success(nil) },
        revoke: @escaping @Sendable (Lease) async -> Result<Bool, HoopxError> = { _ in .success(true) },
        _ answer: @escaping @Sendable (Int) async -> Result<Lease, HoopxError>
    ) {
        self.isLocal = isLocal
        self.answer = answer
        renewal = renew
        revocation = revoke
    }

    var count: Int { asked.load(ordering: .acquiring) }
    var finished: Int { answered.load(ordering: .acquiring) }
    /// The ids of the leases that it was asked to revoke, in order.
    var revoked: [String] { revocations.withLock { $0 } }

    func lease() async throws(HoopxError) -> Lease {
        let result = await answer(asked.add(1, ordering: .acquiringAndReleasing).newValue)
        answered.add(1, ordering: .acquiringAndReleasing)
        return try result.get()
    }

    func renew(_ lease: Lease) async throws(HoopxError) -> Lease? { try await renewal(lease).get() }

    func revoke(_ lease: Lease) async throws(HoopxError) -> Bool {
        revocations.withLock { $0.append(lease.id) }
        return try await revocation(lease).get()
    }
}

/// Holds back whoever waits until it is opened.
actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func wait() async {
        if isOpen { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}
