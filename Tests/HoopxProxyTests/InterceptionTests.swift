import Glibc
import HoopxCore
import HoopxOutbound
import HoopxTestSupport
import NIOPosix
import NIOSSL
import Testing

@testable import HoopxProxy

/// TLS to a connection's host: terminated with the run's authority, and verified in full on the other side.
struct InterceptionTests {
    private func run(
        upstreamNames: [String] = ["127.0.0.1"], validFrom: Double = -3600, trustsUpstream: Bool = true,
        _ body: (ProxyFixture, LoopbackHTTPServer) async throws -> Void
    ) async throws {
        let upstreamAuthority = try TestCertificateAuthority()
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let caPath = try directory.file(
            "ca.pem", trustsUpstream ? upstreamAuthority.pem : TestCertificateAuthority().pem)
        let context = try upstreamAuthority.serverContext(for: upstreamNames, validFrom: validFrom)
        let server = try await LoopbackHTTPServer(tls: context) { _ in .answer("intercepted") }
        let connection = ProxyFixture.Connection(upstream: "https://127.0.0.1:\(server.port)", upstreamCA: caPath)
        try await ProxyFixture.run([connection]) { fixture in try await body(fixture, server) }
        await server.close()
    }

    @Test func aClientThatTrustsTheRunsAuthorityIsServedOverTLS() async throws {
        try await run { fixture, server in
            let client = try await fixture.connect(to: "api.example.com:443", serverName: "api.example.com")
            let response = try await client.exchange(
                fixture.tlsRequest("POST /v1/messages", "x-api-key: \(fixture.held)"))
            #expect(response.body == "intercepted")
            #expect(server.requests.first?.headers["x-api-key"] == [ProxyFixture.token])
            let second = try await client.exchange(fixture.tlsRequest("GET /v1/models"))
            #expect(second.status == 200)
            #expect(server.connectionCount == 1)
        }
    }

    @Test func aClientWithoutTheRunsAuthorityRefusesTheLeaf() async throws {
        try await run { fixture, server in
            let stranger = try NIOSSLCertificate.fromPEMBytes(Array(TestCertificateAuthority().pem.utf8))
            let client = try await fixture.connect(
                to: "api.example.com:443", serverName: "api.example.com", trusting: stranger)
            client.send(fixture.tlsRequest("GET /"))
            try await client.untilClosed()
            #expect(server.requests.isEmpty)
        }
    }

    @Test func anotherServerNameThanTheResolvedOneIsRefusedWithAnAlert() async throws {
        try await run { fixture, _ in
            let client = try await fixture.connect(to: "api.example.com:443", serverName: "evil.example.net")
            try await client.untilClosed()
            #expect("\(String(describing: client.error))".lowercased().contains("unrecognized"))
            #expect(fixture.denials.map(\.code) == [.nameMismatch])
            #expect(try fixture.recorded().connections.first?.verdict == .denied(.nameMismatch))
        }
    }

    @Test func anotherHostFieldThanTheResolvedNameIsRefused() async throws {
        try await run { fixture, server in
            let client = try await fixture.connect(to: "api.example.com:443", serverName: "api.example.com")
            let request = fixture.tlsRequest("GET /").replacing("Host: api", with: "Host: evil")
            let response = try await client.exchange(request)
            #expect(response.status == 403)
            #expect(response.header("x-hoopx-denied") == "name_mismatch")
            #expect(server.requests.isEmpty)
        }
    }

    @Test(arguments: ["api.example.com.", "API.example.com", "api.example.com:443"])
    func otherSpellingsOfTheNameAreTheName(host: String) async throws {
        try await run { fixture, _ in
            let client = try await fixture.connect(to: "api.example.com:443", serverName: "api.example.com")
            let request = fixture.tlsRequest("GET /").replacing("Host: api.example.com", with: "Host: \(host)")
            let response = try await client.exchange(request)
            #expect(response.status == 200)
        }
    }

    @Test(arguments: [
        (["other.example.com"], -3600.0, true), (["127.0.0.1"], -200_000.0, true), (["127.0.0.1"], 7200.0, true),
        (["127.0.0.1"], -3600.0, false),
    ])
    func anUpstreamWhoseCertificateDoesNotVerifyGetsNothing(
        names: [String], validFrom: Double, isTrusted: Bool
    ) async throws {
        try await run(upstreamNames: names, validFrom: validFrom, trustsUpstream: isTrusted) { fixture, server in
            let client = try await fixture.connect(to: "api.example.com:443", serverName: "api.example.com")
            let response = try await client.exchange(fixture.tlsRequest("GET /"))
            #expect(response.status == 502)
            #expect(response.header("x-hoopx-denied") == "upstream_unreachable")
            let found = names == ["127.0.0.1"] ? "certificate verify failed" : "it names other hosts"
            #expect(response.body.contains("does not verify: \(found)\""), "\(response.body)")
            #expect(server.requests.isEmpty)
        }
    }

    @Test func anUpstreamThatSpeaksNoTLSIsSaidToDoSo() async throws {
        let server = try await LoopbackHTTPServer { _ in .answer("{}") }
        let connection = ProxyFixture.Connection(entry: .baseURL, upstream: "https://127.0.0.1:\(server.port)")
        try await ProxyFixture.run([connection]) { fixture in
            let client = try await fixture.connect(to: "127.0.0.1:\(try fixture.basePort)")
            let response = try await client.exchange(fixture.request("GET /"))
            #expect(response.status == 502 && response.header("x-hoopx-denied") == "upstream_unreachable")
            #expect(response.body.contains("cannot be reached: TLS fails: wrong version number\""), "\(response.body)")
        }
        await server.close()
    }

    @Test func theRunsAuthorityOutlastsALongRun() async throws {
        try await ProxyFixture.run { fixture in
            let authority = try NIOSSLCertificate.fromPEMBytes(Array(fixture.authority.certificatePEM.utf8))[0]
            #expect(authority.notValidAfter > time(nil) + 365 * 86_400)
        }
    }

    @Test func theRunsAuthorityDoesNotVouchForUpstreams() async throws {
        try await ProxyFixture.run { fixture in
            let trust = UpstreamTrust(environment: [:])
            #expect(trust.bundlePath != nil)
            let server = try await fixture.server(
                tls: try fixture.authority.serverContext(for: .address(.loopback)))
            let target = UpstreamTarget(
                destination: .init(host: .address(.loopback), port: UInt16(server.port)), isTLS: true, caPath: nil,
                mayBeLocal: true)
            let connector = try UpstreamConnector.forTests(trust: trust)
            await #expect(throws: UpstreamFailure.self) {
                try await connector.connectForRequests(to: target, on: MultiThreadedEventLoopGroup.singleton.any())
                    .get()
            }
        }
    }
}

extension ProxyFixture {
    func tlsRequest(_ line: String, _ fields: String..., body: String = "") -> String {
        let isBodyless = line.hasPrefix("GET") || line.hasPrefix("HEAD")
        let length = isBodyless ? [] : ["Content-Length: \(body.utf8.count)"]
        return (["\(line) HTTP/1.1", "Host: api.example.com"] + fields + length + ["", ""]).joined(separator: "\r\n")
            + body
    }
}
