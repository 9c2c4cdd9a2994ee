import HoopxCore
import HoopxCredentials
import HoopxOutbound
import Testing

@testable import HoopxConfiguration
@testable import HoopxSession

@Suite struct CredentialAssemblyTests {
    private func assembly(
        identity: (any IdentityTokenSource)? = nil, environment: [String: String] = [:]
    ) throws -> CredentialAssembly {
        CredentialAssembly(
            environment: environment, identity: identity,
            control: ControlClient(
                trust: UpstreamTrust(environment: environment), proxies: try ProxyEnvironment(environment)),
            session: SessionID.generate(day: "20261126"))
    }

    private let federation = CredentialConfiguration(
        source: .anthropicFederation(
            AnthropicFederationConfiguration(
                federationRuleID: "fdrl_1", organizationID: nil, serviceAccountID: nil, workspaceID: nil,
                tokenURL: "http://127.0.0.1:1", audience: nil)))

    @Test func theLeaseIsWhatTheEnvironmentHolds() async throws {
        let assembly = try assembly(environment: ["ANTHROPIC_API_KEY": "sk-1"])
        let credential = try #require(ConnectionConfiguration.claude.credential)
        let source = try #require(try assembly.source(of: credential, connection: "claude"))
        let lease = try await source.lease()
        guard case .token(let token) = lease.material else {
            Issue.record("the lease is no token")
            return
        }
        #expect(token.isEqual(to: Array("sk-1".utf8)))
        #expect(source.injection == .header(.anthropicAPIKey))
    }

    @Test func anExchangeWithoutAnIdentityIsRefused() throws {
        let assembly = try assembly()
        let error = #expect(throws: HoopxError.self) { try assembly.source(of: federation, connection: "claude") }
        #expect(error?.kind == .usage)
        #expect(error?.doing == "preparing the credential of connections.claude")
        #expect(error?.hint?.contains("--identity") == true)
    }

    @Test func whatTheConfigurationLeavesOutIsInTheVariablesOfAnthropicsClients() throws {
        let identity = NoTokens()
        #expect(throws: HoopxError.self) { try assembly(identity: identity).source(of: federation, connection: "c") }
        let complete = try assembly(identity: identity, environment: ["ANTHROPIC_ORGANIZATION_ID": "o"])
        let source = try complete.source(of: federation, connection: "c")
        #expect(source?.injection.headerName == "Authorization")
    }

    @Test func theClientsOwnTokenHasNoSource() throws {
        #expect(try assembly().source(of: CredentialConfiguration(source: .client), connection: "c") == nil)
    }
}

private struct NoTokens: IdentityTokenSource {
    func identityToken(audience: String?) async throws(HoopxError) -> Secret {
        throw HoopxError(.startup, doing: "test", found: "no token")
    }
}
