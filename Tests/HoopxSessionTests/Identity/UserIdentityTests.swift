import HoopxConfiguration
import HoopxCore
import HoopxIdentity
import HoopxOutbound
import HoopxTestSupport
import Testing

@testable import HoopxSession

@Suite(.timeLimit(.minutes(1))) struct UserIdentityTests {
    private struct Silent: LoginPresenter {
        func present(_ authorization: DeviceAuthorization, issuer: String) {}
    }

    private func withUser(
        _ body: (LoopbackIdentityProvider, @escaping () throws -> UserIdentity) async throws -> Void
    ) async throws {
        var settings = ProviderSettings()
        settings.script = .approve(subject: "alice")
        settings.enforcesInterval = false
        let provider = try await LoopbackIdentityProvider(
            clients: [ProviderClient("hoopx", secret: "of-the-client")], settings: settings)
        let directory = try TemporaryDirectory(owner: .current)
        let cache = MemoryCache()
        let outcome: Result<Void, any Error>
        do {
            let configuration = IdentityConfiguration(
                issuer: provider.issuer, clientID: "hoopx",
                clientSecretFile: try directory.file("secret", "of-the-client\n"),
                scopes: ["openid", "groups", "offline_access"])
            let control = ControlClient(trust: UpstreamTrust(environment: [:]), proxies: try ProxyEnvironment([:]))
            let clock = IdentityClock(now: { .now() }, elapsed: { .zero }, sleep: { _ in })
            let user = { try UserIdentity(configuration, control: control, cache: cache, clock: clock) }
            outcome = .success(try await body(provider, user))
        } catch {
            outcome = .failure(error)
        }
        directory.remove()
        await provider.close()
        try outcome.get()
    }

    @Test func aLoginAsksForTheConfiguredScopesWithTheClientsSecret() async throws {
        try await withUser { provider, user in
            let identity = try await user().login(Silent())
            #expect(identity.principal.subject == "alice" && identity.principal.kind == .user)
            let form = try #require(provider.requests(to: .deviceAuthorization).first?.text)
            #expect(form.contains("scope=openid%20groups%20offline_access"))
            #expect(form.contains("client_secret=of-the-client"))
        }
    }

    @Test func aLoginIsKeptAndServesTheNextRunWithoutTheNetwork() async throws {
        try await withUser { provider, user in
            _ = try await user().login(Silent())
            let before = provider.server.requests.count
            guard case .established(let identity) = try await user().load() else {
                Issue.record("the login was not kept")
                return
            }
            #expect(identity.principal.subject == "alice")
            #expect(provider.server.requests.count == before)
        }
    }
}
