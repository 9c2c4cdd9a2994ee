import HoopxCore
import HoopxOutbound
import Synchronization

/// A person's login that is kept between runs: used while its ID token lasts, refreshed when it does not.
///
/// Several processes may share one. Refresh tokens can be good for a single use, so that two that refresh at once would
/// log the person out: reading, refreshing and storing happen under the cache's lock, and whoever gets it second finds
/// what the first has stored.
public final class CachedLogin: Sendable {
    /// What is there without a person's help.
    public enum State: Sendable {
        case valid(VerifiedIDToken)
        /// Why, for a message: "nobody is logged in".
        case loginNeeded(reason: String)
    }

    let oauth: OAuthClient
    let cache: any TokenCache
    let key: CacheKey
    private let verifier: IDTokenVerifier
    private let clock: IdentityClock
    /// What a refresh gave and the cache would not take (a full disk). It counts instead of what is older there.
    private let unstored = Mutex<CachedIdentity?>(nil)

    public init(
        _ oauth: OAuthClient, cache: any TokenCache, key: CacheKey, verifier: IDTokenVerifier,
        clock: IdentityClock = .system
    ) {
        self.oauth = oauth
        self.cache = cache
        self.key = key
        self.verifier = verifier
        self.clock = clock
    }

    /// An ID token with less than this left is refreshed before a run begins.
    static let shortestRemainder = Duration.seconds(30)

    /// Finds out what the login is good for. Uses the network only where its ID token has expired, or cannot be verified
    /// with the keys that were kept.
    ///
    /// - Parameter lookup: what the cache has.
    /// - Throws: where nothing can be said, because the provider is not to be had.
    public func state(_ lookup: CacheLookup) async throws(HoopxError) -> State {
        let identity: CachedIdentity
        switch lookup {
        case .nothing: return .loginNeeded(reason: "nobody is logged in")
        case .lost(let loss): return .loginNeeded(reason: loss.description)
        case .found(let found): identity = found
        }
        let reason: String
        do throws(VerificationFailure) {
            let token = try await verify(identity)
            if isLastingEnough(token) {
                await keepKeys(beside: identity)
                return .valid(token)
            }
            reason = "the login has expired"
        } catch {
            if error.reason == .issuerUnavailable { throw error.error }
            reason = error.reason == .expired ? "the login has expired" : error.error.found
        }
        guard identity.refreshToken != nil else { return .loginNeeded(reason: reason) }
        do throws(RenewalFailure) {
            return .valid(try await refresh(subject: KeptClaims(identity.idToken)?.subject))
        } catch {
            switch error {
            case .refused(let reason), .nothingNew(let reason): return .loginNeeded(reason: reason)
            case .transient(let found):
                throw HoopxError(
                    .startup, doing: "refreshing the login to \(oauth.issuer.url)", found: found,
                    hint: "try again when the provider is there")
            }
        }
    }

    /// Keeps what a login gave, in the place of an older one.
    public func keep(_ grant: DeviceLogin.Grant) async throws(HoopxError) {
        let identity = identity(grant.idToken.token, grant.refreshToken)
        try await cache.withLock(key) { () async throws(HoopxError) in
            try await self.cache.store(identity, for: self.key)
        }
    }

    /// `IdentityKeeper.Renewal`: the successor of a token, from the provider or from another process that was quicker.
    public func renew(_ current: VerifiedIDToken) async throws(RenewalFailure) -> VerifiedIDToken {
        try await refresh(subject: current.subject, after: current)
    }

    // MARK: the refresh

    /// - Parameters:
    ///   - subject: whose token it must be.
    ///   - current: what is there already, so that the successor expires later.
    private func refresh(
        subject: String?, after current: VerifiedIDToken? = nil
    ) async throws(RenewalFailure) -> VerifiedIDToken {
        let outcome: Result<VerifiedIDToken, RenewalFailure>
        do throws(HoopxError) {
            outcome = try await cache.withLock(key) { () async throws(HoopxError) in
                do throws(RenewalFailure) {
                    return .success(try await self.refreshLocked(subject: subject, after: current))
                } catch {
                    return .failure(error)
                }
            }
        } catch {
            throw .transient(error.description)
        }
        return try outcome.get()
    }

    private func refreshLocked(
        subject: String?, after current: VerifiedIDToken?
    ) async throws(RenewalFailure) -> VerifiedIDToken {
        let identity = try await latest()
        if let token = try? await verify(identity), isLastingEnough(token),
            current.map({ $0.expiresAt < token.expiresAt }) ?? true
        {
            return try checked(token, subject: subject)
        }
        guard let refreshToken = identity.refreshToken else {
            throw .nothingNew("the provider gave no refresh token: add offline_access to identity.scopes")
        }
        let tokens = try await exchange(refreshToken)
        // First of all: the old refresh token may be worth nothing by now.
        let next = self.identity(
            tokens.idToken?.compact ?? identity.idToken, tokens.refreshToken ?? refreshToken,
            obtainedAt: tokens.idToken == nil ? identity.obtainedAt : clock.now())
        await store(next)
        guard let unverified = tokens.idToken else {
            // OpenID Connect Core 1.0, 12.2 allows it. Who the person is now, nobody says any more.
            throw .nothingNew("the provider gives no new ID token with a refresh")
        }
        do throws(RenewalFailure) {
            return try checked(try await successor(unverified), subject: subject)
        } catch {
            if case .refused = error { await forget() }
            throw error
        }
    }

