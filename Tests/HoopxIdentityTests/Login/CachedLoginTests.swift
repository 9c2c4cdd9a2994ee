import HoopxCore
import HoopxTestSupport
import Testing

@testable import HoopxIdentity

struct CachedLoginTests {
    @Test func aKeptLoginServesWithoutTheNetwork() async throws {
        try await LoginFixture.run { fixture in
            _ = try await fixture.loggedIn()
            let before = fixture.requestCount
            let login = try await fixture.cachedLogin()
            let state = try await login.state(fixture.cache.load(fixture.key))
            #expect(state.token?.subject == "alice")
            #expect(fixture.requestCount == before)
        }
    }

    @Test func keysThatHadToBeFetchedAnewAreKeptForTheNextStart() async throws {
        try await LoginFixture.run {
            $0.idTokenLifetime = 36_000
        } _: { fixture in
            _ = try await fixture.loggedIn()
            // Past the lifetime of the keys, not of the token.
            fixture.clock.advance(by: .seconds(7_200))
            let before = fixture.requestCount
            let first = try await fixture.cachedLogin()
            #expect(try await first.state(fixture.cache.load(fixture.key)).token != nil)
            let fetched = fixture.requestCount
            #expect(fetched > before)
            let second = try await fixture.cachedLogin()
            #expect(try await second.state(fixture.cache.load(fixture.key)).token != nil)
            #expect(fixture.requestCount == fetched)
        }
    }

    @Test func nobodyIsLoggedInWhereNothingIsKept() async throws {
        try await LoginFixture.run { fixture in
            let login = try await fixture.cachedLogin()
            #expect(try await login.state(.nothing).reason == "nobody is logged in")
            let loss = CacheLoss(.damaged("it ends too early"), place: "/x")
            #expect(try await login.state(.lost(loss)).reason == loss.description)
            #expect(fixture.requestCount == 0)
        }
    }

    @Test(arguments: [271, 400, 80_000])
    func anExpiredTokenIsRefreshedAndTheNewRefreshTokenKept(after seconds: Int) async throws {
        try await LoginFixture.run { fixture in
            _ = try await fixture.loggedIn()
            for _ in 0..<3 {
                fixture.clock.advance(by: .seconds(seconds))
                let login = try await fixture.cachedLogin()
                let state = try await login.state(fixture.cache.load(fixture.key))
                #expect(state.token.map { $0.expiresAt > fixture.clock.now } == true, "\(state)")
            }
            #expect(fixture.refreshes == 3)
            #expect(fixture.provider.liveLoginCount == 1)
        }
    }

    @Test func aProviderThatDoesNotRotateKeepsTheRefreshTokenGood() async throws {
        try await LoginFixture.run {
            $0.rotatesRefreshTokens = false
        } _: { fixture in
            _ = try await fixture.loggedIn()
            for _ in 0..<2 {
                fixture.clock.advance(by: .seconds(400))
                let login = try await fixture.cachedLogin()
                #expect(try await login.state(fixture.cache.load(fixture.key)).token != nil)
            }
        }
    }

    @Test func twoThatRefreshAtOnceDoNotLogThePersonOut() async throws {
        try await LoginFixture.run { fixture in
            _ = try await fixture.loggedIn()
            fixture.clock.advance(by: .seconds(400))
            let (one, other) = (try await fixture.cachedLogin(), try await fixture.cachedLogin())
            let lookup = fixture.cache.load(fixture.key)
            async let first = one.state(lookup)
            async let second = other.state(lookup)
            let tokens = try await [first.token, second.token]
            #expect(tokens.allSatisfy { $0?.subject == "alice" })
            #expect(fixture.refreshes == 1)
            #expect(fixture.provider.liveLoginCount == 1)
        }
    }

