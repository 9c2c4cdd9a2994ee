import Glibc
import HoopxCore
import HoopxCredentials
import HoopxTestSupport
import NIOSSL
import Testing

@testable import HoopxProxy

/// After a session's end nothing new passes; what passed before goes on.
struct SessionEndTests {
    private func run(
        session: SessionCredential = SessionCredential(),
        respond: @escaping LoopbackHTTPServer.Responder = { _ in .answer("{}") },
        _ body: (ProxyFixture, LoopbackHTTPServer) async throws -> Void
    ) async throws {
        let server = try await LoopbackHTTPServer(respond: respond)
        let connections = [
            ProxyFixture.Connection(upstream: server.url),
            ProxyFixture.Connection(
                name: "open", hosts: ["open.example.com:443"], upstream: server.url, source: nil),
        ]
        try await ProxyFixture.run(
            connections, tunnels: ["127.0.0.1:\(server.port)", "files.example.org:443", "web.example.org:80"],
            session: session
        ) { try await body($0, server) }
        await server.close()
    }

    enum End: CaseIterable {
        case expiry, idleness, exit, identity

        var code: ReasonCode {
            switch self {
            case .expiry: .sessionExpired
            case .idleness: .sessionIdle
            case .exit: .sessionRevoked
            case .identity: .identityEnded
            }
        }

        func session(_ clock: ManualClock) -> SessionCredential {
            SessionCredential(
                maxDuration: self == .expiry ? .seconds(100) : nil,
                idleTimeout: self == .idleness ? .seconds(100) : nil,
                clock: { clock.now })
        }

        func happen(to session: SessionCredential, _ clock: ManualClock) {
            switch self {
            case .expiry, .idleness: clock.advance(by: .seconds(100))
            case .exit: session.revoke()
            case .identity: session.end(identity: "the refresh was refused")
            }
        }
    }

    @Test(arguments: End.allCases)
    func aRequestAfterTheEndIsDeniedAndRecorded(end: End) async throws {
        let clock = ManualClock()
        try await run(session: end.session(clock)) { fixture, server in
            let client = try await fixture.connect(to: "api.example.com:443", serverName: "api.example.com")
            let request = fixture.tlsRequest("POST /v1/messages", "x-api-key: \(fixture.held)", body: "x")
            #expect(try await client.exchange(request).status == 200)
            end.happen(to: fixture.session, clock)
            for _ in 0..<2 {
                let response = try await client.exchange(request)
                #expect(response.status == 403)
                #expect(response.header("x-hoopx-denied") == end.code.rawValue)
                #expect(response.header("x-should-retry") == "false")
                #expect(response.body.contains("hoopx run"), "\(response.body)")
            }
            #expect(server.requests.count == 1)
            let recorded = try fixture.recorded()
            #expect(recorded.requests.map(\.denial) == [nil, end.code, end.code])
            #expect(recorded.requests.map(\.credential) == [.injected, .refused, .refused])
            #expect(recorded.denials.map(\.count) == [2], "they are one denial, counted")
        }
    }

    @Test(arguments: ["api.example.com", "open.example.com"], ["GET", "POST"])
    func aRequestWithoutThePlaceholderIsDeniedToo(host: String, method: String) async throws {
        try await run { fixture, server in
            fixture.session.revoke()
            let client = try await fixture.connect(to: "\(host):443", serverName: host)
            let response = try await client.exchange(
                "\(method) / HTTP/1.1\r\nHost: \(host)\r\nContent-Length: 0\r\n\r\n")
            #expect(response.header("x-hoopx-denied") == "session_revoked")
            #expect(server.requests.isEmpty)
        }
    }

    @Test func whatIsRefusedCountsAsAUse() async throws {
        let clock = ManualClock()
        let session = SessionCredential(idleTimeout: .seconds(100), clock: { clock.now })
        let source = ProxyFixture.Connection(entry: .baseURL, upstream: "http://127.0.0.1:1", source: EmptySource())
        try await ProxyFixture.run([source], session: session) { fixture in
            let client = try await fixture.connect(to: "127.0.0.1:\(try fixture.basePort)")
            for _ in 0..<3 {
                clock.advance(by: .seconds(60))
                let response = try await client.exchange(
                    fixture.request("POST /", "x-api-key: \(fixture.held)", body: "x"))
                #expect(response.header("x-hoopx-denied") == "credential_unavailable")
            }
            // Without the placeholder it is no use.
            for expected in ["credential_missing", "session_idle"] {
                clock.advance(by: .seconds(60))
                let response = try await client.exchange(fixture.request("POST /", body: "x"))
                #expect(response.header("x-hoopx-denied") == expected)
            }
        }
    }

