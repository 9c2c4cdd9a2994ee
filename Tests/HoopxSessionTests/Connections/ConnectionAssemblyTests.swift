import HoopxConfiguration
import HoopxCore
import Testing

@testable import HoopxSession

struct ConnectionAssemblyTests {
    private func claude(_ environment: [String: String]) -> ConnectionAssembly {
        ConnectionAssembly(configuration: .claude, environment: environment)
    }

    @Test func aGatewayInTheUsersEnvironmentIsWhereTheRequestsGo() {
        let gateway = claude(["ANTHROPIC_BASE_URL": "https://gateway.example.com/claude"])
        #expect(gateway.forProxy(credential: .none).upstream?.description == "https://gateway.example.com/claude")
        #expect(claude([:]).forProxy(credential: .none).upstream == nil)
    }

    @Test func theConfigurationComesBeforeTheEnvironment() {
        let configuration = ConnectionConfiguration(
            name: "claude", kind: .anthropic, hosts: ConnectionConfiguration.claude.hosts,
            upstream: UpstreamURL("https://configured.example.com"), baseURLVariable: "ANTHROPIC_BASE_URL",
            credential: ConnectionConfiguration.claude.credential)
        let assembly = ConnectionAssembly(
            configuration: configuration, environment: ["ANTHROPIC_BASE_URL": "https://gateway.example.com"])
        #expect(assembly.forProxy(credential: .none).upstream?.description == "https://configured.example.com")
    }

    @Test func theTargetGetsThePlaceholderInTheVariableThatTheUserSet() {
        #expect(claude([:]).forEnvironment(baseURLPort: nil).placeholderVariables == ["ANTHROPIC_API_KEY"])
        let withToken = claude(["ANTHROPIC_AUTH_TOKEN": "t"]).forEnvironment(baseURLPort: nil)
        #expect(withToken.placeholderVariables == ["ANTHROPIC_AUTH_TOKEN"])
        #expect(
            withToken.secretVariables == [
                "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN", "ANTHROPIC_IDENTITY_TOKEN",
                "ANTHROPIC_IDENTITY_TOKEN_FILE",
            ])
    }
}
