import Foundation
import NIOHTTP1
import NIOSSL
import Synchronization

/// The token endpoint of the Claude API on loopback: takes exactly the exchange that is documented, and nothing else.
public final class LoopbackAnthropicFederation: Sendable {
    /// What a request must name; nil for what must not be there.
    public struct Rule: Sendable {
        public let id: String
        public let organization: String
        public let serviceAccount: String?
        public let workspace: String?

        public init(id: String, organization: String, serviceAccount: String? = nil, workspace: String? = nil) {
            self.id = id
            self.organization = organization
            self.serviceAccount = serviceAccount
            self.workspace = workspace
        }
    }

    public let server: LoopbackHTTPServer
    private let issued: IssuedTokens
    private let scripted = ScriptedAnswers()

    /// - Parameters:
    ///   - lifetime: of its tokens, in seconds.
    ///   - refusal: why it does not take an assertion, or nil.
    public init(
        tls: NIOSSLContext? = nil, rule: Rule, lifetime: Int = 3_600,
        refusal: @escaping @Sendable (String) -> String?
    ) async throws {
        let issued = IssuedTokens(prefix: "sk-ant-oat01-")
        let exchange = Exchange(rule: rule, lifetime: lifetime, refusal: refusal, issued: issued)
        self.issued = issued
        server = try await LoopbackHTTPServer(tls: tls) { [scripted] request in
            scripted.next(request) ?? exchange.answer(request)
        }
    }

    public var url: String { server.url }
    public var requests: [ReceivedRequest] { server.requests }
    /// The tokens that it gave, in order.
    public var tokens: [String] { issued.all }

    /// Answers one request in another way; several calls queue up.
    public func answerNext(_ answer: @escaping @Sendable (ReceivedRequest) -> [ResponseStep]) { scripted.add(answer) }

    public func close() async { await server.close() }
}

/// How the endpoint reads a request.
private struct Exchange: Sendable {
    let rule: LoopbackAnthropicFederation.Rule
    let lifetime: Int
    let refusal: @Sendable (String) -> String?
    let issued: IssuedTokens

    func answer(_ request: ReceivedRequest) -> [ResponseStep] {
        guard request.line == "POST /v1/oauth/token" else { return error(404, "not_found", "no \(request.line) here") }
        guard request.headers["content-type"] == ["application/json"] else {
            return error(400, "invalid_request", "the content type must be application/json")
        }
        guard request.headers["anthropic-beta"] == ["oauth-2025-04-20,oidc-federation-2026-04-01"] else {
            return error(400, "invalid_request", "the beta flags are missing")
        }
        guard request.headers["authorization"].isEmpty, request.headers["x-api-key"].isEmpty else {
            return error(400, "invalid_request", "a credential beside the assertion")
        }
        guard let fields = try? JSONSerialization.jsonObject(with: Data(request.body)) as? [String: String] else {
            return error(400, "invalid_request", "the body must be an object of texts")
        }
        guard fields["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer" else {
            return error(400, "unsupported_grant_type", "only jwt-bearer")
        }
        var expected = ["federation_rule_id": rule.id, "organization_id": rule.organization]
        expected["service_account_id"] = rule.serviceAccount
        expected["workspace_id"] = rule.workspace
        let named = fields.filter { $0.key != "grant_type" && $0.key != "assertion" }
        guard named == expected else { return error(403, "access_denied", "the rule does not allow this") }
        guard let assertion = fields["assertion"], assertion.utf8.count <= 16_384 else {
            return error(400, "invalid_request", "the assertion is missing or too long")
        }
        if let reason = refusal(assertion) { return error(401, "invalid_grant", reason) }
        return .answer(
            jsonText(["access_token": issued.next(), "expires_in": lifetime, "token_type": "Bearer", "scope": "user"]))
    }

    private func error(_ status: Int, _ code: String, _ description: String) -> [ResponseStep] {
        .answer(
            jsonText(["error": code, "error_description": description]), status: HTTPResponseStatus(statusCode: status))
    }
}

/// The tokens of a service: each has a number and cannot be guessed.
final class IssuedTokens: Sendable {
    private let prefix: String
    private let tokens = Mutex<[String]>([])

    init(prefix: String) { self.prefix = prefix }

    var all: [String] { tokens.withLock { $0 } }

    func next() -> String {
        tokens.withLock { tokens in
            tokens.append("\(prefix)\(UUID().uuidString.lowercased())-\(tokens.count + 1)")
            return tokens[tokens.count - 1]
        }
    }
}
