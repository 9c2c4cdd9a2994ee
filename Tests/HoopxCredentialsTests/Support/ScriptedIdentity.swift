import HoopxCore
import HoopxOutbound
import Synchronization

@testable import HoopxCredentials

/// An identity whose tokens a test writes, until it ends it.
final class ScriptedIdentity: IdentityTokenSource {
    private let make: @Sendable (String?) throws -> String
    private let ended = Atomic(false)
    private let asked = Mutex<[String?]>([])

    init(_ make: @escaping @Sendable (String?) throws -> String) { self.make = make }

    /// The audiences that tokens were asked for.
    var audiences: [String?] { asked.withLock { $0 } }

    func end() { ended.store(true, ordering: .releasing) }

    func identityToken(audience: String?) async throws(HoopxError) -> Secret {
        asked.withLock { $0.append(audience) }
        guard !ended.load(ordering: .acquiring), let token = try? make(audience) else {
            throw HoopxError(.startup, doing: "getting an ID token", found: "the identity has ended")
        }
        return Secret(token)
    }
}

/// A client of loopback services that does not wait between its attempts.
final class LoopbackClient: Sendable {
    let control: ControlClient

    init() throws {
        control = ControlClient(trust: UpstreamTrust(environment: [:]), proxies: try ProxyEnvironment([:]))
    }

    func patient(pauses: [Duration] = [.zero, .zero]) -> PatientClient {
        PatientClient(client: control, caPath: nil, pauses: pauses)
    }

    /// Runs a test's body with one and ends it.
    static func run(_ body: (LoopbackClient) async throws -> Void) async throws {
        let client = try LoopbackClient()
        do {
            try await body(client)
        } catch {
            await client.control.shutdown()
            throw error
        }
        await client.control.shutdown()
    }
}
