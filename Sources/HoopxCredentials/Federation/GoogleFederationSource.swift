import FoundationEssentials
import HoopxCore
import HoopxOutbound

/// A short-lived token of Google Cloud in exchange for the session's ID token (RFC 8693), as itself or as a service
/// account.
public struct GoogleFederationSource: CredentialSource {
    public static let cloudPlatform = "https://www.googleapis.com/auth/cloud-platform"
    /// How long a service account's token is asked for.
    static let impersonationLifetime = Duration.seconds(3_600)

    public let name: String
    public let injection = CredentialInjection.header(.bearer)
    private let audience: String
    private let scopes: [String]
    private let identityAudience: String?
    private let tokenURL: ControlURL
    /// Where a service account's token is got; nil for none.
    private let impersonationURL: ControlURL?
    private let identity: any IdentityTokenSource
    var service: TokenService

    /// - Parameters:
    ///   - audience: the provider's full name: `//iam.googleapis.com/projects/NUMBER/locations/global/...`.
    ///   - serviceAccount: the email of the service account to act as; nil for the federated identity itself.
    ///   - scopes: of the token; at least one.
    ///   - tokenURL: of the Security Token Service.
    ///   - impersonationURL: the base URL of the IAM Credentials API.
    ///   - identityAudience: whom the ID token must be meant for; nil for the one that the identity has anyway.
    ///   - caPath: a PEM file with the only authorities that may vouch for both; nil for those of the system.
    /// - Throws: a usage error for URLs that are none, an audience that is no provider, an email that is none.
    public init(
        audience: String, serviceAccount: String? = nil, scopes: [String] = [cloudPlatform],
        tokenURL: String = "https://sts.googleapis.com/v1/token",
        impersonationURL: String = "https://iamcredentials.googleapis.com", identityAudience: String? = nil,
        caPath: String? = nil, identity: any IdentityTokenSource, client: ControlClient
    ) throws(HoopxError) {
        guard audience.hasPrefix("//iam.googleapis.com/") else {
            throw HoopxError(
                .usage, doing: "setting up the credential",
                found: "the audience of google_federation does not begin with //iam.googleapis.com/",
                hint: "the provider's name: //iam.googleapis.com/projects/NUMBER/locations/global/"
                    + "workloadIdentityPools/POOL/providers/PROVIDER")
        }
        self.audience = audience
        self.scopes = scopes
        self.identityAudience = identityAudience
        self.identity = identity
        self.tokenURL = try TokenService.url(tokenURL, key: "token_url")
        self.impersonationURL = try serviceAccount.map { email throws(HoopxError) in
            let path = "/v1/projects/-/serviceAccounts/\(PercentEncoding.encode(email.utf8)):generateAccessToken"
            return try TokenService.url(impersonationURL, path: path, key: "impersonation_url")
        }
        name = "the token exchange with \(self.tokenURL)"
        service = TokenService(
            client: client, caPath: caPath, source: name,
            hint: "compare the provider's audience and attribute conditions with hoopx whoami")
    }

    public func lease() async throws(HoopxError) -> Lease {
        let subject = try await identity.identityToken(audience: identityAudience)
        let start = ContinuousClock.now
        let federated = try await federatedToken(for: subject, from: start)
        guard let impersonationURL, case .token(let token) = federated.material else { return federated }
        return try await accountLease(token, at: impersonationURL, hiding: [subject, token])
    }

    public func revoke(_ lease: Lease) async throws(HoopxError) -> Bool { false }

    private func federatedToken(
        for subject: Secret, from start: ContinuousClock.Instant
    ) async throws(HoopxError) -> Lease {
        // A service account's scopes are asked for with its own token.
        let scope = impersonationURL == nil ? scopes.joined(separator: " ") : Self.cloudPlatform
        let request = ControlRequest.form(
            tokenURL,
            [
                ("grant_type", Secret("urn:ietf:params:oauth:grant-type:token-exchange")),
                ("audience", Secret(audience)), ("scope", Secret(scope)),
                ("requested_token_type", Secret("urn:ietf:params:oauth:token-type:access_token")),
                ("subject_token", subject),
                ("subject_token_type", Secret("urn:ietf:params:oauth:token-type:id_token")),
            ])
        let answer = try await service.answer(Answer.self, to: request, hiding: [subject])
        return try service.lease(
            answer.access_token, seconds: answer.expires_in, type: answer.token_type, from: start)
    }

    private func accountLease(
        _ token: Secret, at url: ControlURL, hiding secrets: [Secret]
    ) async throws(HoopxError) -> Lease {
        let seconds = Self.impersonationLifetime.components.seconds
        let question = AccountQuestion(scope: scopes, lifetime: "\(seconds)s")
        guard let body = try? JSONEncoder().encode(question) else {
            throw TokenText.error(name, "the scopes cannot be sent as JSON")
        }
        let request = ControlRequest(
            .post, url,
            fields: [
                ("Content-Type", Secret("application/json")), ("Accept", Secret("application/json")),
                ("Authorization", token.withValue { Secret(CredentialHeader.bearer.value(for: $0)) }),
            ],
            body: Secret(String(decoding: body, as: UTF8.self)))
        let start = ContinuousClock.now
        let answer = try await service.answer(AccountAnswer.self, to: request, refusals: .google, hiding: secrets)
        guard let token = answer.accessToken else { throw TokenText.error(name, "the answer holds no accessToken") }
        guard let end = answer.expireTime.flatMap({ Timestamp(rfc3339: $0) }) else {
            throw TokenText.error(name, "the answer does not say when the token ends (expireTime)")
        }
        let lifetime = Duration.microseconds(end.microseconds - Timestamp.now().microseconds)
        guard lifetime > .zero else {
            throw TokenText.error(
                name, "what it gave expired at \(end)", hint: "compare this machine's clock with Google's")
        }
        return TokenService.term(lifetime, from: start).lease(try TokenText.secret(from: token.utf8, of: name))
    }

    private struct Answer: Decodable {
        let access_token: String?
        let expires_in: Double?
        let token_type: String?
    }

    private struct AccountQuestion: Encodable {
        let scope: [String]
        let lifetime: String
    }

    private struct AccountAnswer: Decodable {
        let accessToken: String?
        let expireTime: String?
    }
}
