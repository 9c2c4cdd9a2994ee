/// A user of the loopback identity provider.
public struct ProviderUser: Sendable {
    /// `sub` of the user's tokens.
    public let subject: String
    /// Further claims of the user's ID tokens, such as `email`, `groups` or nested roles.
    public var claims: [String: JSONDocument]
    /// A user who is not active gets no token, neither by a login nor by a refresh.
    public var isActive = true

    public init(_ subject: String, claims: [String: JSONDocument] = [:]) {
        self.subject = subject
        self.claims = claims
    }

    public static let alice = ProviderUser(
        "alice",
        claims: [
            "email": "alice@example.com", "email_verified": true, "name": "Alice Example",
            "groups": ["engineering", "on-call"], "realm_access": ["roles": ["developer", "reviewer"]],
        ])
}

/// A client that is registered with the loopback identity provider.
public struct ProviderClient: Sendable {
    public let id: String
    /// Nil for a public client. With a secret, the client must send it (client_secret_post, RFC 6749, 2.3.1).
    public let secret: String?

    public init(_ id: String, secret: String? = nil) {
        self.id = id
        self.secret = secret
    }
}

/// What the person at the other end does with a login that nobody has decided yet.
public enum LoginScript: Sendable {
    /// Nothing: the test calls `approve` or `deny`, or uses the page.
    case wait
    /// Approves for the user with this subject, after so many polls have been answered with authorization_pending.
    case approve(subject: String, afterPolls: Int = 0)
    case deny(afterPolls: Int = 0)
}

/// How the loopback identity provider behaves. What a test does not change is what a careful provider does.
public struct ProviderSettings: Sendable {
    public enum RefreshTokens: Sendable {
        /// OpenID Connect Core 1.0, 11.
        case withOfflineAccess
        case always
        case never
    }

    public var script = LoginScript.wait
    /// In seconds, as everything that follows is.
    public var deviceCodeLifetime = 600
    public var pollInterval = 5
    /// Whether `interval` is in the answer; a client then has to assume 5 (RFC 8628, 3.2).
    public var announcesInterval = true
    /// Whether a poll that comes too early gets slow_down, which adds 5 to the interval (RFC 8628, 3.5).
    public var enforcesInterval = true
    /// So many of the next polls get slow_down in any case.
    public var slowDowns = 0
    public var sendsCompleteURI = true

    public var idTokenLifetime = 300
    public var accessTokenLifetime = 300
    public var refreshTokenLifetime = 86_400
    public var refreshTokens = RefreshTokens.withOfflineAccess
    /// Whether each refresh gives a new refresh token and the old one ends; the use of an old one ends all of its family.
    public var rotatesRefreshTokens = true
    /// Nobody says that it must: django-oauth-toolkit's does not.
    public var deviceGrantReturnsIDToken = true
    /// OpenID Connect Core 1.0, 12.2, leaves it open.
    public var refreshReturnsIDToken = true
    public var scopes: Set<String> = ["openid", "profile", "email", "groups", "offline_access"]
    /// A device login without a code challenge is refused.
    public var requiresPKCE = false
    /// Whether the discovery document names S256; a provider that does not ignores the challenge.
    public var supportsPKCE = true

    public var jwksCacheControl: String? = "public, max-age=300"
    /// The last hand on what is published and signed, for documents and tokens that a client must refuse.
    public var changeDiscovery: @Sendable (inout [String: JSONDocument]) -> Void = { _ in }
    public var changeKeys: @Sendable (inout [JSONDocument]) -> Void = { _ in }
    public var changeIDToken: @Sendable (inout [String: JSONDocument]) -> Void = { _ in }
    public var changeTokenResponse: @Sendable (inout [String: JSONDocument]) -> Void = { _ in }

    public init() {}
}
