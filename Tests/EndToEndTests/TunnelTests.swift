import HoopxTestSupport
import Testing

/// Destinations of `egress.tunnel`, and hoopx's own way through a company's proxy.
@Suite struct TunnelTests {
    @Test func aTunnelPassesTLSOfTheResolvedNameAndCountsItsBytes() async throws {
        try await HoopxFixture.run { fixture in
            let site = try await Self.site(fixture, name: "tunnel.example.com")
            let proxy = try await Self.proxy(fixture, ["tunnel.example.com:443": site.port])
            let run = try await fixture.shell(
                "curl -sS -m 60 https://tunnel.example.com/page", configuration: fixture.configuration(Self.yaml),
                environment: Self.environment(fixture, proxy))
            #expect(run.stdout == "the page", "the bundle holds the company's own root too: \(run)")
            #expect(run.stderr == "", "\(run)")
            #expect(proxy.log == ["CONNECT tunnel.example.com:443 200"])
            let connection = try #require(try await fixture.newestSession().connections?.first)
            #expect(connection.verdict == "tunnel")
            #expect(connection.destination == "tunnel.example.com:443")
            #expect(connection.command == "curl")
            #expect(connection.bytesSent ?? 0 > 300 && connection.bytesReceived ?? 0 > 500, "\(connection)")
        }
    }

    @Test(arguments: [("'other.example.com'", "name_mismatch"), ("None", "name_unverifiable")])
    func aServerNameThatWasNotResolvedIsDenied(serverName: String, code: String) async throws {
        try await HoopxFixture.run { fixture in
            let site = try await Self.site(fixture, name: "tunnel.example.com")
            let proxy = try await Self.proxy(
                fixture, ["tunnel.example.com:443": site.port, "other.example.com:443": site.port])
            let run = try await fixture.python(
                """
                import socket, ssl
                context = ssl.create_default_context(); context.check_hostname = False
                context.wrap_socket(socket.create_connection(("tunnel.example.com", 443), 60), server_hostname=\(serverName))
                print("reached")
                """, configuration: fixture.configuration(Self.yaml), environment: Self.environment(fixture, proxy))
            #expect(run.exit == .status(1), "\(run)")
            #expect(run.stderr.contains(code), "\(run)")
            #expect(proxy.log == [], "denied before anything was sent")
        }
    }

    @Test func theAddressOfAnAllowedNameIsUselessForAnother() async throws {
        try await HoopxFixture.run { fixture in
            let site = try await Self.site(fixture, name: "tunnel.example.com")
            let proxy = try await Self.proxy(fixture, ["tunnel.example.com:443": site.port])
            let run = try await fixture.shell(
                """
                address=$(getent hosts tunnel.example.com | cut -d' ' -f1)
                curl -sS -m 60 --resolve "evil.example.com:443:$address" https://evil.example.com/
                """, configuration: fixture.configuration(Self.yaml), environment: Self.environment(fixture, proxy))
            #expect(run.exit != .status(0), "\(run)")
            #expect(run.stderr.contains("name_mismatch"), "\(run)")
            #expect(proxy.log == [])
        }
    }

    @Test func aNameThatPointsAtThisMachineIsNotTunnelled() async throws {
        try await HoopxFixture.run { fixture in
            let witness = try fixture.witness()
            let run = try await fixture.shell(
                "curl -sS -k -m 60 https://localhost.localdomain:\(witness.tcpPort)/; curl -sS -k -m 60 https://localhost:\(witness.tcpPort)/",
                configuration: fixture.configuration(
                    """
                    version: 1
                    egress: {tunnel: ["localhost.localdomain:\(witness.tcpPort)", "localhost:\(witness.tcpPort)"]}
                    """))
            #expect(run.exit != .status(0), "\(run)")
            #expect(witness.visitCount == 0, "\(run)")
        }
    }

    @Test func aConnectionGoesThroughTheCompanyProxyWithItsCredential() async throws {
        try await HoopxFixture.run { fixture in
            let context = try fixture.authority.serverContext(for: ["api.anthropic.com"])
            let api = try await LoopbackClaudeAPI(tls: context, credential: .apiKey(fixture.apiKey))
            fixture.scope.atEnd { await api.close() }
            let proxy = try await Self.proxy(
                fixture, ["api.anthropic.com:443": api.server.port], authorization: "Basic dXNlcjpwYXNz")
            let url = "http://user:pass@127.0.0.1:\(proxy.port)"
            let script = """
                env | grep -i _proxy
                curl -sS -m 60 \(Question.url) -H "x-api-key: $ANTHROPIC_API_KEY" -d '\(Question.body)'
                """
            let configuration = try fixture.configuration("version: 1")
            let ca = try fixture.authorityFile()
            let run = try await fixture.shell(
                script, configuration: configuration, environment: ["HTTPS_PROXY": url, "NODE_EXTRA_CA_CERTS": ca])
            #expect(run.stdout.contains(Question.answer), "\(run)")
            #expect(!run.stdout.contains("user:pass"), "the proxy and its password are hoopx's alone: \(run)")
            #expect(proxy.log == ["CONNECT api.anthropic.com:443 200"])
        }
    }

