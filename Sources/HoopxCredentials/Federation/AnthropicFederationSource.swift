import FoundationEssentials
import HoopxCore
import HoopxOutbound

/// A short-lived token of the Claude API, in exchange for the session's ID token (workload identity federation).
///
/// It is refreshed 120 s before its end, and 30 s before it at the latest, as Anthropic's SDKs do.
public struct AnthropicFederationSource: CredentialSource {
    /// The longest assertion that the service takes, in bytes.
    static let assertionLimit = 16_384

    public let name: String
    /// The API takes such a token only beside this beta flag.
    public let injection = CredentialInjection.header(
        .bearer, listed: [.init(name: "anthropic-beta", value: "oauth-2025-04-20")])
    private let federationRuleID: String
    private let organizationID: String
    private let settings: AnthropicFederationSettings
    private let audience: String?
    private let url: ControlURL
    private let identity: any IdentityTokenSource
    var service: TokenService

    /// - Parameters:
    ///   - baseURL: of the API; https, or http on loopback.
    ///   - audience: whom the ID token must be meant for; nil for the one that the identity has anyway.
    ///   - caPath: a PEM file with the only authorities that may vouch for the service; nil for those of the system.
    /// - Throws: a usage error for a base URL that is none, and where the rule or the organization is not named.
    public init(
        _ settings: AnthropicFederationSettings, baseURL: String = "https://api.anthropic.com", audience: String? = nil,
        caPath: String? = nil, identity: any IdentityTokenSource, client: ControlClient
    ) throws(HoopxError) {
        url = try TokenService.url(baseURL, path: "/v1/oauth/token", key: "token_url")
        federationRuleID = try Self.required(
            settings.federationRuleID, "federation_rule_id", "ANTHROPIC_FEDERATION_RULE_ID")
        organizationID = try Self.required(settings.organizationID, "organization_id", "ANTHROPIC_ORGANIZATION_ID")
        self.settings = settings
        self.audience = audience
        self.identity = identity
        name = "the token exchange with \(url)"
        service = TokenService(
            client: client, caPath: caPath, source: name,
            hint: "compare federation_rule_id, organization_id and the rule's conditions with hoopx whoami")
    }

    public func lease() async throws(HoopxError) -> Lease {
        let assertion = try await identity.identityToken(audience: audience)
        let start = ContinuousClock.now
        let answer = try await service.answer(Answer.self, to: try request(assertion), hiding: [assertion])
        return try service.lease(
            answer.access_token, seconds: answer.expires_in, type: answer.token_type, from: start)
    }

    public func revoke(_ lease: Lease) async throws(HoopxError) -> Bool { false }

    private func request(_ assertion: Secret) throws(HoopxError) -> ControlRequest {
        let body = assertion.withValue { value in
            value.utf8.count > Self.assertionLimit
                ? nil
                : try? Self.encoder.encode(
                    Body(
                        grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: value,
                        federation_rule_id: federationRuleID, organization_id: organizationID,
                        service_account_id: settings.serviceAccountID, workspace_id: settings.workspaceID))
        }
        guard let body else {
            throw TokenText.error(name, "the ID token is longer than the \(Self.assertionLimit) bytes that it takes")
        }
        return ControlRequest(
            .post, url,
            fields: [
                ("Content-Type", Secret("application/json")), ("Accept", Secret("application/json")),
                ("anthropic-beta", Secret("oauth-2025-04-20,oidc-federation-2026-04-01")),
            ],
            body: Secret(String(decoding: body, as: UTF8.self)))
    }

    private static func required(_ value: String?, _ key: String, _ variable: String) throws(HoopxError) -> String {
        guard let value, !value.isEmpty else {
            throw HoopxError(
                .usage, doing: "setting up the credential", found: "the source anthropic_federation has no \(key)",
                hint: "configure it, or set \(variable)")
        }
        return value
    }

    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()

    private struct Body: Encodable {
        let grant_type: String
        let assertion: String
        let federation_rule_id: String
        let organization_id: String
        let service_account_id: String?
        let workspace_id: String?
    }

    private struct Answer: Decodable {
        let access_token: String?
        let expires_in: Double?
        let token_type: String?
    }
}