    @Test func whatTheTargetSendsOfABodyAfterTheEndEndsTheRequest() async throws {
        try await run { fixture, server in
            let client = try await fixture.connect(to: "api.example.com:443", serverName: "api.example.com")
            client.send(fixture.request("POST /", "x-api-key: \(fixture.held)", "Transfer-Encoding: chunked"))
            client.send("3\r\nabc\r\n")
            try await eventually("the request to go on") { server.connectionCount == 1 }
            fixture.session.end(identity: "the refresh was refused")
            client.send("3\r\ndef\r\n")
            let response = try await client.response()
            #expect(response.header("x-hoopx-denied") == "identity_ended")
            #expect(try fixture.recorded().requests.map(\.denial) == [.identityEnded])
            client.send("0\r\n\r\n")
            #expect(server.requests.isEmpty)
        }
    }

    @Test func aBodyThatIsWholeOnlyAfterTheEndIsNotSigned() async throws {
        let server = try await LoopbackHTTPServer { _ in .answer("{}") }
        let signed = ProxyFixture.Connection(
            dialect: .aws, entry: .baseURL, upstream: server.url, source: AWSSource())
        try await ProxyFixture.run([signed]) { fixture in
            let client = try await fixture.connect(to: "127.0.0.1:\(try fixture.basePort)")
            client.send(
                fixture.request(
                    "POST /", "Authorization: \(fixture.clientSignature)", "Expect: 100-continue", "Content-Length: 4"))
            try await client.until("the leave") { $0.contains("100 Continue") }
            fixture.session.end(identity: "the refresh was refused")
            client.send("body")
            try await client.until("the denial") { $0.contains("X-Hoopx-Denied: identity_ended") }
            #expect(server.connectionCount == 0)
            #expect(fixture.denials.map(\.code) == [.identityEnded])
        }
        await server.close()
    }

    @Test func aRequestThatWaitsForItsCredentialIsNotSentAfterTheEnd() async throws {
        let source = WaitingSource()
        let server = try await LoopbackHTTPServer { _ in .answer("{}") }
        let connection = ProxyFixture.Connection(entry: .baseURL, upstream: server.url, source: source)
        try await ProxyFixture.run([connection]) { fixture in
            let client = try await fixture.connect(to: "127.0.0.1:\(try fixture.basePort)")
            client.send(fixture.request("POST /", "x-api-key: \(fixture.held)", body: "x"))
            await source.untilAsked()
            fixture.session.end(identity: "the refresh was refused")
            source.answer()
            let response = try await client.response()
            #expect(response.header("x-hoopx-denied") == "identity_ended")
            #expect(server.connectionCount == 0)
        }
        await server.close()
    }

    @Test func aResponseThatStreamsGoesOnToItsEnd() async throws {
        let clock = ManualClock()
        let session = SessionCredential(maxDuration: .seconds(100), idleTimeout: .seconds(50), clock: { clock.now })
        let gate = EventGate()
        let parts: @Sendable (ReceivedRequest) -> [ResponseStep] = { _ in
            [.head(.ok, [:]), .text("first\n"), .gate(gate), .text("last\n"), .end(nil)]
        }
        try await run(session: session, respond: parts) { fixture, server in
            let client = try await fixture.connect(to: "api.example.com:443", serverName: "api.example.com")
            let request = fixture.tlsRequest("POST /", "x-api-key: \(fixture.held)", body: "x")
            client.send(request)
            try await client.until("the first event") { $0.contains("first") }
            // Nobody is idle while an answer comes.
            clock.advance(by: .seconds(90))
            #expect(session.denial(of: "x") == nil)
            clock.advance(by: .seconds(10))
            #expect(session.denial(of: "x")?.code == .sessionExpired)
            gate.open()
            let response = try await client.response()
            #expect(response.body.contains("last"))
            #expect(try await client.exchange(request).header("x-hoopx-denied") == "session_expired")
            #expect(server.requests.count == 1)
        }
    }

    // MARK: tunnels

