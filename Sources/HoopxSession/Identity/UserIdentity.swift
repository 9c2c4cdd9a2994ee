import HoopxConfiguration
import HoopxCore
import HoopxIdentity
import HoopxLinux
import HoopxOutbound

/// A person's identity at the issuer of the configuration: what is kept of it, the login that makes it, and its end.
public struct UserIdentity: Sendable {
    /// An identity that is verified and valid.
    public struct Established: Sendable {
        public let principal: Principal
        public let token: VerifiedIDToken
        /// Keeps it so, once it is started.
        public let keeper: IdentityKeeper
    }

    /// What there is without a person's help.
    public enum Loaded: Sendable {
        case established(Established)
        /// Why, for a message: "nobody is logged in".
        case loginNeeded(reason: String)
    }

    public let issuer: String
    public let clientID: String
    private let configuration: IdentityConfiguration
    private let control: ControlClient
    private let cache: any TokenCache
    private let clientSecret: Secret?
    private let clock: IdentityClock

    /// Reads no more than the client's secret, where there is one. Nothing is asked of the network.
    ///
    /// - Throws: a usage error where the configuration names no issuer or no client.
    public init(
        _ configuration: IdentityConfiguration, control: ControlClient, cache: any TokenCache,
        clock: IdentityClock = .system
    ) throws(HoopxError) {
        guard let issuer = configuration.issuer, let clientID = configuration.clientID else {
            throw HoopxError(
                .usage, doing: "looking for the identity provider",
                found: "the configuration has no identity.\(configuration.issuer == nil ? "issuer" : "client_id")",
                hint: "set identity.issuer and identity.client_id, or give --issuer and --client-id")
        }
        self.issuer = issuer
        self.clientID = clientID
        self.configuration = configuration
        self.control = control
        self.cache = cache
        self.clock = clock
        clientSecret = try configuration.clientSecretFile.map { path throws(HoopxError) in
            try ClientSecretFile.read(path)
        }
    }

    /// Finds out what is there. Where a login is kept and its ID token has not expired, nothing leaves the machine.
    ///
    /// - Throws: where the provider would have to be asked, and is not to be had.
    public func load() async throws(HoopxError) -> Loaded {
        let lookup = try await cache.load(key)
        let login = try cachedLogin(lookup).login
        switch try await login.state(lookup) {
        case .valid(let token): return .established(try established(token, login))
        case .loginNeeded(let reason): return .loginNeeded(reason: reason)
        }
    }

    /// Logs a person in, and keeps the login in the place of an older one.
    public func login(_ presenter: any LoginPresenter) async throws(HoopxError) -> Established {
        let (login, oauth, verifier) = try cachedLogin(.nothing)
        let issuer = issuer
        let grant = try await DeviceLogin(oauth, verifier: verifier, clock: clock).run { authorization in
            presenter.present(authorization, issuer: issuer)
        }
        // A principal that cannot be made of the token's claims is none, and is not kept.
        let established = try established(grant.idToken, login)
        try await login.keep(grant)
        return established
    }

    /// Revokes the login at the provider and forgets it here.
    public func logout() async throws(HoopxError) -> LogoutOutcome {
        try await cachedLogin(try await cache.load(key)).login.logout()
    }

    private var key: CacheKey { CacheKey(issuer: issuer, clientID: clientID) }

    private func cachedLogin(
        _ lookup: CacheLookup
    ) throws(HoopxError) -> (login: CachedLogin, oauth: OAuthClient, verifier: IDTokenVerifier) {
        var snapshot: [UInt8]?
        if case .found(let identity) = lookup { snapshot = identity.issuerSnapshot }
        let issuer = try Issuer(
            issuer, caPath: configuration.ca, client: control, snapshot: snapshot, now: clock.now)
        let oauth = OAuthClient(
            issuer: issuer, clientID: clientID, clientSecret: clientSecret, scopes: configuration.scopes,
            client: control, caPath: configuration.ca)
        let verifier = IDTokenVerifier(issuer: issuer, audience: clientID, now: clock.now)
        let login = CachedLogin(oauth, cache: cache, key: key, verifier: verifier, clock: clock)
        return (login, oauth, verifier)
    }

    private func established(_ token: VerifiedIDToken, _ login: CachedLogin) throws(HoopxError) -> Established {
        let mapping = try PrincipalMapping(configuration)
        return Established(
            principal: try mapping.principal(of: token, kind: .user, method: .deviceAuthorization), token: token,
            keeper: IdentityKeeper(
                token, clock: clock,
                renew: { current throws(RenewalFailure) in try await login.renew(current) }))
    }
}
