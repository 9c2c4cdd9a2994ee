import Foundation
import HoopxTestSupport
import Synchronization

/// A client of the loopback provider that does what it is told, asked by curl.
struct OAuthQuestions {
    struct Answer {
        let status: Int
        let body: JSONDocument
        var error: String? { body["error"]?.string }
    }

    static let deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"
    /// The pair of RFC 7636, appendix B.
    static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

    let provider: LoopbackIdentityProvider

    /// Posts a form; a name may come twice.
    func post(
        _ endpoint: ProviderEndpoint, _ form: KeyValuePairs<String, String>, _ more: String...
    ) async throws -> Answer {
        let words = form.flatMap { ["--data-urlencode", "\($0.key)=\($0.value)"] }
        return try await ask(endpoint, words + more)
    }

    func ask(_ endpoint: ProviderEndpoint, _ words: [String] = [], query: String = "") async throws -> Answer {
        let url = provider.issuer + endpoint.rawValue + query
        let curl = ["/usr/bin/curl", "-sS", "-m", "60", "-w", "\n%{http_code}"] + words + [url]
        let finished = try await RunningProcess(curl, environment: [:], directory: "/").finish()
        let lines = finished.stdout.split(separator: "\n", omittingEmptySubsequences: false)
        return Answer(
            status: Int(lines.last ?? "") ?? 0,
            body: JSONDocument(text: lines.dropLast().joined(separator: "\n")) ?? .null)
    }

    /// Starts a device login and returns its device code and user code.
    func start(
        client: String = "hoopx", scope: String = "openid offline_access", challenge: String? = nil,
        nonce: String? = nil
    ) async throws -> (device: String, user: String) {
        var words = ["-d", "client_id=\(client)", "--data-urlencode", "scope=\(scope)"]
        if let challenge { words += ["-d", "code_challenge=\(challenge)", "-d", "code_challenge_method=S256"] }
        if let nonce { words += ["-d", "nonce=\(nonce)"] }
        let answer = try await ask(.deviceAuthorization, words)
        guard let device = answer.body["device_code"]?.string, let user = answer.body["user_code"]?.string else {
            throw TestSupportError("no device login: \(answer)")
        }
        return (device, user)
    }

    func poll(_ device: String, client: String = "hoopx", verifier: String? = nil) async throws -> Answer {
        let proof = verifier.map { ["-d", "code_verifier=\($0)"] } ?? []
        return try await ask(
            .token,
            ["-d", "grant_type=\(Self.deviceGrant)", "-d", "client_id=\(client)", "-d", "device_code=\(device)"] + proof
        )
    }

    func refresh(_ token: String, client: String = "hoopx") async throws -> Answer {
        try await post(.token, ["grant_type": "refresh_token", "client_id": client, "refresh_token": token])
    }

    /// A whole login of alice; returns the token endpoint's answer.
    func login(scope: String = "openid offline_access", nonce: String? = nil) async throws -> JSONDocument {
        let code = try await start(scope: scope, nonce: nonce)
        try provider.approve(code.user)
        return try await poll(code.device).body
    }
}

/// A clock that a test sets.
final class TestClock: Sendable {
    private let time = Mutex(Date(timeIntervalSince1970: 1_900_000_000))

    @Sendable func now() -> Date { time.withLock { $0 } }

    func advance(by seconds: Double) { time.withLock { $0 += seconds } }
}

/// Runs a test's body with a provider and closes it.
func withProvider(
    clients: [ProviderClient] = [ProviderClient("hoopx")], path: String = "", clock: TestClock? = nil,
    _ change: (inout ProviderSettings) -> Void = { (_: inout ProviderSettings) in },
    _ body: (OAuthQuestions) async throws -> Void
) async throws {
    var chosen = ProviderSettings()
    change(&chosen)
    let now: @Sendable () -> Date = if let clock { clock.now } else { { Date() } }
    let provider = try await LoopbackIdentityProvider(path: path, clients: clients, settings: chosen, now: now)
    do {
        try await body(OAuthQuestions(provider: provider))
    } catch {
        await provider.close()
        throw error
    }
    await provider.close()
}
