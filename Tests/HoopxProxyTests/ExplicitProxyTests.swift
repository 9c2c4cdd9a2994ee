import HoopxCore
import HoopxTestSupport
import NIOCore
import NIOSSL
import Testing

@testable import HoopxProxy

/// The proxy that the fallback without name resolution tells clients of.
struct ExplicitProxyTests {
    private func run(_ body: (ProxyFixture, TestClient, LoopbackHTTPServer) async throws -> Void) async throws {
        let server = try await LoopbackHTTPServer { .answer("host \($0.headers["host"][0]) \($0.uri)") }
        let connection = ProxyFixture.Connection(upstream: server.url)
        try await ProxyFixture.run([connection], tunnels: ["127.0.0.1:\(server.port)"]) { fixture in
            let client = try await fixture.connect(to: "127.0.0.1:\(fixture.proxy.explicitProxyPort)")
            try await body(fixture, client, server)
        }
        await server.close()
    }

    @Test func connectLeadsWhereTheTargetsOwnConnectWould() async throws {
        try await run { fixture, client, server in
            client.send("CONNECT 127.0.0.1:\(server.port) HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n\r\n")
            try await client.until("the answer") { $0.hasSuffix("\r\n\r\n") }
            #expect(client.text.hasPrefix("HTTP/1.1 200 "))
            client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            try await client.until("the tunnelled answer") { $0.contains("host a /x") }
            let record = try #require(try fixture.recorded().connections.first)
            #expect(record.destination.description == "127.0.0.1:\(server.port)")
            #expect(record.verdict == .tunnel(rule: "127.0.0.1:\(server.port)"))
        }
    }

    @Test func connectToAConnectionIsIntercepted() async throws {
        try await run { fixture, client, _ in
            client.send("CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443\r\n\r\n")
            try await client.until("the answer") { $0.hasSuffix("\r\n\r\n") }
            try await client.startTLS(
                "api.example.com",
                trusting: try NIOSSLCertificate.fromPEMBytes(Array(fixture.authority.certificatePEM.utf8)))
            client.send(fixture.tlsRequest("GET /v1/models"))
            try await client.until("the intercepted answer") { $0.contains("/v1/models") }
        }
    }

    @Test(arguments: ["evil.example.com:443", "127.0.0.1:1", "169.254.169.254:80"])
    func connectToADeniedPlaceIsRefusedReadably(place: String) async throws {
        try await run { fixture, client, _ in
            client.send("CONNECT \(place) HTTP/1.1\r\nHost: \(place)\r\n\r\n")
            try await client.untilClosed()
            let response = try await client.response()
            #expect(response.status == 403)
            let key = place.hasPrefix("127.") ? "egress.loopback" : "egress.tunnel"
            #expect(response.body.contains(key), "and what would allow it")
            #expect(fixture.denials.count == 1)
        }
    }

    @Test(arguments: [
        "CONNECT api.example.com HTTP/1.1\r\n\r\n", "CONNECT a\u{0}b:443 HTTP/1.1\r\n\r\n",
        "CONNECT :443 HTTP/1.1\r\n\r\n",
        "CONNECT a:443 HTTP/1.1 x\r\n\r\n", "CONNECT a:0443x HTTP/1.1\r\n\r\n", "CONNECT http://a:443 HTTP/1.1\r\n\r\n",
        "CONNECT a b:443 HTTP/1.1\r\n\r\n", "CONNECT a:443\r\n\r\n",
    ])
    func aConnectThatNamesNoPlaceIsMalformed(head: String) async throws {
        try await run { fixture, client, _ in
            client.send(head)
            try await client.untilClosed()
            let response = try await client.response()
            #expect(response.status == 400)
            #expect(fixture.denials.map(\.code) == [.malformedRequest])
        }
    }

    @Test func aWholeURLIsForwardedToAnAllowedHost() async throws {
        try await run { fixture, client, server in
            let place = "127.0.0.1:\(server.port)"
            let response = try await client.exchange("GET http://\(place)/a?b=c HTTP/1.1\r\nHost: \(place)\r\n\r\n")
            #expect(response.body == "host \(place) /a?b=c")
            let denied = try await client.exchange(
                "GET http://evil.example.com/ HTTP/1.1\r\nHost: evil.example.com\r\n\r\n")
            #expect(denied.header("x-hoopx-denied") == "destination_not_allowed")
            let other = try await client.exchange("GET http://\(place)/ HTTP/1.1\r\nHost: evil.example.com\r\n\r\n")
            #expect(other.header("x-hoopx-denied") == "name_mismatch")
            #expect(server.requests.count == 1)
        }
    }

    @Test func theHeadOfAConnectMayComeInPieces() {
        let whole = "CONNECT api.example.com:443 HTTP/1.1\r\nHost: a\r\n\r\n"
        for length in 0..<whole.utf8.count {
            var part = ByteBuffer(bytes: Array(whole.utf8.prefix(length)))
            if length > 0 { #expect(ConnectHead(&part) == .incomplete, "\(length)") }
        }
        var bytes = ByteBuffer(string: whole + "rest")
        #expect(ConnectHead(&bytes) == .connect(Destination(host: .name(DomainName("api.example.com")!), port: 443)))
        #expect(String(buffer: bytes) == "rest")
    }
}
