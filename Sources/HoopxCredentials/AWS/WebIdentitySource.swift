import HoopxCore
import HoopxOutbound

/// Temporary credentials of an AWS role, for the session's ID token (STS AssumeRoleWithWebIdentity).
public struct WebIdentitySource: CredentialSource {
    public let name: String
    public let injection: CredentialInjection

    private let roleARN: String
    private let sessionName: String
    private let duration: Duration
    private let audience: String?
    private let endpoint: ControlURL
    private let identity: any IdentityTokenSource
    private let now: @Sendable () -> Timestamp
    var client: PatientClient

    /// STS takes 15 minutes to 12 hours; a role may allow less.
    public static let durations: ClosedRange<Duration> = .seconds(900) ... .seconds(43_200)
    /// How long before their end credentials are renewed.
    static let refreshAhead = Duration.seconds(300)
    /// A request must arrive before the credentials expire.
    private static let margin = Duration.seconds(30)

    /// - Parameters:
    ///   - scope: the region, which also says where STS is asked, and the service that requests are signed for.
    ///   - sessionName: what AWS's own logs call the session; see `sessionName(from:)`.
    ///   - duration: in whole seconds, one of `durations`.
    ///   - endpoint: in place of the region's; https, or http on loopback.
    ///   - caPath: a PEM file with the only authorities that may vouch for the endpoint.
    ///   - audience: whom the ID token must be meant for; nil for whom it is meant for anyway.
    ///   - now: the wall clock.
    /// - Throws: a usage error where the region cannot be one.
    public init(
        roleARN: String, scope: AWSSignatureScope, sessionName: String, duration: Duration = .seconds(3600),
        endpoint: ControlURL? = nil, caPath: String? = nil, audience: String? = nil,
        identity: any IdentityTokenSource, client: ControlClient,
        now: @escaping @Sendable () -> Timestamp = { .now() }
    ) throws(HoopxError) {
        name = "AWS STS for the role \(roleARN)"
        injection = .signature(scope)
        self.roleARN = roleARN
        self.sessionName = sessionName
        self.duration = duration
        self.audience = audience
        self.identity = identity
        self.client = PatientClient(client: client, caPath: caPath)
        self.now = now
        guard let endpoint = endpoint ?? Self.endpoint(of: scope.region) else {
            throw HoopxError(
                .usage, doing: "preparing \(name)", found: "\"\(scope.region)\" is not a region of AWS",
                hint: "write it like us-east-1")
        }
        self.endpoint = endpoint
    }

    /// A session name that STS takes: at most 64 of its characters, others become hyphens.
    public static func sessionName(from text: String) -> String {
        let name = text.utf8.prefix(64).map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: Character(UnicodeScalar(byte))
            default: "_=,.@-".utf8.contains(byte) ? Character(UnicodeScalar(byte)) : "-"
            }
        }
        // Two at least.
        return name.count >= 2 ? String(name) : "hoopx"
    }

    /// STS has no call for it.
    public func revoke(_ lease: Lease) async throws(HoopxError) -> Bool { false }

    public func lease() async throws(HoopxError) -> Lease {
        let token = try await identity.identityToken(audience: audience)
        let response: ControlResponse
        do throws(ControlFailure) {
            response = try await client.send(request(token), isPassing: isPassing)
        } catch {
            throw TokenText.error(name, error.description, hint: error.isTransient ? "see that it can be reached" : nil)
        }
        switch try STSAnswer(response, from: name) {
        case .error(let code, let message):
            let shown = ForeignMessage.shown(message, hiding: [token])
            throw TokenText.error(
                name, "it refused with \(code)" + (shown.isEmpty ? "" : ": \(shown)"), hint: Self.hint(for: code))
        case .credentials(let credentials, let expiration): return try lease(of: credentials, until: expiration)
        }
    }

    private func request(_ token: Secret) -> ControlRequest {
        .form(
            endpoint,
            [
                ("Action", Secret("AssumeRoleWithWebIdentity")), ("Version", Secret("2011-06-15")),
                ("RoleArn", Secret(roleARN)), ("RoleSessionName", Secret(sessionName)),
                ("DurationSeconds", Secret(String(duration.components.seconds))), ("WebIdentityToken", token),
            ])
    }

    /// IDPCommunicationError: AWS could not fetch the issuer's keys, and its reference says to ask again.
    private func isPassing(_ response: ControlResponse) -> Bool {
        if response.status >= 500 || response.status == 429 { return true }
        guard response.status != 200, case .error(let code, _)? = try? STSAnswer(response, from: name) else {
            return false
        }
        return code == "IDPCommunicationError" || code.hasPrefix("Throttling")
    }

    private func lease(of credentials: AWSCredentials, until expiration: Timestamp) throws(HoopxError) -> Lease {
        let left = Duration.microseconds(expiration.microseconds - now().microseconds)
        guard left > Self.margin else {
            throw TokenText.error(
                name, "its credentials have expired by this machine's clock",
                hint: "set the clock: AWS takes signatures "
                    + "within 5 minutes of the right time")
        }
        // A clock that is behind makes it look longer than was asked for.
        let lifetime = min(left, duration)
        let end = ContinuousClock.now + lifetime
        let ahead = lifetime > Self.refreshAhead * 2 ? Self.refreshAhead : lifetime / 2
        return Lease(.aws(credentials), expiresAt: end - Self.margin, refreshAt: end - ahead)
    }

    private static func endpoint(of region: String) -> ControlURL? {
        let isRegion = region.utf8.allSatisfy { byte in
            (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
        }
        guard isRegion, (3...32).contains(region.utf8.count) else { return nil }
        return ControlURL("https://sts.\(region).amazonaws.com" + (region.hasPrefix("cn-") ? ".cn" : ""))
    }

    private static func hint(for code: String) -> String? {
        switch code {
        case "AccessDenied":
            "the role's trust policy must allow sts:AssumeRoleWithWebIdentity to this identity, its audience included"
        case "InvalidIdentityToken":
            "the role's account needs an OIDC identity provider for the token's issuer and audience"
        case "ExpiredTokenException", "ExpiredToken": "see that the clock of this machine is right"
        case "IDPRejectedClaim": "the identity provider no longer vouches for the token: log in again"
        case "ValidationError": "check role_arn, session_name and duration; the role may allow a shorter duration only"
        case "RegionDisabledException": "activate STS for the region in the account, or take another region"
        default: nil
        }
    }
}
