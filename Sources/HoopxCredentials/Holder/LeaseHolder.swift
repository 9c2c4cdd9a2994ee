import HoopxCore
import Synchronization

/// Holds a connection's credential for the data path: there without waiting while it is valid, and renewed before it
/// expires, once, however many requests ask.
///
/// A lease is renewed in the background when it is due, whether a request comes at that moment or not, as long as the
/// connection was used within the time that the lease is good for: an agent that thinks for a while finds a fresh
/// credential, and a connection that nobody uses any more asks for none. The first request after that waits for one.
public final class LeaseHolder: Sendable {
    typealias Outcome = Result<Lease, HoopxError>

    struct State {
        var lease: Lease?
        /// When the question was asked that the lease answers.
        var askedAt = ContinuousClock.now
        var lastUse = ContinuousClock.now
        /// The question to the source that is under way.
        var question: Task<Outcome, Never>?
        /// Wakes the holder when the lease is due.
        var alarm: Task<Void, Never>?
        /// Why the last question had no answer, which is the answer until then.
        var failure: (error: HoopxError, until: ContinuousClock.Instant)?
        /// How many questions had no answer since the last that had one.
        var failures = 0
        /// No renewal in the background before this.
        var retryAt: ContinuousClock.Instant?
        /// Leases that another took the place of, not revoked yet: a request may be on its way with one.
        var replaced: [Lease] = []
        var hasEnded = false
    }

    let source: any CredentialSource
    let timing: LeaseTiming
    let onEvent: @Sendable (LeaseEvent) -> Void
    let state = Mutex(State())

    /// - Parameter onEvent: told everything that becomes of leases, in order. It must neither block nor call the holder.
    public convenience init(
        _ source: any CredentialSource, onEvent: @escaping @Sendable (LeaseEvent) -> Void = { _ in }
    ) {
        self.init(source, timing: LeaseTiming(), onEvent: onEvent)
    }

    init(
        _ source: any CredentialSource, timing: LeaseTiming,
        onEvent: @escaping @Sendable (LeaseEvent) -> Void = { _ in }
    ) {
        self.source = source
        self.timing = timing
        self.onEvent = onEvent
    }

    deinit { state.withLock { $0.alarm?.cancel() } }

    /// How messages name the source.
    public var name: String { source.name }

    /// How requests carry the credential, known before there is one.
    public var injection: CredentialInjection { source.injection }

    /// The lease that serves now, or nil where one must be waited for with `lease()`. Never blocks; where the lease is
    /// due for renewal, that begins in the background.
    public func current(at now: ContinuousClock.Instant = .now) -> Lease? {
        state.withLock { state in serving(at: now, &state) }
    }

    /// The lease that serves now, asking the source where there is none. Callers at one time share one question, which
    /// goes on when one of them is cancelled.
    ///
    /// - Throws: what the source says, to all who shared the question and to those who call before it is asked again
    ///   (`LeaseTiming.failurePause`); that the session has ended, after `revoke()`.
    public func lease(at now: ContinuousClock.Instant = .now) async throws(HoopxError) -> Lease {
        let found: Result<Lease, HoopxError>?
        let question: Task<Outcome, Never>?
        (found, question) = state.withLock { state in
            if state.hasEnded { return (.failure(hasEnded), nil) }
            if let lease = serving(at: now, &state) { return (.success(lease), nil) }
            state.lastUse = now
            if let question = state.question { return (nil, question) }
            if let failure = state.failure, now < failure.until { return (.failure(failure.error), nil) }
            return (nil, ask(at: now, &state))
        }
        if let found { return try found.get() }
        guard let question else { throw hasEnded }
        return try await question.value.get()
    }

    private func serving(at now: ContinuousClock.Instant, _ state: inout State) -> Lease? {
        guard let lease = state.lease, lease.isValid(at: now) else { return nil }
        state.lastUse = now
        if isDue(lease, at: now, state) { ask(at: now, &state) }
        return lease
    }

    func isDue(_ lease: Lease, at now: ContinuousClock.Instant, _ state: State) -> Bool {
        lease.isDueForRefresh(at: now) && state.question == nil && state.retryAt.map { now >= $0 } ?? true
    }

    var hasEnded: HoopxError { TokenText.error(name, "the session has ended, and its credential with it") }
}
