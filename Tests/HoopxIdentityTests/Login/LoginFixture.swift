import Foundation
import HoopxCore
import HoopxIdentity
import HoopxOutbound
import HoopxTestSupport
import Synchronization

/// A provider on loopback, and hoopx as its client, with a clock for both.
struct LoginFixture: Sendable {
    let provider: LoopbackIdentityProvider
    let clock: LoginClock
    var cache = MemoryCache()
    let control: ControlClient
    let secret: Secret?

    /// Runs a test's body with a fixture.
    ///
    /// - Parameters:
    ///   - settings: of a provider whose person has confirmed before the first question, and that polls every 5 s.
    ///   - clientSecret: where the client has one.
    static func run(
        clock: LoginClock = LoginClock(passesInSleep: true), clientSecret: String? = nil,
        _ change: @Sendable (inout ProviderSettings) -> Void = { _ in },
        _ body: (LoginFixture) async throws -> Void
    ) async throws {
        var settings = ProviderSettings()
        settings.script = .approve(subject: "alice")
        change(&settings)
        let provider = try await LoopbackIdentityProvider(
            clients: [ProviderClient("hoopx", secret: clientSecret)], settings: settings, now: { clock.date })
        let control = ControlClient(trust: UpstreamTrust(environment: [:]), proxies: try ProxyEnvironment([:]))
        let fixture = LoginFixture(
            provider: provider, clock: clock, control: control, secret: clientSecret.map { Secret($0) })
        do {
            try await body(fixture)
        } catch {
            await control.shutdown()
            await provider.close()
            throw error
        }
        await control.shutdown()
        await provider.close()
    }

    var key: CacheKey { CacheKey(issuer: provider.issuer, clientID: "hoopx") }

    func oauth(snapshot: [UInt8]? = nil) throws -> OAuthClient {
        let issuer = try Issuer(
            provider.issuer, caPath: nil, client: control, snapshot: snapshot, now: { clock.now })
        return OAuthClient(
            issuer: issuer, clientID: "hoopx", clientSecret: secret, scopes: ["openid", "email", "offline_access"],
            client: control)
    }

    func verifier(_ oauth: OAuthClient) -> IDTokenVerifier {
        IDTokenVerifier(issuer: oauth.issuer, audience: "hoopx", now: { clock.now })
    }

    /// A login from its start to its end.
    func logIn(show: @escaping @Sendable (DeviceAuthorization) -> Void = { _ in }) async throws -> DeviceLogin.Grant {
        let oauth = try oauth()
        return try await DeviceLogin(oauth, verifier: verifier(oauth), clock: clock.clock).run(show: show)
    }

    /// What a login that does not succeed says.
    func refusedLogIn() async throws -> HoopxError {
        do {
            _ = try await logIn()
        } catch let error as HoopxError {
            return error
        }
        throw TestSupportError("the login succeeded")
    }

    /// A login that is kept, as another process of the same person would find it.
    func cachedLogin() async throws -> CachedLogin {
        var snapshot: [UInt8]?
        if case .found(let identity) = cache.load(key) { snapshot = identity.issuerSnapshot }
        let oauth = try oauth(snapshot: snapshot)
        return CachedLogin(oauth, cache: cache, key: key, verifier: verifier(oauth), clock: clock.clock)
    }

    /// Logs in and keeps it.
    func loggedIn() async throws -> (login: CachedLogin, token: VerifiedIDToken) {
        let oauth = try oauth()
        let verifier = verifier(oauth)
        let grant = try await DeviceLogin(oauth, verifier: verifier, clock: clock.clock).run { _ in }
        let login = CachedLogin(oauth, cache: cache, key: key, verifier: verifier, clock: clock.clock)
        try await login.keep(grant)
        return (login, grant.idToken)
    }

    var requestCount: Int { provider.server.requests.count }

    var refreshes: Int {
        provider.requests(to: .token).count { $0.text.contains("grant_type=refresh_token") }
    }
}

extension CachedLogin.State {
    var token: VerifiedIDToken? {
        if case .valid(let token) = self { token } else { nil }
    }

    var reason: String? {
        if case .loginNeeded(let reason) = self { reason } else { nil }
    }
}