    @Test func aRunTakesWhatAnotherRunRefreshed() async throws {
        try await LoginFixture.run { fixture in
            let (login, token) = try await fixture.loggedIn()
            fixture.clock.advance(by: .seconds(250))
            let other = try await fixture.cachedLogin()
            let refreshed = try await other.renew(token)
            let taken = try await login.renew(token)
            #expect(taken.expiresAt == refreshed.expiresAt)
            #expect(fixture.refreshes == 1)
        }
    }

    @Test func aDeprovisionedPersonIsRefusedAndForgotten() async throws {
        try await LoginFixture.run { fixture in
            let (login, token) = try await fixture.loggedIn()
            fixture.provider.deprovision("alice")
            fixture.clock.advance(by: .seconds(250))
            await #expect(
                throws: RenewalFailure.refused(
                    "the provider refused to refresh the login: invalid_grant (the user is not active)")
            ) { try await login.renew(token) }
            guard case .nothing = fixture.cache.load(fixture.key) else {
                Issue.record("the login is still kept")
                return
            }
        }
    }

    /// That hoopx is no client of the provider any more says nothing of the person.
    @Test func aRefusalOfTheClientForgetsNobody() async throws {
        try await LoginFixture.run(clientSecret: "right") { _ in
        } _: { fixture in
            let (_, token) = try await fixture.loggedIn()
            let stranger = LoginFixture(
                provider: fixture.provider, clock: fixture.clock, cache: fixture.cache, control: fixture.control,
                secret: Secret("wrong-one"))
            fixture.clock.advance(by: .seconds(250))
            let refused = try await stranger.cachedLogin()
            do throws(RenewalFailure) {
                _ = try await refused.renew(token)
                Issue.record("it was refreshed")
            } catch {
                guard case .refused(let reason) = error else {
                    Issue.record("\(error)")
                    return
                }
                #expect(reason.contains("invalid_client"))
            }
            #expect(try await fixture.cachedLogin().renew(token).subject == "alice")
        }
    }

    @Test(arguments: [ProviderFault.drop, .status(.serviceUnavailable), .status(.tooManyRequests), .html()])
    func troubleWithTheProviderIsNoRefusal(_ fault: ProviderFault) async throws {
        try await LoginFixture.run { fixture in
            let (login, token) = try await fixture.loggedIn()
            fixture.clock.advance(by: .seconds(250))
            fixture.provider.setFault(fault, at: .token, times: 1)
            do throws(RenewalFailure) {
                _ = try await login.renew(token)
                Issue.record("it was refreshed")
            } catch {
                guard case .transient = error else {
                    Issue.record("\(error)")
                    return
                }
            }
            #expect(try await login.renew(token).subject == "alice")
        }
    }

    @Test func anExpiredLoginAndNoProviderIsAnErrorAndNoCallForALogin() async throws {
        try await LoginFixture.run { fixture in
            _ = try await fixture.loggedIn()
            fixture.clock.advance(by: .seconds(400))
            fixture.provider.setFault(.drop, at: .token)
            let login = try await fixture.cachedLogin()
            await #expect(throws: HoopxError.self) { try await login.state(fixture.cache.load(fixture.key)) }
        }
    }

    @Test func keysThatCannotBeHadAreAnErrorAndNoCallForALogin() async throws {
        try await LoginFixture.run {
            $0.refreshTokens = .never
            $0.idTokenLifetime = 200_000
        } _: { fixture in
            _ = try await fixture.loggedIn()
            // Longer than the keys that were kept serve without their issuer.
            fixture.clock.advance(by: .seconds(180_000))
            fixture.provider.setFault(.drop, at: .discovery)
            fixture.provider.setFault(.drop, at: .keys)
            let login = try await fixture.cachedLogin()
            await #expect(throws: HoopxError.self) { try await login.state(fixture.cache.load(fixture.key)) }
        }
    }

    @Test func withoutARefreshTokenTheLoginEndsWithItsIDToken() async throws {
        try await LoginFixture.run {
            $0.refreshTokens = .never
        } _: { fixture in
            let (login, token) = try await fixture.loggedIn()
            await #expect(throws: RenewalFailure.self) { try await login.renew(token) }
            fixture.clock.advance(by: .seconds(400))
            #expect(try await login.state(fixture.cache.load(fixture.key)).reason == "the login has expired")
        }
    }

    @Test func aRefreshWithoutAnIDTokenKeepsTheOldOneAndTheNewRefreshToken() async throws {
        try await LoginFixture.run {
            $0.refreshReturnsIDToken = false
        } _: { fixture in
            let (login, token) = try await fixture.loggedIn()
            await #expect(throws: RenewalFailure.nothingNew("the provider gives no new ID token with a refresh")) {
                try await login.renew(token)
            }
            guard case .found(let identity) = fixture.cache.load(fixture.key) else {
                Issue.record("the login is gone")
                return
            }
            let kept = identity.idToken.withValue { $0 }
            token.token.withValue { #expect($0 == kept) }
            identity.refreshToken?.withValue { #expect(fixture.provider.isLive(refreshToken: $0)) }
        }
    }

    @Test func theTokenOfAnotherPersonIsNoSuccessor() async throws {
        try await LoginFixture.run { fixture in
            let (login, token) = try await fixture.loggedIn()
            fixture.provider.configure { $0.changeIDToken = { $0["sub"] = "mallory" } }
            fixture.clock.advance(by: .seconds(250))
            await #expect(throws: RenewalFailure.self) { try await login.renew(token) }
            fixture.clock.advance(by: .seconds(250))
            #expect(try await login.state(fixture.cache.load(fixture.key)).reason == "nobody is logged in")
        }
    }

    @Test func anExpiredLoginIsNotRefreshedIntoAnotherPerson() async throws {
        try await LoginFixture.run { fixture in
            _ = try await fixture.loggedIn()
            fixture.provider.configure { $0.changeIDToken = { $0["sub"] = "mallory" } }
            fixture.clock.advance(by: .seconds(400))
            let login = try await fixture.cachedLogin()
            let state = try await login.state(fixture.cache.load(fixture.key))
            #expect(state.token == nil && state.reason?.contains("subject") == true, "\(state)")
        }
    }

    @Test func aLogoutInAnotherProcessEndsTheRefresh() async throws {
        try await LoginFixture.run { fixture in
            let (login, token) = try await fixture.loggedIn()
            #expect(try await fixture.cachedLogin().logout() == .revoked)
            await #expect(throws: RenewalFailure.refused("the person has logged out")) {
                try await login.renew(token)
            }
        }
    }

    @Test func aRefreshThatCannotBeStoredIsNotLost() async throws {
        try await LoginFixture.run { fixture in
            let (_, token) = try await fixture.loggedIn()
            let full = FullCache(fixture.cache)
            let oauth = try fixture.oauth()
            let login = CachedLogin(
                oauth, cache: full, key: fixture.key, verifier: fixture.verifier(oauth), clock: fixture.clock.clock)
            fixture.clock.advance(by: .seconds(250))
            let second = try await login.renew(token)
            fixture.clock.advance(by: .seconds(250))
            #expect(try await login.renew(second).expiresAt > second.expiresAt)
            #expect(fixture.provider.liveLoginCount == 1)
        }
    }
}

/// A cache on a disk that is full.
private struct FullCache: TokenCache {
    let inner: MemoryCache

    init(_ inner: MemoryCache) { self.inner = inner }

    func load(_ key: CacheKey) async throws(HoopxError) -> CacheLookup { inner.load(key) }

    func store(_ identity: CachedIdentity, for key: CacheKey) async throws(HoopxError) {
        throw HoopxError(.startup, doing: "keeping the login", found: "ENOSPC")
    }

    func remove(_ key: CacheKey) async throws(HoopxError) { inner.remove(key) }

    func withLock<Result: Sendable>(
        _ key: CacheKey, _ body: @Sendable () async throws(HoopxError) -> Result
    ) async throws(HoopxError) -> Result { try await inner.withLock(key, body) }
}
