import HoopxCore
import Testing

@testable import HoopxConfiguration

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
        #expect(claude.secretVariables == ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"])
    }

    @Test func thePlaceholderStandsWhereTheCredentialStood() throws {
        let credential = try #require(ConnectionConfiguration.claude.credential)
        #expect(credential.placeholderVariable(in: ["ANTHROPIC_API_KEY": "k"]) == "ANTHROPIC_API_KEY")
        #expect(credential.placeholderVariable(in: ["ANTHROPIC_AUTH_TOKEN": "t"]) == "ANTHROPIC_AUTH_TOKEN")
        #expect(
            credential.placeholderVariable(in: ["ANTHROPIC_API_KEY": "k", "ANTHROPIC_AUTH_TOKEN": "t"])
                == "ANTHROPIC_API_KEY")
        #expect(
            credential.placeholderVariable(in: ["ANTHROPIC_API_KEY": "", "ANTHROPIC_AUTH_TOKEN": "t"])
                == "ANTHROPIC_AUTH_TOKEN")
        // Without any the client must find one nevertheless, or it never asks.
        #expect(credential.placeholderVariable(in: [:]) == "ANTHROPIC_API_KEY")
    }

    @Test func aVariableOfAnotherNameIsKeptFromTheTarget() throws {
        let claude = try connection("claude: {credential: {source: env, variable: WORK_KEY}}")
        let credential = try #require(claude.credential)
        #expect(credential.source == .environment([.init(name: "WORK_KEY", header: .anthropicAPIKey)]))
        #expect(credential.placeholderVariable(in: ["WORK_KEY": "k"]) == "ANTHROPIC_API_KEY")
        #expect(claude.secretVariables == ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "WORK_KEY"])
        let token = try connection("claude: {credential: {source: env, variable: ANTHROPIC_AUTH_TOKEN}}")
        #expect(token.credential?.source == .environment([.init(name: "ANTHROPIC_AUTH_TOKEN", header: .bearer)]))
        #expect(token.credential?.placeholderVariable(in: [:]) == "ANTHROPIC_AUTH_TOKEN")
    }

    @Test func aFileNeedsAVariableForThePlaceholder() throws {
        let claude = try connection("claude: {credential: {source: file, path: ~/key}}")
        #expect(claude.credential?.source == .file(path: "/home/ada/key", header: .anthropicAPIKey))
        #expect(claude.credential?.placeholderVariable(in: [:]) == "ANTHROPIC_API_KEY")
        #expect(claude.secretVariables == ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"])
        let http = try connection(
            "x: {type: http, hosts: [a.example], credential: {source: file, path: t, placeholder: X_TOKEN}}")
        #expect(http.credential?.source == .file(path: "/etc/test/t", header: .bearer))
        #expect(http.credential?.placeholderVariable(in: [:]) == "X_TOKEN")
        #expect(http.secretVariables.isEmpty)
        let bare = try connection("x: {type: http, hosts: [a.example], credential: {source: file, path: t}}")
        #expect(bare.credential?.placeholderVariable(in: [:]) == nil)
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
        ("{}", "3:24: expected the key source in connections.claude.credential: env or file"),
        (
            "env",
            "3:24: expected connections.claude.credential, a mapping of keys to values: source, variable, path, placeholder, header, format"
        ),
        ("{source: vault}", "3:33: expected one of env, file for connections.claude.credential.source, not vault"),
        ("{source: env}", "3:24: expected the key variable in connections.claude.credential"),
        ("{source: file}", "3:24: expected the key path in connections.claude.credential"),
        (
            "{source: env, variable: A, path: b}",
            "3:57: connections.claude.credential.path belongs to a credential whose source is file"
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

    private func connection(_ text: String) throws -> ConnectionConfiguration {
        try #require(try parse("version: 1\nconnections: {\(text)}\n").connections.last)
    }
}
