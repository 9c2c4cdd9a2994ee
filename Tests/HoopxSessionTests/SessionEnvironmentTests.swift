import HoopxCore
import Testing

@testable import HoopxSession

struct SessionEnvironmentTests {
    private let placeholder = Placeholder.generate()

    private func variables(
        from own: [String: String], baseURLPort: UInt16? = nil
    ) throws -> [String: String] {
        SessionEnvironment(
            sessionID: try #require(SessionID("20261123-k3f9x2ab")), placeholder: placeholder,
            identityVariables: ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"],
            connections: [
                SessionEnvironment.Connection(
                    secretVariables: ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"],
                    placeholderVariables: ["ANTHROPIC_API_KEY"],
                    settings: ["AWS_REGION": "us-east-1"], baseURLVariable: "ANTHROPIC_BASE_URL",
                    baseURLPort: baseURLPort)
            ],
            bundlePath: "/run/roots.pem", javaTrustStorePath: "/run/roots.jks"
        ).variables(from: own)
    }

    @Test func theTargetHoldsThePlaceholderAndNoRealCredential() throws {
        let result = try variables(from: [
            "ANTHROPIC_API_KEY": "sk-real-1", "ANTHROPIC_AUTH_TOKEN": "sk-real-2", "A": "b",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "sk-real-3",
        ])

        #expect(!result.values.contains { $0.contains("sk-real") })
        #expect(result["ANTHROPIC_API_KEY"] == placeholder.secret.withValue { $0 })
        #expect(result["ANTHROPIC_AUTH_TOKEN"] == nil)
        #expect(result["A"] == "b")
    }

    @Test func aClientsSettingsGiveWayToTheUsersOwn() throws {
        #expect(try variables(from: [:])["AWS_REGION"] == "us-east-1")
        #expect(try variables(from: ["AWS_REGION": "eu-west-1"])["AWS_REGION"] == "eu-west-1")
    }

    @Test func everyTrustVariableNamesTheBundleAndNothingElseIsTrusted() throws {
        let result = try variables(from: ["SSL_CERT_DIR": "/etc/ssl/certs", "NODE_EXTRA_CA_CERTS": "/company.pem"])

        for name in SessionEnvironment.bundleVariables { #expect(result[name] == "/run/roots.pem", "\(name)") }
        #expect(result["SSL_CERT_DIR"] == nil)
        #expect(result["JAVA_TOOL_OPTIONS"]?.contains("-Djavax.net.ssl.trustStore=/run/roots.jks") == true)
    }

    @Test func optionsOfTheUsersJVMStay() throws {
        let result = try variables(from: ["JAVA_TOOL_OPTIONS": "-Xmx1g"])
        #expect(result["JAVA_TOOL_OPTIONS"]?.hasPrefix("-Xmx1g -Djavax") == true)
    }

    @Test func theCompanyProxyIsHoopxsBusinessAlone() throws {
        let result = try variables(from: ["HTTPS_PROXY": "http://user:secret@proxy:3128", "no_proxy": "localhost"])
        #expect(!result.keys.contains { $0.lowercased().hasSuffix("_proxy") })
    }

    @Test func aBaseURLOfTheUserGivesWayToTheConnection() throws {
        let own = ["ANTHROPIC_BASE_URL": "https://gateway.example.com"]
        #expect(try variables(from: own)["ANTHROPIC_BASE_URL"] == nil)
        #expect(try variables(from: own, baseURLPort: 4711)["ANTHROPIC_BASE_URL"] == "http://127.0.0.1:4711")
    }

    @Test func theSessionIsNamedSoThatItsProcessesCanBeFound() throws {
        #expect(try variables(from: [:])["HOOPX_SESSION"] == "20261123-k3f9x2ab")
    }
}