    @Test func anUpstreamOnLoopbackNeedsNoProxy() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let proxy = try await Self.proxy(fixture, [:])
            let script = """
                curl -sS -m 60 \(Question.url) -H "x-api-key: $ANTHROPIC_API_KEY" -d '\(Question.body)'
                """
            let configuration = try fixture.configuration(for: api)
            let direct = try await fixture.shell(
                script, configuration: configuration,
                environment: ["HTTPS_PROXY": proxy.url])
            #expect(direct.stdout.contains(Question.answer), "\(direct)")
            #expect(proxy.log == [])
        }
    }

    @Test(arguments: [nil, "gateway.example.com", ".example.com", "other.example.com"])
    func aNamedUpstreamOfNoProxyIsReachedPastTheProxy(exception: String?) async throws {
        try await HoopxFixture.run { fixture in
            let context = try fixture.authority.serverContext(for: ["gateway.example.com"])
            let api = try await LoopbackClaudeAPI(tls: context, credential: .apiKey(fixture.apiKey))
            fixture.scope.atEnd { await api.close() }
            let upstream = "gateway.example.com:\(api.server.port)"
            let proxy = try await Self.proxy(fixture, [upstream: api.server.port])
            let configuration = try fixture.configuration(
                """
                version: 1
                connections:
                  claude: {upstream: "https://\(upstream)", upstream_ca: "\(try fixture.authorityFile())"}
                """)
            // A view of the machine in which the name is this machine's own, and in which nobody else is asked.
            let hosts = try fixture.directory.file("hosts", "127.0.0.1 localhost gateway.example.com\n", mode: 0o644)
            let resolver = try fixture.directory.file("resolv.conf", "nameserver 127.0.0.1\n", mode: 0o644)
            let script = """
                mount --bind \(hosts) /etc/hosts && mount --bind \(resolver) /etc/resolv.conf && exec "$@"
                """
            let request = "curl -sS -m 60 \(Question.url) -H \"x-api-key: $ANTHROPIC_API_KEY\" -d '\(Question.body)'"
            let run = try await fixture.start(
                program: [
                    "/usr/bin/unshare", "--user", "--map-root-user", "--mount", "/bin/sh", "-c", script, "sh",
                    HoopxFixture.hoopx, "run", "--config", configuration, "--", "/bin/sh", "-c", request,
                ], environment: ["HTTPS_PROXY": proxy.url, "NO_PROXY": exception]
            ).finish()
            #expect(run.stdout.contains(Question.answer), "\(run)")
            let isPastTheProxy = exception.map { upstream.contains($0) } ?? false
            #expect(proxy.log == (isPastTheProxy ? [] : ["CONNECT \(upstream) 200"]))
            #expect(api.requests.count == 1)
        }
    }

    @Test func anUpstreamWhoseCertificateDoesNotVerifyGetsNothing() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let stranger = try TestCertificateAuthority(commonName: "a stranger").pem
            let configuration = try fixture.configuration(for: api)
            try fixture.directory.file("authority.pem", stranger)
            let run = try await fixture.shell(
                """
                curl -sS -m 60 -w '\\n%{http_code}' \(Question.url) -H "x-api-key: $ANTHROPIC_API_KEY" -d '\(Question.body)'
                """, configuration: configuration)
            #expect(run.stdout.hasSuffix("\n502"), "\(run)")
            #expect(run.stdout.contains("upstream_unreachable"), "\(run)")
            #expect(api.requests.isEmpty)
        }
    }

    private static let yaml = """
        version: 1
        egress:
          tunnel: ["tunnel.example.com:443"]
        """

    private static func site(_ fixture: HoopxFixture, name: String) async throws -> LoopbackHTTPServer {
        let server = try await LoopbackHTTPServer(tls: fixture.authority.serverContext(for: [name])) { _ in
            .answer("the page")
        }
        fixture.scope.atEnd { await server.close() }
        return server
    }

    private static func proxy(
        _ fixture: HoopxFixture, _ ports: [String: Int], authorization: String? = nil
    ) async throws -> CompanyProxy {
        let proxy = try await CompanyProxy(ports: ports, authorization: authorization)
        fixture.scope.atEnd { await proxy.close() }
        return proxy
    }

    private static func environment(_ fixture: HoopxFixture, _ proxy: CompanyProxy) throws -> [String: String?] {
        ["HTTPS_PROXY": proxy.url, "NODE_EXTRA_CA_CERTS": try fixture.authorityFile()]
    }
}
