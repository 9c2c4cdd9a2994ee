import HoopxCore
import HoopxJSON
import HoopxOutbound
import HoopxTestSupport
import NIOHTTP1
import Synchronization

@testable import HoopxIdentity

/// An issuer on loopback, whose documents the test writes, and hoopx's ways to look at it.
final class TestIssuer: Sendable {
    static let audience = "hoopx"
    static let discoveryPath = "/.well-known/openid-configuration"

    let clock = TestClock()
    private let client: ControlClient
    private let server: LoopbackHTTPServer
    private let documents = TestDocuments()
    private let scope = FixtureScope()

    static func run(_ keys: [TestKey] = [], _ body: (TestIssuer) async throws -> Void) async throws {
        let issuer = try await TestIssuer(keys)
        do {
            try await body(issuer)
        } catch {
            await issuer.scope.unwind()
            throw error
        }
        await issuer.scope.unwind()
    }

    private init(_ keys: [TestKey]) async throws {
        let documents = documents
        client = ControlClient(trust: UpstreamTrust(environment: [:]), proxies: try ProxyEnvironment([:]))
        server = try await LoopbackHTTPServer { documents.answer($0) }
        scope.atEnd { [server] in await server.close() }
        scope.atEnd { [client] in await client.shutdown() }
        publish(keys)
        answer(Self.discoveryPath, .answer(JSONValue.object(discovery).json))
    }

    var url: String { server.url }

    /// What a complete discovery document says.
    var discovery: [String: JSONValue] {
        ["issuer": .string(url), "jwks_uri": .string(url + "/keys"), "token_endpoint": .string(url + "/token")]
    }

    func publish(_ keys: [TestKey], cacheControl: String? = nil) {
        publish(.array(keys.map { .object($0.jwk) }), cacheControl: cacheControl)
    }

    func publish(_ keys: JSONValue, cacheControl: String? = nil) {
        let headers = HTTPHeaders(cacheControl.map { [("Cache-Control", $0)] } ?? [])
        answer("/keys", .answer(JSONValue.object(["keys": keys]).json, headers: headers))
    }

    func answer(_ path: String, _ steps: [ResponseStep]) { documents.set(path, steps) }

    /// How often a path was asked for.
    func count(_ path: String) -> Int { server.requests.filter { $0.path == path }.count }

    var keyFetches: Int { count("/keys") }

    func issuer(
        _ url: String? = nil, snapshot: [UInt8]? = nil, deadline: Duration = .seconds(10)
    ) throws -> Issuer {
        let clock = clock
        return try Issuer(
            url ?? self.url, caPath: nil, client: client, snapshot: snapshot, now: { clock.timestamp() },
            deadline: deadline)
    }

    func verifier(_ issuer: Issuer? = nil, kind: IDTokenVerifier.TokenKind = .user) throws -> IDTokenVerifier {
        let clock = clock
        return IDTokenVerifier(
            issuer: try issuer ?? self.issuer(), audience: Self.audience, kind: kind, now: { clock.timestamp() })
    }

    /// Claims that are right in every respect.
    var claims: [String: JSONValue] {
        [
            "iss": .string(url), "sub": "u-1", "aud": .string(Self.audience),
            "iat": .number(Double(clock.now)), "exp": .number(Double(clock.now + 3_600)),
        ]
    }

    func claims(_ changes: [String: JSONValue?]) -> JSONValue {
        var claims = claims
        for (name, value) in changes { claims[name] = value }
        return .object(claims)
    }
}

/// What a server answers to each path.
final class TestDocuments: Sendable {
    private let steps = Mutex<[String: [ResponseStep]]>([:])

    func set(_ path: String, _ answer: [ResponseStep]) { steps.withLock { $0[path] = answer } }

    func answer(_ request: ReceivedRequest) -> [ResponseStep] {
        steps.withLock { $0[request.path] } ?? .answer("not found", status: .notFound, type: "text/plain")
    }
}

/// What a verification came to.
func reason(
    _ verifier: IDTokenVerifier, _ token: String, nonce: String? = nil
) async -> VerificationFailure.Reason? {
    guard let unverified = UnverifiedIDToken(token) else { return .malformed }
    do {
        _ = try await verifier.check(unverified, nonce: nonce)
        return nil
    } catch {
        return error.reason
    }
}

/// The error's text, or what is wrong with there being none.
func failure(_ verifier: IDTokenVerifier, _ token: String) async -> String {
    guard let unverified = UnverifiedIDToken(token) else { return "no token" }
    do {
        _ = try await verifier.verify(unverified)
        return "it verified"
    } catch {
        return error.description
    }
}
