import HoopxCore
import HoopxTestSupport
import Testing

@testable import HoopxIdentity

struct LogoutTests {
    @Test func aLogoutRevokesAndForgets() async throws {
        try await LoginFixture.run { fixture in
            let (login, _) = try await fixture.loggedIn()
            #expect(fixture.provider.liveLoginCount == 1)
            #expect(try await login.logout() == .revoked)
            #expect(fixture.provider.liveLoginCount == 0)
            #expect(try await login.state(fixture.cache.load(fixture.key)).reason == "nobody is logged in")
            #expect(try await login.logout() == .nobodyLoggedIn)
        }
    }

    @Test func aProviderThatIsAwayDoesNotKeepALoginAlive() async throws {
        try await LoginFixture.run { fixture in
            let (login, _) = try await fixture.loggedIn()
            fixture.provider.setFault(.status(.serviceUnavailable), at: .revocation)
            guard case .notRevoked(let why) = try await login.logout() else {
                Issue.record("it says that it was revoked")
                return
            }
            #expect(why.contains("503"))
            #expect(try await login.state(fixture.cache.load(fixture.key)).reason == "nobody is logged in")
        }
    }

    @Test func aProviderWithoutRevocationIsSaidToBeOne() async throws {
        try await LoginFixture.run {
            $0.changeDiscovery = { $0["revocation_endpoint"] = nil }
        } _: { fixture in
            let (login, _) = try await fixture.loggedIn()
            guard case .forgotten(let why) = try await login.logout() else {
                Issue.record("it says that it was revoked")
                return
            }
            #expect(why.contains("revocation_endpoint"))
        }
    }

    @Test func aLoginWithoutARefreshTokenHasNothingToRevoke() async throws {
        try await LoginFixture.run {
            $0.refreshTokens = .never
        } _: { fixture in
            let (login, _) = try await fixture.loggedIn()
            guard case .forgotten = try await login.logout() else {
                Issue.record("it says that it was revoked")
                return
            }
            #expect(fixture.provider.requests(to: .revocation).isEmpty)
        }
    }
}
