import HoopxCore
import HoopxOutbound
import Synchronization

/// The session's identity in a test: a function of the audience, which it remembers.
final class TestIdentity: IdentityTokenSource {
    private let token: @Sendable (String?) -> Result<String, HoopxError>
    private let asked = Mutex<[String?]>([])

    init(_ token: @escaping @Sendable (String?) -> Result<String, HoopxError>) { self.token = token }

    var audiences: [String?] { asked.withLock { $0 } }

    func identityToken(audience: String?) async throws(HoopxError) -> Secret {
        asked.withLock { $0.append(audience) }
        return Secret(try token(audience).get())
    }
}

/// A control client of a test's own, ended afterwards.
func withControlClient<Result>(_ body: (ControlClient) async throws -> Result) async throws -> Result {
    let client = ControlClient(trust: UpstreamTrust(environment: [:]), proxies: try ProxyEnvironment([:]))
    do {
        let result = try await body(client)
        await client.shutdown()
        return result
    } catch {
        await client.shutdown()
        throw error
    }
}
