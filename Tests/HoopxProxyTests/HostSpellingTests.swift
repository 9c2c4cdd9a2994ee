import HoopxCore
import HoopxTestSupport
import NIOCore
import Testing

@testable import HoopxProxy

/// A host can be spelled in many ways. Each spelling is read as the one name or address that it means, or refused: never
/// as one thing by the rules and as another by whoever connects.
struct HostSpellingTests {
    private static let host = "files.example.org"

    /// What no host of a rule is, whatever other programs make of it.
    private static let foreign = [
        "", ".", "files.example.org..", ".files.example.org", "files..example.org", "files.example.org\u{0}",
        "files.example.org\u{0}.evil.example", "files.example.org\r\nHost: evil.example", "files.example.org\n",
        "files.example.org ", " files.example.org", "files.example.org%00", "files.example.org@evil.example",
        "files.example.org#evil.example", "files.example.org/", "files.example.org\\", "*.example.org", "*",
        // U-labels and letters that only look alike; a resolver would map the first to xn--fles-vpa.
        "f\u{ef}les.example.org", "\u{ff46}iles.example.org", "files\u{3002}example\u{3002}org",
        "f\u{131}les.example.org",
        "files.example.org\u{200b}",
        // inet_aton(3) takes these for 127.0.0.1.
        "2130706433", "0x7f000001", "017700000001", "127.1", "127.0.1", "0177.0.0.1", "0x7f.0.0.1", "127.0.0.01",
        "127.0.0.1.", "127.0.0.256", "127.0.0.1.5", "1.2.3.0x4",
        "fe80::1%lo", "[fe80::1%lo]", "[fe80::1%25lo]", "[::1", "::1]", "[]", "[127.0.0.1]", "[files.example.org]",
    ]

    private func run(_ body: (ProxyFixture, TestClient, CompanyProxy, LoopbackHTTPServer) async throws -> Void)
        async throws
    {
        let plain = try await LoopbackHTTPServer { .answer("plain \($0.path)") }
        let company = try await CompanyProxy(ports: ["\(Self.host):443": plain.port])
        let tunnels = ["\(Self.host):443", "127.0.0.1:\(plain.port)", "[2001:db8::7]:443"]
        try await ProxyFixture.run(tunnels: tunnels, environment: ["HTTPS_PROXY": company.url]) { fixture in
            let client = try await fixture.connect(to: "127.0.0.1:\(fixture.proxy.explicitProxyPort)")
            try await body(fixture, client, company, plain)
        }
        await company.close()
        await plain.close()
    }

    // MARK: The server name of TLS

    @Test(arguments: ["files.example.org", "FILES.example.ORG", "files.example.org."])
    func aServerNameOfTheResolvedHostIsTunnelled(spelling: String) async throws {
        try await run { fixture, _, company, _ in
            let client = try await fixture.connect(to: "\(Self.host):443")
            try await client.send(ClientHelloTests.hello(names: [[spelling]]))
            try await eventually("the tunnel") { company.log == ["CONNECT files.example.org:443 200"] }
            #expect(fixture.denials.isEmpty)
        }
    }

    @Test func everyOtherServerNameIsRefused() async throws {
        try await run { fixture, _, company, _ in
            let lists =
                Self.foreign.map { [$0] } + [
                    [Self.host, "evil.example"], ["evil.example", Self.host], [Self.host, Self.host],
                    ["127.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], ["evil.example"], ["xn--fles-vpa.example.org"],
                ]
            for names in lists {
                let before = fixture.denials.count
                let client = try await fixture.connect(to: "\(Self.host):443")
                try await client.send(ClientHelloTests.hello(names: [names]))
                try await client.untilClosed()
                #expect(fixture.denials.dropFirst(before).map(\.code) == [.nameMismatch], "\(names)")
            }
            #expect(company.log.isEmpty, "nothing was opened for any of them")
        }
    }

    @Test func aHelloWithSeveralNamesIsRefusedByAConnectionToo() async throws {
        let upstream = try await LoopbackHTTPServer { _ in .answer("reached") }
        try await ProxyFixture.run([ProxyFixture.Connection(upstream: upstream.url)]) { fixture in
            let client = try await fixture.connect(to: "api.example.com:443")
            try await client.send(ClientHelloTests.hello(names: [["api.example.com", "evil.example"]]))
            try await client.untilClosed()
            #expect(fixture.denials.map(\.code) == [.nameMismatch])
        }
        #expect(upstream.requests.isEmpty)
        await upstream.close()
    }

    // MARK: The place of CONNECT

    @Test(arguments: [
        "files.example.org:443", "Files.Example.ORG:443", "files.example.org.:443", "files.example.org:0443",
    ])
    func aPlaceThatIsTheHostOfARuleIsConnectedUnderTheHostsName(place: String) async throws {
        try await run { fixture, client, company, _ in
            client.send("CONNECT \(place) HTTP/1.1\r\n\r\n")
            try await client.until("the answer") { $0.hasSuffix("\r\n\r\n") }
            #expect(client.text.hasPrefix("HTTP/1.1 200 "))
            try await client.send(ClientHelloTests.hello(names: [[Self.host]]))
            try await eventually("the tunnel") { company.log == ["CONNECT files.example.org:443 200"] }
        }
    }

    @Test func aMappedAddressIsItsIPv4Address() async throws {
        for spelling in ["[::ffff:127.0.0.1]", "[::FFFF:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "127.0.0.1"] {
            try await run { fixture, client, _, plain in
                client.send("CONNECT \(spelling):\(plain.port) HTTP/1.1\r\n\r\n")
                try await client.until("the answer") { $0.hasSuffix("\r\n\r\n") }
                client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
                try await client.until("the tunnelled answer") { $0.contains("plain /x") }
                #expect(try fixture.recorded().connections.first?.destination.description == "127.0.0.1:\(plain.port)")
            }
        }
    }

    @Test func aPlaceThatIsNoHostIsMalformed() async throws {
        try await run { fixture, _, company, plain in
            for host in Self.foreign {
                for port in ["443", String(plain.port)] {
                    let before = fixture.denials.count
                    let client = try await fixture.connect(to: "127.0.0.1:\(fixture.proxy.explicitProxyPort)")
                    client.send("CONNECT \(host):\(port) HTTP/1.1\r\n\r\n")
                    try await client.untilClosed()
                    let response = try await client.response()
                    #expect(response.status == 400, "\(host.debugDescription)")
                    #expect(fixture.denials.dropFirst(before).map(\.code) == [.malformedRequest])
                }
            }
            #expect(company.log.isEmpty && plain.connectionCount == 0)
        }
    }

    @Test(arguments: ["0", "65536", "+443", "-1", "", "443x", "0x1bb", "4 43", "\u{664}\u{664}\u{663}", "4294967739"])
    func aPortThatIsNoneIsMalformed(port: String) async throws {
        try await run { fixture, client, company, _ in
            client.send("CONNECT \(Self.host):\(port) HTTP/1.1\r\n\r\n")
            try await client.untilClosed()
            #expect(try await client.response().status == 400)
            #expect(fixture.denials.map(\.code) == [.malformedRequest])
            #expect(company.log.isEmpty)
        }
    }
}
