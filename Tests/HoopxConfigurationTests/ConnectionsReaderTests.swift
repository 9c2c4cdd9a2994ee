import HoopxCore
import Testing

@testable import HoopxConfiguration

@Suite struct ConnectionsReaderTests {
    @Test func claudeIsThereBesideTheConnectionsOfTheFile() throws {
        let configuration = try parse("version: 1\nconnections: {x: {type: http, hosts: [a.example]}}\n")
        #expect(configuration.connections.map(\.name) == ["claude", "x"])
        #expect(configuration.connections.first == .claude)
    }

    @Test(arguments: ["version: 1\n", "version: 1\nconnections:\n", "version: 1\nconnections: {}\n"])
    func claudeIsThereWhereTheFileNamesNoConnection(text: String) throws {
        #expect(try parse(text).connections == [.claude])
    }

    @Test(arguments: ["null", "~", ""])
    func claudeCanBeRemoved(value: String) throws {
        let configuration = try parse("version: 1\nconnections:\n  claude: \(value)\n")
        #expect(configuration.connections.isEmpty)
    }

    @Test func whatTheFileSaysOfClaudeReplacesItsPart() throws {
        let configuration = try parse(
            """
            version: 1
            connections:
              claude:
                upstream: https://llm-gateway.example.com/claude/
                upstream_ca: gateway.pem
                entry: base_url
            """)
        let claude = try #require(configuration.connections.first)
        #expect(claude.kind == .anthropic)
        #expect(claude.hosts == ConnectionConfiguration.claude.hosts)
        #expect(claude.credential == ConnectionConfiguration.claude.credential)
        #expect(claude.upstream?.description == "https://llm-gateway.example.com/claude")
        #expect(claude.upstreamCA == "/etc/test/gateway.pem")
        #expect(claude.entry == .baseURL)
        #expect(claude.baseURLVariable == "ANTHROPIC_BASE_URL")
    }

