import HoopxTestSupport
import NIOCore
import Testing

@testable import HoopxProxy

/// Nobody holds a connection open for nothing.
struct DeadlineTests {
    private func run(
        _ change: (inout Deadlines) -> Void, tunnels: [String] = [], respond: @escaping LoopbackHTTPServer.Responder,
        _ body: (ProxyFixture) async throws -> Void
    ) async throws {
        var deadlines = Deadlines()
        change(&deadlines)
        let server = try await LoopbackHTTPServer(respond: respond)
        let connection = ProxyFixture.Connection(entry: .baseURL, upstream: server.url)
        try await ProxyFixture.run([connection], tunnels: tunnels, deadlines: deadlines) { try await body($0) }
        await server.close()
    }

    @Test(arguments: ["", "GET / HTTP/1.1\r\nHost: "])
    func aHeadThatDoesNotComeEndsTheConnection(beginning: String) async throws {
        try await run({ $0.firstBytes = .milliseconds(100) }, respond: { _ in .answer("{}") }) { fixture in
            let client = try await fixture.connect(to: "127.0.0.1:\(try fixture.basePort)")
            client.send(beginning)
            try await client.untilClosed()
        }
    }

    @Test(arguments: ["", "\u{16}\u{3}\u{1}", "GET"])
    func firstBytesThatTellNothingEndTheConnection(beginning: String) async throws {
        try await run(
            { $0.firstBytes = .milliseconds(100) }, tunnels: ["files.example.org:443"], respond: { _ in .answer("{}") }
        ) { fixture in
            let client = try await fixture.connect(to: "files.example.org:443")
            client.send(beginning)
            try await client.untilClosed()
        }
    }

    @Test func aKeptConnectionWithoutRequestsEnds() async throws {
        try await run({ $0.nextRequest = .milliseconds(100) }, respond: { _ in .answer("{}") }) { fixture in
            let client = try await fixture.connect(to: "127.0.0.1:\(try fixture.basePort)")
            let response = try await client.exchange(fixture.request("GET /"))
            #expect(response.status == 200)
            try await client.untilClosed()
        }
    }

    @Test(arguments: ["Connection: close", "Connection: keep-alive"])
    func aRefusedRequestWhoseBodyNeverEndsEndsTheConnection(field: String) async throws {
        let gone = try await LoopbackHTTPServer { _ in .answer("{}") }
        await gone.close()
        let connection = ProxyFixture.Connection(entry: .baseURL, upstream: gone.url)
        var deadlines = Deadlines(exchange: .milliseconds(200), wholeBody: .milliseconds(10))
        deadlines.lingering = .milliseconds(100)
        try await ProxyFixture.run([connection], deadlines: deadlines) { fixture in
            let client = try await fixture.connect(to: "127.0.0.1:\(try fixture.basePort)")
            client.send(
                fixture.request("POST /", "x-api-key: \(fixture.held)", field, "Content-Length: 9") + "abc")
            let response = try await client.response()
            #expect(response.status == 502)
            try await client.untilClosed()
        }
    }

    @Test func anUpstreamThatNeverAnswersIsGivenUp() async throws {
        let gate = EventGate()
        try await run({ $0.exchange = .milliseconds(200) }, respond: { _ in [.gate(gate), .end(nil)] }) { fixture in
            let client = try await fixture.connect(to: "127.0.0.1:\(try fixture.basePort)")
            let response = try await client.exchange(fixture.request("GET /"))
            #expect(response.status == 502)
            #expect(response.body.contains("nothing moved for too long"))
        }
        gate.open()
    }

    @Test func aStreamThatMovesIsNotGivenUp() async throws {
        let steps: [ResponseStep] = (0..<8).flatMap { [.text("data: \($0)\n\n"), .pause(.milliseconds(100))] }
        try await run(
            { $0.exchange = .milliseconds(400) },
            respond: { _ in [.head(.ok, ["transfer-encoding": "chunked"])] + steps + [.end(nil)] }
        ) { fixture in
            let client = try await fixture.connect(to: "127.0.0.1:\(try fixture.basePort)")
            let response = try await client.exchange(fixture.request("GET /"))
            #expect(response.body.hasSuffix("data: 7\n\n"))
        }
    }
}
