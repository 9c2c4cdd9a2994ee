import Glibc
import HoopxCore
import HoopxTestSupport
import NIOSSL
import Testing

@testable import HoopxProxy

/// Destinations of `egress.tunnel`: bytes pass once the name is certain, and no others.
struct TunnelTests {
    /// Names in tests are resolved by a company's proxy alone, so that nothing leaves the machine.
    private func run(
        _ body: (ProxyFixture, LoopbackHTTPServer, LoopbackHTTPServer, CompanyProxy, [NIOSSLCertificate]) async throws
            -> Void
    ) async throws {
        let authority = try TestCertificateAuthority()
        let context = try authority.serverContext(for: ["files.example.org"])
        let secure = try await LoopbackHTTPServer(tls: context) { _ in .answer("tunnelled") }
        let plain = try await LoopbackHTTPServer { .answer("plain \($0.path)") }
        let company = try await CompanyProxy(ports: ["files.example.org:443": secure.port], authorization: "Basic dTpw")
        let roots = try NIOSSLCertificate.fromPEMBytes(Array(authority.pem.utf8))
        let tunnels = ["files.example.org:443", "*.example.net:443", "web.example.org:80", "127.0.0.1:\(plain.port)"]
        let environment = ["HTTPS_PROXY": company.url.replacing("http://", with: "http://u:p@")]
        try await ProxyFixture.run(tunnels: tunnels, environment: environment) { fixture in
            try await body(fixture, secure, plain, company, roots)
        }
        await company.close()
        await plain.close()
        await secure.close()
    }

    @Test func tlsToTheResolvedNamePassesThroughTheCompanysProxy() async throws {
        try await run { fixture, secure, _, company, roots in
            let client = try await fixture.connect(
                to: "files.example.org:443", serverName: "files.example.org", trusting: roots)
            let response = try await client.exchange("GET / HTTP/1.1\r\nHost: files.example.org\r\n\r\n")
            #expect(response.body == "tunnelled")
            #expect(company.log == ["CONNECT files.example.org:443 200"])
            await client.close()
            try await eventually("the record's end") { try fixture.recorded().connections.first?.duration != nil }
            let record = try #require(try fixture.recorded().connections.first)
            #expect(record.verdict == .tunnel(rule: "files.example.org:443"))
            #expect(record.bytesSent > 300 && record.bytesReceived > 300)
            #expect(record.pid == 4711 && record.command == "test")
            #expect(secure.requests.count == 1)
        }
    }

    @Test(arguments: ["other.example.org", "files.example.org.evil.com"])
    func tlsToAnotherNameIsRefused(name: String) async throws {
        try await run { fixture, secure, _, company, roots in
            let client = try await fixture.connect(to: "files.example.org:443", serverName: name, trusting: roots)
            try await client.untilClosed()
            #expect(fixture.denials.map(\.code) == [.nameMismatch])
            #expect(company.log.isEmpty)
            #expect(secure.connectionCount == 0)
        }
    }

    @Test func tlsWithoutANameIsRefused() async throws {
        try await run { fixture, _, _, company, roots in
            let client = try await fixture.connect(to: "files.example.org:443", serverName: "", trusting: roots)
            try await client.untilClosed()
            #expect(fixture.denials.map(\.code) == [.nameUnverifiable])
            #expect(company.log.isEmpty)
        }
    }

    @Test(arguments: ["SSH-2.0-OpenSSH_9.6\r\n", "\u{0}\u{0}\u{0}\u{8}", "EHLO me\r\n", "get / HTTP/1.1\r\n\r\n"])
    func whatNamesNoHostIsRefused(bytes: String) async throws {
        try await run { fixture, _, _, company, _ in
            let client = try await fixture.connect(to: "files.example.org:443")
            client.send(bytes)
            try await client.untilClosed()
            #expect(fixture.denials.map(\.code) == [.nameUnverifiable])
            #expect(company.log.isEmpty)
        }
    }

    @Test func anAddressTakesAnyBytesInEitherOrder() async throws {
        try await run { fixture, _, plain, _, _ in
            let client = try await fixture.connect(to: "127.0.0.1:\(plain.port)")
            let response = try await client.exchange("GET /a HTTP/1.1\r\nHost: whatever\r\n\r\n")
            #expect(response.body == "plain /a")
            await client.closeOutput()
            try await client.untilClosed()
        }
    }