    @Test func everyKeyOfAConnectionIsRead() throws {
        let configuration = try parse(
            """
            version: 1
            connections:
              claude: null
              artifacts:
                type: http
                hosts: [artifacts.example.com, "*.artifacts.example.com:8443"]
                entry: base_url
                upstream: http://127.0.0.1:8080/v1
                upstream_ca: /etc/ssl/artifacts.pem
                base_url_variable: ARTIFACTS_URL
                credential: {source: env, variable: ARTIFACTS_TOKEN, header: X-Token, format: "t={token}"}
            egress:
              default: deny
              tunnel: ["pypi.org:443", "*.debian.org:443"]
            """)
        let header = try #require(CredentialHeader(name: "X-Token", format: "t={token}"))
        #expect(
            configuration.connections == [
                ConnectionConfiguration(
                    name: "artifacts", kind: .http,
                    hosts: [
                        try #require(HostPattern("artifacts.example.com:443", defaultPort: nil)),
                        try #require(HostPattern("*.artifacts.example.com:8443", defaultPort: nil)),
                    ],
                    entry: .baseURL, upstream: UpstreamURL("http://127.0.0.1:8080/v1"),
                    upstreamCA: "/etc/ssl/artifacts.pem", baseURLVariable: "ARTIFACTS_URL",
                    credential: CredentialConfiguration(
                        source: .environment([.init(name: "ARTIFACTS_TOKEN", header: header)])))
            ])
        #expect(configuration.egress.tunnel.map(\.description) == ["pypi.org:443", "*.debian.org:443"])
    }

    @Test(arguments: [
        ("x: {hosts: [a.example]}", "3:6: expected the key type in connections.x: anthropic or http"),
        (
            "x: {type: htpp, hosts: [a.example]}",
            "3:13: expected one of anthropic, http for connections.x.type, not htpp"
        ),
        ("x: {type: http}", "3:6: expected the key hosts in connections.x"),
        ("x: {type: http, hosts: []}", "3:26: expected at least one host in connections.x.hosts"),
        ("x: {type: http, hosts: a.example}", "3:26: expected connections.x.hosts, a list"),
        ("x: {type: http, hosts: [{a: b}]}", "3:27: expected connections.x.hosts, a text"),
        ("x: {type: http, hosts: [null]}", "3:27: expected connections.x.hosts, a text"),
        (
            "x: {type: http, hosts: ['https://a.example']}",
            "3:27: expected a host in connections.x.hosts, not https://a.example"
        ),
        (
            "x: null",
            "3:6: expected connections.x, a mapping of keys to values: type, hosts, entry, upstream, upstream_ca, base_url_variable, credential"
        ),
        ("claude: {entry: proxy}", "3:19: expected one of intercept, base_url for connections.claude.entry, not proxy"),
        ("claude: {upstream: http://gateway.example}", "3:22: expected an https URL for connections.claude.upstream"),
        ("claude: {upstream_ca: ''}", "3:25: expected connections.claude.upstream_ca, a text"),
        (
            "claude: {base_url_variable: X}",
            "3:31: base_url_variable belongs to connections of type http whose entry is base_url"
        ),
        (
            "x: {type: http, hosts: [a.example], base_url_variable: X}",
            "3:58: base_url_variable belongs to connections of type http whose entry is base_url"
        ),
        (
            "x: {type: http, hosts: [a.example], entry: base_url}",
            "3:6: expected the key base_url_variable in connections.x, because its entry is base_url"
        ),
        (
            "x: {type: http, hosts: [a.example], entry: base_url, base_url_variable: 'a b'}",
            "3:75: expected the name of an environment variable for connections.x.base_url_variable"
        ),
        (
            "x: {type: http, hosts: ['*.a.example'], entry: base_url, base_url_variable: X}",
            "3:26: expected exactly one host without * in connections.x, because its entry is base_url"
        ),
        (
            "x: {type: http, hosts: [a.example, b.example], entry: base_url, base_url_variable: X}",
            "3:26: expected exactly one host without * in connections.x, because its entry is base_url"
        ),
        (
            "x/y: {type: http, hosts: [a.example]}",
            "3:8: expected a connection's name of at most 64 letters, digits, hyphens and underscores, not x/y"
        ),
        ("[]", "3:3: expected connections, a mapping of keys to values"),
    ])
    func aWrongConnectionIsRefused(text: String, found: String) {
        #expect(refused("version: 1\nconnections:\n  \(text)\n")?.found == found)
    }

    @Test(arguments: ["http://127.0.0.1:1", "http://[::1]:1", "http://localhost:1", "https://gateway.example"])
    func plainHTTPGoesToLoopbackOnly(upstream: String) throws {
        let configuration = try parse("version: 1\nconnections: {claude: {upstream: '\(upstream)'}}\n")
        #expect(configuration.connections.first?.upstream == UpstreamURL(upstream))
    }

    @Test func aPasswordInAnUpstreamIsNotRepeated() throws {
        let refusal = try #require(
            refused("version: 1\nconnections: {claude: {upstream: 'https://u:hunter2@a.example'}}\n"))
        #expect(!refusal.found.contains("hunter2"))
        #expect(refusal.hint?.contains("hunter2") == false)
    }

    @Test func twoConnectionsDoNotShareAHost() throws {
        let builtIn = try #require(
            refused("version: 1\nconnections: {x: {type: anthropic, hosts: [API.anthropic.com]}}\n"))
        #expect(builtIn.found == "2:18: api.anthropic.com:443 is a host of connections.claude already")
        #expect(builtIn.hint?.contains("claude: null") == true)
        let own = try #require(
            refused(
                """
                version: 1
                connections:
                  x: {type: http, hosts: [a.example]}
                  y: {type: http, hosts: [b.example, a.example]}
                """))
        #expect(own.found == "4:6: a.example:443 is a host of connections.x already")
    }

    @Test func pathsStartFromTheFilesDirectory() throws {
        let paths = FilePaths(configurationPath: "/etc/test/c.yaml", homeDirectory: "/home/ada")
        #expect(paths.absolute("a/b.pem") == "/etc/test/a/b.pem")
        #expect(paths.absolute("/a.pem") == "/a.pem")
        #expect(paths.absolute("~/a.pem") == "/home/ada/a.pem")
        let relative = FilePaths(configurationPath: "c.yaml", homeDirectory: "/home/ada")
        #expect(relative.absolute("a.pem").hasPrefix("/"))
        #expect(relative.absolute("a.pem").hasSuffix("/a.pem"))
    }
}