    private func successor(_ unverified: UnverifiedIDToken) async throws(RenewalFailure) -> VerifiedIDToken {
        do throws(VerificationFailure) {
            return try await verifier.check(unverified)
        } catch {
            let found = "the refreshed ID token is not to be trusted: \(error.error.found)"
            throw error.reason == .issuerUnavailable ? .transient(found) : .refused(found)
        }
    }

    private func exchange(_ refreshToken: Secret) async throws(RenewalFailure) -> TokenSet {
        let metadata: IssuerMetadata
        do throws(HoopxError) {
            metadata = try await oauth.issuer.metadata()
        } catch {
            throw .transient(error.description)
        }
        guard let url = metadata.tokenEndpoint else { throw .nothingNew("the provider has no token_endpoint") }
        do throws(OAuthFailure) {
            return try await TokenEndpoint(oauth, url: url).refresh(refreshToken)
        } catch {
            switch error {
            case .refused(let refusal):
                if refusal.code == "invalid_grant" { await forget() }
                throw .refused("the provider refused to refresh the login: \(refusal)")
            // A network that answers in the provider's place (a captive portal) goes away too.
            case .transient(let found), .unusable(let found): throw .transient(found)
            }
        }
    }

    /// What counts now: a login that was taken back or given to somebody else in the meantime is none any more.
    private func latest() async throws(RenewalFailure) -> CachedIdentity {
        if let unstored = unstored.withLock({ $0 }) { return unstored }
        let lookup: CacheLookup
        do throws(HoopxError) {
            lookup = try await cache.load(key)
        } catch {
            throw .transient(error.description)
        }
        switch lookup {
        case .found(let identity): return identity
        case .nothing: throw .refused("the person has logged out")
        case .lost(let loss): throw .refused(loss.description)
        }
    }

    private func checked(_ token: VerifiedIDToken, subject: String?) throws(RenewalFailure) -> VerifiedIDToken {
        // OpenID Connect Core 1.0, 12.2. That the issuer is the same, the verifier sees to.
        guard subject == nil || token.subject == subject else {
            throw .refused("another person has logged in: the ID token's subject is no longer the same")
        }
        return token
    }

    // MARK: the cache

    private func verify(_ identity: CachedIdentity) async throws(VerificationFailure) -> VerifiedIDToken {
        guard let unverified = identity.idToken.withValue({ UnverifiedIDToken($0) }) else {
            throw VerificationFailure(
                .malformed,
                HoopxError(.startup, doing: "reading the login that was kept", found: "what was kept is no ID token"))
        }
        return try await verifier.check(unverified)
    }

    private func isLastingEnough(_ token: VerifiedIDToken) -> Bool {
        token.expiresAt.duration(since: clock.now()) >= Self.shortestRemainder
    }

    private func identity(_ idToken: Secret, _ refreshToken: Secret?, obtainedAt: Timestamp? = nil) -> CachedIdentity {
        CachedIdentity(
            idToken: idToken, refreshToken: refreshToken, issuerSnapshot: oauth.issuer.snapshot() ?? [],
            obtainedAt: obtainedAt ?? clock.now())
    }

    private func store(_ identity: CachedIdentity) async {
        do throws(HoopxError) {
            try await cache.store(identity, for: key)
            unstored.withLock { $0 = nil }
        } catch {
            unstored.withLock { $0 = identity }
        }
    }

    /// Keys that had to be fetched anew are kept too, so that the next start needs no network.
    private func keepKeys(beside identity: CachedIdentity) async {
        guard let snapshot = oauth.issuer.snapshot(), snapshot != identity.issuerSnapshot else { return }
        // Where that fails, the next start fetches them as this one did.
        try? await cache.withLock(key) { () async throws(HoopxError) in
            // Another process may have refreshed.
            guard case .found(let kept) = try await self.cache.load(self.key),
                identity.idToken.withValue({ kept.idToken.isEqual(to: Array($0.utf8)) })
            else { return }
            let renewed = CachedIdentity(
                idToken: kept.idToken, refreshToken: kept.refreshToken, issuerSnapshot: snapshot,
                obtainedAt: kept.obtainedAt)
            try await self.cache.store(renewed, for: self.key)
        }
    }

    private func forget() async {
        unstored.withLock { $0 = nil }
        // Where that fails, the next run is refused as this one was.
        try? await cache.remove(key)
    }
}