    @Test func aNameThatResolvesToThisMachineIsRefused() async throws {
        // The one name that every machine resolves to itself stands for one that somebody else has pointed there.
        try await ProxyFixture.run(tunnels: ["localhost:443"]) { fixture in
            let client = try await fixture.connect(to: "localhost:443", serverName: "localhost")
            try await client.untilClosed()
            #expect(fixture.denials.map(\.code) == [.addressNotAllowed])
        }
    }

    @Test func aCompanysProxyMayBeANameOfThisMachine() async throws {
        // The user who sets the variable knows where the proxy is: what a tunnel's name must not lead to, it may.
        let context = try TestCertificateAuthority().serverContext(for: ["files.example.org"])
        let secure = try await LoopbackHTTPServer(tls: context) { _ in .answer("tunnelled") }
        let company = try await CompanyProxy(ports: ["files.example.org:443": secure.port])
        let url = "http://localhost:\(company.port)"
        try await ProxyFixture.run(tunnels: ["files.example.org:443"], environment: ["HTTPS_PROXY": url]) { fixture in
            let client = try await fixture.connect(to: "files.example.org:443")
            try await client.send(ClientHelloTests.hello(names: [["files.example.org"]]))
            try await eventually("the tunnel") { company.log == ["CONNECT files.example.org:443 200"] }
            #expect(fixture.denials.isEmpty)
        }
        await company.close()
        await secure.close()
    }

    @Test func plainHTTPWithAnotherHostIsRefused() async throws {
        try await run { fixture, _, _, _, _ in
            let client = try await fixture.connect(to: "web.example.org:80")
            let response = try await client.exchange("GET / HTTP/1.1\r\nHost: metadata.internal\r\n\r\n")
            #expect(response.status == 403)
            #expect(response.header("x-hoopx-denied") == "name_mismatch")
        }
    }

    @Test func aProxyThatWantsAPasswordIsNamedAsTheReason() async throws {
        let company = try await CompanyProxy(ports: [:], authorization: "Basic dTpw")
        let connection = ProxyFixture.Connection()
        try await ProxyFixture.run([connection], environment: ["HTTPS_PROXY": company.url]) { fixture in
            let client = try await fixture.connect(to: "api.example.com:443", serverName: "api.example.com")
            let response = try await client.exchange(fixture.tlsRequest("GET /"))
            #expect(response.status == 502)
            #expect(response.body.contains("asks for a user and a password"), "\(response.body)")
        }
        await company.close()
    }
}

/// What no rule names.
struct DeniedDestinationTests {
    @Test(arguments: [
        "evil.example.com:443", "evil.example.com:22", "192.0.2.1:443", "127.0.0.1:5432", "169.254.169.254:80",
        "127.0.0.1:80",
    ])
    func aDeniedDestinationRefusesTheConnection(destination: String) async throws {
        try await ProxyFixture.run { fixture in
            await #expect(throws: ProxyFixture.Refused(errno: ECONNREFUSED)) {
                try await fixture.connect(to: destination)
            }
            #expect(fixture.denials.count == 1)
            let record = try fixture.recorded()
            #expect(record.denials.count == 1)
        }
    }

    @Test func plainHTTPToADeniedHostGetsAReadableAnswer() async throws {
        try await ProxyFixture.run { fixture in
            let client = try await fixture.connect(to: "evil.example.com:80")
            let response = try await client.exchange("GET / HTTP/1.1\r\nHost: evil.example.com\r\n\r\n")
            #expect(response.status == 403)
            #expect(response.header("content-type") == "text/plain; charset=utf-8")
            #expect(response.body.contains("add \"evil.example.com:80\" to egress.tunnel"))
            #expect(fixture.denials.map(\.code) == [.destinationNotAllowed])
            #expect(try fixture.recorded().connections.first?.verdict == .denied(.destinationNotAllowed))
        }
    }

    @Test func aReservedPortCannotBeReachedOrTakenFromOutside() async throws {
        try await ProxyFixture.run { fixture in
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = fixture.proxy.explicitProxyPort.bigEndian
            address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
                    #expect(Glibc.connect(descriptor, name, length) == -1 && errno == ECONNREFUSED)
                    #expect(bind(descriptor, name, length) == -1 && errno == EADDRINUSE)
                }
            }
        }
    }
}
