import HoopxCore

/// Who vouches for whom a session acts for, and what of it counts.
public struct IdentityConfiguration: Hashable, Sendable {
    /// Where the identity comes from.
    public enum Provider: String, Hashable, Sendable, CaseIterable {
        /// The CI platform that hoopx runs on, else the issuer, else the local user.
        case auto
        /// A person's login to the issuer.
        case oidc
        /// The ID token of a GitHub Actions job.
        case github
        /// An ID token of a GitLab job (`id_tokens`).
        case gitlab
        /// An ID token in a file.
        case file
        /// An ID token in an environment variable.
        case env
        /// The Unix user, for whom nobody vouches.
        case local
    }

    /// Where a login is kept between runs.
    public enum Cache: String, Hashable, Sendable, CaseIterable {
        case sealedFile = "sealed_file"
        case secretService = "secret_service"
        case memory
    }

    /// A rewrite of groups: those that begin with `prefix` count, with `replacement` in its place.
    public struct GroupPrefix: Hashable, Sendable {
        public let prefix: String
        public let replacement: String

        public init(prefix: String, replacement: String) {
            self.prefix = prefix
            self.replacement = replacement
        }
    }

    public let provider: Provider
    /// The issuer's URL; nil for the platform's own.
    public let issuer: String?
    public let clientID: String?
    /// A file with the client's secret, for issuers that give one to devices too; absolute.
    public let clientSecretFile: String?
    public let scopes: [String]
    /// Whom a workload's token must be meant for; nil for the client id, else for `hoopx`.
    public let audience: String?
    /// The claim that holds the groups: a name, or a path of names with dots.
    public let groupsClaim: String
    /// Empty where every group counts as it is.
    public let groupPrefixes: [GroupPrefix]
    /// Further claims to record: the paths of the claims by the names that they get.
    public let claims: [String: String]
    /// Where the ID token is, for `file`; absolute.
    public let tokenFile: String?
    /// The variable that holds the ID token, for `env` and `gitlab`.
    public let tokenVariable: String?
    public let cache: Cache
    /// A PEM file: the only authorities that may vouch for the issuer; absolute. nil for those of the system.
    public let ca: String?

    public static let defaultScopes = ["openid", "profile", "email", "offline_access"]

    public init(
        provider: Provider = .auto, issuer: String? = nil, clientID: String? = nil, clientSecretFile: String? = nil,
        scopes: [String] = IdentityConfiguration.defaultScopes, audience: String? = nil, groupsClaim: String = "groups",
        groupPrefixes: [GroupPrefix] = [], claims: [String: String] = [:], tokenFile: String? = nil,
        tokenVariable: String? = nil, cache: Cache = .sealedFile, ca: String? = nil
    ) {
        self.provider = provider
        self.issuer = issuer
        self.clientID = clientID
        self.clientSecretFile = clientSecretFile
        self.scopes = scopes
        self.audience = audience
        self.groupsClaim = groupsClaim
        self.groupPrefixes = groupPrefixes
        self.claims = claims
        self.tokenFile = tokenFile
        self.tokenVariable = tokenVariable
        self.cache = cache
        self.ca = ca
    }

    /// The same, with what the command line says in place of what the file says.
    public func replacing(provider: Provider? = nil, issuer: String? = nil, clientID: String? = nil)
        -> IdentityConfiguration
    {
        // The secret is one client's at one issuer, and is told to nobody else.
        let isSameClient = (issuer ?? self.issuer) == self.issuer && (clientID ?? self.clientID) == self.clientID
        return IdentityConfiguration(
            provider: provider ?? self.provider, issuer: issuer ?? self.issuer, clientID: clientID ?? self.clientID,
            clientSecretFile: isSameClient ? clientSecretFile : nil, scopes: scopes, audience: audience,
            groupsClaim: groupsClaim,
            groupPrefixes: groupPrefixes, claims: claims, tokenFile: tokenFile, tokenVariable: tokenVariable,
            cache: cache, ca: ca)
    }
}
