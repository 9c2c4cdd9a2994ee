/// Who a session acts for.
public struct Principal: Hashable, Sendable {
    public enum Kind: String, Sendable {
        /// A person who logged in to an identity provider.
        case user
        /// A job or service whose platform vouches for it: a CI run, a pod.
        case workload
        /// The Unix user that started hoopx; nobody vouches for the name.
        case localUser = "local_user"
    }

    public let kind: Kind
    /// The name that people know the principal by: a user's email or preferred name, a workload's subject, a local
    /// user's login name.
    public let name: String
    /// The stable identifier: the token's `sub`, for a local user the numeric uid.
    public let subject: String
    /// The identity provider; nil for a local user.
    public let issuer: String?
    public let email: String?
    /// As the configuration maps them, in the token's order.
    public let groups: [String]
    /// Further claims by the names that the configuration gives them: `repository`, `run_id`.
    public let claims: [String: String]
    /// How it was made sure of; nil where nobody vouches for it.
    public let verification: Verification?

    /// Whether an identity provider's signature stands behind it.
    public var isVerified: Bool { verification != nil }

    /// What stands behind a verified principal.
    public struct Verification: Hashable, Sendable {
        /// How the ID token was come by.
        public enum Method: String, Sendable {
            case deviceAuthorization = "device_authorization"
            case gitHubActions = "github_actions"
            case gitLabCI = "gitlab_ci"
            case tokenFile = "token_file"
            case tokenVariable = "token_variable"
        }

        public let method: Method
        /// The signature's, as JOSE names it: `RS256`.
        public let algorithm: String
        /// The `kid` of the issuer's key, where it has one.
        public let keyID: String?
        /// When the ID token was issued.
        public let issuedAt: Timestamp
        /// When the ID token expires.
        public let expiresAt: Timestamp

        public init(
            method: Method, algorithm: String, keyID: String?, issuedAt: Timestamp, expiresAt: Timestamp
        ) {
            self.method = method
            self.algorithm = algorithm
            self.keyID = keyID
            self.issuedAt = issuedAt
            self.expiresAt = expiresAt
        }
    }

    public init(
        kind: Kind, name: String, subject: String, issuer: String? = nil, email: String? = nil, groups: [String] = [],
        claims: [String: String] = [:], verification: Verification? = nil
    ) {
        self.kind = kind
        self.name = name
        self.subject = subject
        self.issuer = issuer
        self.email = email
        self.groups = groups
        self.claims = claims
        self.verification = verification
    }

    public static func localUser(name: String, uid: UInt32) -> Principal {
        Principal(kind: .localUser, name: name, subject: String(uid))
    }
}