    @Test func aNewTunnelIsRefusedAndRecorded() async throws {
        try await run { fixture, server in
            fixture.session.revoke()
            for destination in ["127.0.0.1:\(server.port)", "files.example.org:443"] {
                await #expect(throws: ProxyFixture.Refused(errno: ECONNREFUSED)) {
                    try await fixture.connect(to: destination)
                }
            }
            #expect(fixture.denials.map(\.code) == [.sessionRevoked, .sessionRevoked])
            let recorded = try fixture.recorded()
            #expect(recorded.denials.count == 2)
        }
    }

    @Test func plainHTTPToATunnelledHostIsTold() async throws {
        try await run { fixture, server in
            fixture.session.revoke()
            let client = try await fixture.connect(to: "web.example.org:80")
            let response = try await client.exchange("GET / HTTP/1.1\r\nHost: web.example.org\r\n\r\n")
            #expect(response.status == 403 && response.header("x-hoopx-denied") == "session_revoked")
        }
    }

    @Test func aTunnelWhoseFirstBytesComeAfterTheEndIsDenied() async throws {
        try await run { fixture, _ in
            let client = try await fixture.connect(to: "files.example.org:443")
            fixture.session.revoke()
            try await client.startTLS("files.example.org", trusting: [])
            try await client.untilClosed()
            #expect(fixture.denials.map(\.code) == [.sessionRevoked])
            #expect(try fixture.recorded().connections.map(\.verdict) == [.denied(.sessionRevoked)])
        }
    }

    @Test(arguments: [false, true])
    func whatTheTargetSendsIntoAnOpenTunnelEndsIt(commandHasEnded: Bool) async throws {
        let gate = EventGate()
        let parts: @Sendable (ReceivedRequest) -> [ResponseStep] = { _ in
            [.head(.ok, [:]), .text("first\n"), .gate(gate), .text("last\n"), .end(nil)]
        }
        try await run(respond: parts) { fixture, server in
            let client = try await fixture.connect(to: "127.0.0.1:\(server.port)")
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            try await client.until("the first bytes") { $0.contains("first") }
            if commandHasEnded { fixture.session.revoke() } else { fixture.session.end(identity: "it was locked") }
            gate.open()
            let response = try await client.response()
            #expect(response.body.contains("last"), "what was asked for before still comes")
            client.send("GET /again HTTP/1.1\r\nHost: a\r\n\r\n")
            try await client.untilClosed()
            #expect(server.requests.count == 1)
            #expect(fixture.denials.map(\.code) == (commandHasEnded ? [] : [.identityEnded]))
        }
    }

    @Test func theExplicitProxyRefusesATunnelReadably() async throws {
        try await run { fixture, server in
            fixture.session.revoke()
            let client = try await fixture.connect(to: "127.0.0.1:\(fixture.proxy.explicitProxyPort)")
            client.send("CONNECT files.example.org:443 HTTP/1.1\r\nHost: files.example.org:443\r\n\r\n")
            let response = try await client.response()
            #expect(response.status == 403 && response.header("x-hoopx-denied") == "session_revoked")
            #expect(try fixture.recorded().connections.map(\.verdict) == [.denied(.sessionRevoked)])
        }
    }

    // MARK: other runs

    @Test(arguments: ["x-api-key: OTHER", "Authorization: Bearer OTHER"])
    func thePlaceholderOfAnotherRunIsForeignAndSaysSo(field: String) async throws {
        try await run { fixture, server in
            let other = SessionCredential().placeholder.secret.withValue { $0 }
            let client = try await fixture.connect(to: "api.example.com:443", serverName: "api.example.com")
            let response = try await client.exchange(
                fixture.tlsRequest("POST /", field.replacing("OTHER", with: other), body: "x"))
            #expect(response.header("x-hoopx-denied") == "foreign_credential")
            #expect(response.body.contains("the placeholder of another run"), "\(response.body)")
            #expect(!response.body.contains(other))
            #expect(server.requests.isEmpty)
            #expect(try fixture.recorded().requests.map(\.denial) == [.foreignCredential])
        }
    }

    // MARK: leases

    @Test func aRequestIsRecordedWithTheLeaseThatItCarried() async throws {
        try await run { fixture, _ in
            let client = try await fixture.connect(to: "api.example.com:443", serverName: "api.example.com")
            for method in ["GET", "POST"] {
                let field = "x-api-key: \(fixture.held)"
                _ = try await client.exchange(fixture.tlsRequest("\(method) /", field))
            }
            _ = try await client.exchange(fixture.tlsRequest("GET /"))
            let leases = try fixture.recorded().requests.map(\.lease)
            #expect(leases.first??.hasPrefix("lease-") == true)
            #expect(leases == [leases[0], leases[0], nil])
        }
    }
}

/// Gives its credential when the test says so.
private struct WaitingSource: CredentialSource {
    var name: String { "the test" }
    let injection = CredentialInjection.header(.anthropicAPIKey)
    private let asked = AsyncStream.makeStream(of: Void.self)
    private let answered = AsyncStream.makeStream(of: Void.self)

    func untilAsked() async { for await _ in asked.stream { return } }

    func answer() { answered.continuation.yield() }

    func lease() async throws(HoopxError) -> Lease {
        asked.continuation.yield()
        for await _ in answered.stream { break }
        return Lease(token: Secret(ProxyFixture.token))
    }

    func revoke(_ lease: Lease) async throws(HoopxError) -> Bool { false }
}
