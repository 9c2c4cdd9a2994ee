import HoopxCore
import Testing

@testable import HoopxConfiguration

private let sources = "env, file, exec, vault, client, anthropic_federation, aws_web_identity, google_federation"

@Suite struct CredentialReaderTests {
    @Test func claudeTakesItsKeyFromTheEnvironment() throws {
        let claude = ConnectionConfiguration.claude
        let credential = try #require(claude.credential)
        #expect(
            credential.source
                == .environment([
                    .init(name: "ANTHROPIC_API_KEY", header: .anthropicAPIKey),
                    .init(name: "ANTHROPIC_AUTH_TOKEN", header: .bearer),
                ]))
        #expect(claude.secretVariables == Anthropic.secretVariables)
    }

    @Test func thePlaceholderStandsWhereTheCredentialStood() throws {
        let credential = try #require(ConnectionConfiguration.claude.credential)
        #expect(credential.placeholderVariables(in: ["ANTHROPIC_API_KEY": "k"]) == ["ANTHROPIC_API_KEY"])
        #expect(credential.placeholderVariables(in: ["ANTHROPIC_AUTH_TOKEN": "t"]) == ["ANTHROPIC_AUTH_TOKEN"])
        #expect(
            credential.placeholderVariables(in: ["ANTHROPIC_API_KEY": "k", "ANTHROPIC_AUTH_TOKEN": "t"])
                == ["ANTHROPIC_API_KEY"])
        #expect(
            credential.placeholderVariables(in: ["ANTHROPIC_API_KEY": "", "ANTHROPIC_AUTH_TOKEN": "t"])
                == ["ANTHROPIC_AUTH_TOKEN"])
        // Without any the client must find one nevertheless, or it never asks.
        #expect(credential.placeholderVariables(in: [:]) == ["ANTHROPIC_API_KEY"])
    }

    @Test func aVariableOfAnotherNameIsKeptFromTheTarget() throws {
        let claude = try connection("claude: {credential: {source: env, variable: WORK_KEY}}")
        let credential = try #require(claude.credential)
        #expect(credential.source == .environment([.init(name: "WORK_KEY", header: .anthropicAPIKey)]))
        #expect(credential.placeholderVariables(in: ["WORK_KEY": "k"]) == ["ANTHROPIC_API_KEY"])
        #expect(
            claude.secretVariables == Anthropic.secretVariables + ["WORK_KEY"])
        let token = try connection("claude: {credential: {source: env, variable: ANTHROPIC_AUTH_TOKEN}}")
        #expect(token.credential?.source == .environment([.init(name: "ANTHROPIC_AUTH_TOKEN", header: .bearer)]))
        #expect(token.credential?.placeholderVariables(in: [:]) == ["ANTHROPIC_AUTH_TOKEN"])
    }

    @Test func aFileNeedsAVariableForThePlaceholder() throws {
        let claude = try connection("claude: {credential: {source: file, path: ~/key}}")
        #expect(claude.credential?.source == .file(path: "/home/ada/key", header: .anthropicAPIKey))
        #expect(claude.credential?.placeholderVariables(in: [:]) == ["ANTHROPIC_API_KEY"])
        #expect(claude.secretVariables == Anthropic.secretVariables)
        let http = try connection(
            "x: {type: http, hosts: [a.example], credential: {source: file, path: t, placeholder: X_TOKEN}}")
        #expect(http.credential?.source == .file(path: "/etc/test/t", header: .bearer))
        #expect(http.credential?.placeholderVariables(in: [:]) == ["X_TOKEN"])
        #expect(http.secretVariables.isEmpty)
        let bare = try connection("x: {type: http, hosts: [a.example], credential: {source: file, path: t}}")
        #expect(bare.credential?.placeholderVariables(in: [:]) == [])
    }

    @Test func anHTTPConnectionWithoutCredentialHasNone() throws {
        #expect(try connection("x: {type: http, hosts: [a.example]}").credential == nil)
    }

    @Test func theHeaderSaysTheFormatWhereNoneIsGiven() throws {
        let authorization = try connection(
            "x: {type: http, hosts: [a.example], credential: {source: env, variable: T, header: authorization}}")
        let bearer = try #require(CredentialHeader(name: "authorization", format: "Bearer {token}"))
        #expect(authorization.credential?.source == .environment([.init(name: "T", header: bearer)]))
        let other = try connection(
            "x: {type: http, hosts: [a.example], credential: {source: env, variable: T, header: Private-Token}}")
        let plain = try #require(CredentialHeader(name: "Private-Token", format: "{token}"))
        #expect(other.credential?.source == .environment([.init(name: "T", header: plain)]))
    }

    @Test(arguments: [
        ("{}", "3:24: expected the key source in connections.claude.credential: one of \(sources)"),
        (
            "env",
            """
            3:24: expected connections.claude.credential, a mapping of keys to values: source, placeholder, variable, \
            header, format, path, command, timeout, address, auth_mount, role, field, namespace, ca, audience, \
            federation_rule_id, organization_id, service_account_id, workspace_id, token_url, role_arn, region, service, \
            session_name, duration, sts_endpoint, service_account, scopes, impersonation_url, identity_audience
            """
        ),
        ("{source: pass}", "3:33: expected one of \(sources) for connections.claude.credential.source, not pass"),
        ("{source: exec}", "3:24: expected the key command in connections.claude.credential"),
        ("{source: exec, command: []}", "3:48: expected at least one word in connections.claude.credential.command"),
        (
            "{source: exec, command: [a], timeout: 5}",
            "3:62: expected a length of time for connections.claude.credential.timeout, not 5"
        ),
        ("{source: vault, role: r, path: p}", "3:24: expected the key address in connections.claude.credential"),
        (
            "{source: vault, address: 'http://vault.example.com', role: r, path: p}",
            "3:49: expected an https URL for connections.claude.credential.address"
        ),
        ("{source: client, placeholder: X}", "3:24: the source client has no placeholder"),
        (
            "{source: client, header: X}",
            "3:49: connections.claude.credential.header belongs to a credential whose source is env or file or exec or vault"
        ),
        ("{source: env}", "3:24: expected the key variable in connections.claude.credential"),
        ("{source: file}", "3:24: expected the key path in connections.claude.credential"),
        (
            "{source: env, variable: A, path: b}",
            "3:57: connections.claude.credential.path belongs to a credential whose source is file or vault"
        ),
        (
            "{source: file, path: b, variable: A}",
            "3:58: connections.claude.credential.variable belongs to a credential whose source is env"
        ),
        (
            "{source: env, variable: A, header: 'a b'}",
            "3:59: expected the name of an HTTP header for connections.claude.credential.header, not a b"
        ),
        ("{source: env, variable: A, format: '{token}'}", "3:59: format needs the key header beside it"),
        (
            "{source: env, variable: A, header: X, format: Bearer}",
            "3:70: expected a text with {token} in it, once, for connections.claude.credential.format"
        ),
    ])
    func aWrongCredentialIsRefused(text: String, found: String) {
        #expect(refused("version: 1\nconnections:\n  claude: {credential: \(text)}\n")?.found == found)
    }

    @Test(arguments: ["variable: sk-ant-api03-hunter2", "variable: A, header: X, format: 'Bearer hunter2'"])
    func aTokenInTheWrongPlaceIsNotRepeated(text: String) throws {
        let refusal = try #require(refused("version: 1\nconnections: {claude: {credential: {source: env, \(text)}}}\n"))
        #expect(!refusal.found.contains("hunter2"))
        #expect(refusal.hint?.contains("hunter2") != true)
    }

    @Test func aCommandIsRunForItsTokenAtMostTenSecondsWhereNothingElseIsSaid() throws {
        let exec = try connection(
            "claude: {credential: {source: exec, command: [print-token, --json], timeout: 1m30s}}")
        #expect(
            exec.credential?.source
                == .command(["print-token", "--json"], timeout: .seconds(90), header: .anthropicAPIKey))
        #expect(exec.credential?.placeholderVariables(in: [:]) == ["ANTHROPIC_API_KEY"])
        let plain = try connection("x: {type: http, hosts: [a.example], credential: {source: exec, command: [t]}}")
        #expect(plain.credential?.source == .command(["t"], timeout: .seconds(10), header: .bearer))
    }

    @Test func exchangesNeedAnIdentityAndHaveDefaults() throws {
        let anthropic = try connection(
            "claude: {credential: {source: anthropic_federation, federation_rule_id: fdrl_1, organization_id: o}}")
        #expect(
            anthropic.credential?.source
                == .anthropicFederation(
                    AnthropicFederationConfiguration(
                        federationRuleID: "fdrl_1", organizationID: "o", serviceAccountID: nil, workspaceID: nil,
                        tokenURL: nil, audience: nil)))
        let vault = try connection(
            "claude: {credential: {source: vault, address: 'https://v.example', role: r, path: kv/data/x, ca: ca.pem}}")
        #expect(
            vault.credential?.source
                == .vault(
                    VaultConfiguration(
                        address: "https://v.example", authMount: "jwt", role: "r", path: "kv/data/x", field: "token",
                        namespace: nil, ca: "/etc/test/ca.pem", audience: nil), header: .anthropicAPIKey))
        #expect(anthropic.credential?.needsIdentity == true && vault.credential?.needsIdentity == true)
        #expect(ConnectionConfiguration.claude.credential?.needsIdentity == false)
    }

    @Test func aClientOfAWSGetsThePlaceholderInItsOwnVariables() throws {
        let bedrock = try connection(
            "x: {type: http, hosts: [b.example], credential: {source: aws_web_identity, role_arn: r, region: us-east-1}}"
        )
        #expect(
            bedrock.credential?.placeholderVariables(in: [:])
                == ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"])
        #expect(bedrock.secretVariables.contains("AWS_WEB_IDENTITY_TOKEN_FILE"))
    }

    @Test func theClientsOwnTokenPassesButNoKeyDoes() throws {
        let claude = try connection("claude: {credential: {source: client}}")
        #expect(claude.passesClientToken)
        #expect(claude.credential?.placeholderVariables(in: [:]) == [])
        #expect(claude.secretVariables == Anthropic.secretVariables.filter { $0 != "CLAUDE_CODE_OAUTH_TOKEN" })
    }

    private func connection(_ text: String) throws -> ConnectionConfiguration {
        try #require(try parse("version: 1\nconnections: {\(text)}\n").connections.last)
    }
}
