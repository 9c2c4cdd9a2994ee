import HoopxTestSupport
import NIOHTTP1
import Testing

@testable import HoopxProxy

/// A connection's requests over the base URL: what arrives at the upstream, and what comes back.
struct ForwardingTests {
    private func run(
        _ respond: @escaping LoopbackHTTPServer.Responder = { _ in .answer("{}") },
        early: @escaping LoopbackHTTPServer.EarlyResponder = { _ in nil },
        _ body: (ProxyFixture, TestClient, LoopbackHTTPServer) async throws -> Void
    ) async throws {
        let server = try await LoopbackHTTPServer(early: early, respond: respond)
        let connection = ProxyFixture.Connection(entry: .baseURL, upstream: server.url + "/gateway")
        try await ProxyFixture.run([connection]) { fixture in
            let client = try await fixture.connect(to: "127.0.0.1:\(try fixture.basePort)")
            try await body(fixture, client, server)
        }
        await server.close()
    }

    @Test func aRequestArrivesWithThePrefixTheUpstreamsHostAndTheRealCredential() async throws {
        try await run { fixture, client, server in
            let response = try await client.exchange(
                fixture.request("POST /v1/messages?beta=true", "x-api-key: \(fixture.held)", body: "{\"a\":1}"))
            #expect(response.status == 200)
            #expect(response.body == "{}")
            let request = try #require(server.requests.first)
            #expect(request.line == "POST /gateway/v1/messages?beta=true")
            #expect(request.headers["host"] == ["127.0.0.1:\(server.port)"])
            #expect(request.headers["x-api-key"] == [ProxyFixture.token])
            #expect(request.text == "{\"a\":1}")
        }
    }

    @Test func requestsOfOneConnectionShareAnUpstreamConnection() async throws {
        try await run { fixture, client, server in
            for _ in 0..<5 {
                let response = try await client.exchange(
                    fixture.request("POST /", "x-api-key: \(fixture.held)", body: "x"))
                #expect(response.status == 200)
            }
            #expect(server.connectionCount == 1)
            #expect(server.requests.count == 5)
        }
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        try await run({ .answer($0.path) }) { fixture, client, _ in
            client.send((1...5).map { fixture.request("GET /\($0)") }.joined())
            for number in 1...5 {
                let response = try await client.response()
                #expect(response.body == "/gateway/\(number)")
            }
        }
    }

    @Test func aChunkedBodyWithTrailersPassesBothWays() async throws {
        try await run { request in
            [
                .head(.ok, ["transfer-encoding": "chunked"]), .text("got "), .bytes(request.body),
                .end(["x-sum": request.trailers?["x-sum"].first ?? "none"]),
            ]
        } _: { fixture, client, server in
            let head = fixture.request(
                "POST /", "x-api-key: \(fixture.held)", "Transfer-Encoding: chunked", "Trailer: x-sum")
            let response = try await client.exchange(
                head + "3\r\nabc\r\n2\r\nde\r\n0\r\nx-sum: 42\r\nx-api-key: other\r\nauthorization: other\r\n\r\n")
            #expect(response.body == "got abcde")
            #expect(response.trailers.map(\.value) == ["42"])
            #expect(server.requests.first?.trailers?.map(\.name) == ["x-sum"])
        }
    }

    @Test func largeChunksPassWithTheirFraming() async throws {
        try await run({ _ in
            [.head(.ok, ["transfer-encoding": "chunked"]), .filling(300_000), .text("."), .filling(70_000), .end(nil)]
        }) { fixture, client, _ in
            let response = try await client.exchange(fixture.request("GET /"))
            #expect(
                response.body == String(repeating: "x", count: 300_000) + "." + String(repeating: "x", count: 70_000))
            let next = try await client.exchange(fixture.request("GET /"))
            #expect(next.body.utf8.count == 370_001)
        }
    }

    @Test func hopByHopFieldsStayOnTheirHop() async throws {
        try await run({ _ in .answer("x", headers: ["keep-alive": "timeout=5", "x-kept": "1"]) }) {
            fixture, client, server in
            let response = try await client.exchange(
                fixture.request(
                    "GET /", "Connection: keep-alive, X-Private", "X-Private: 1", "TE: trailers", "Keep-Alive: 5",
                    "Proxy-Connection: keep-alive", "X-Public: 1"))
            let headers = try #require(server.requests.first?.headers)
            for name in ["connection", "x-private", "te", "keep-alive", "proxy-connection"] {
                #expect(headers[name] == [], "\(name)")
            }
            #expect(headers["x-public"] == ["1"])
            #expect(response.header("keep-alive") == nil)
            #expect(response.header("x-kept") == "1")
        }
    }

    @Test func theBodyWaitsForTheUpstreamsLeave() async throws {
        try await run { fixture, client, server in
            client.send(
                fixture.request("POST /", "x-api-key: \(fixture.held)", "Expect: 100-continue", "Content-Length: 3"))
            let leave = try await client.response()
            #expect(leave.status == 100)
            #expect(try await client.exchange("abc").status == 200)
            #expect(server.requests.first?.text == "abc")
        }
    }

    @Test(arguments: [("HEAD", 200, "5"), ("GET", 204, nil), ("GET", 304, "5")] as [(String, UInt, String?)])
    func aResponseWithoutABodyEndsWithItsHead(method: String, status: UInt, length: String?) async throws {
        try await run { request in
            if request.path.hasSuffix("next") { return .answer("next") }
            var headers: HTTPHeaders = ["x-a": "1"]
            if let length { headers.add(name: "content-length", value: length) }
            return [.head(.init(statusCode: Int(status)), headers), .end(nil)]
        } _: { fixture, client, _ in
            let response = try await client.exchange(fixture.request("\(method) /"), isHead: method == "HEAD")
            #expect(response.status == status)
            if method == "HEAD" { #expect(response.header("content-length") == length) }
            #expect(try await client.exchange(fixture.request("GET /next")).body == "next")
        }
    }

    @Test func aClientOfHTTP10GetsNoChunks() async throws {
        try await run({ _ in [.head(.ok, ["transfer-encoding": "chunked"]), .text("abc"), .end(nil)] }) {
            fixture, client, _ in
            client.send(fixture.request("GET /").replacing("HTTP/1.1", with: "HTTP/1.0"))
            try await client.untilClosed()
            let response = try await client.response()
            #expect(response.header("transfer-encoding") == nil)
            #expect(response.body == "abc")
        }
    }

    @Test func anEarlyAnswerPassesWhileTheBodyIsStillBeingSent() async throws {
        try await run(early: { head in head.method == .POST ? .answer("too large", status: .payloadTooLarge) : nil }) {
            fixture, client, _ in
            client.send(fixture.request("POST /", "x-api-key: \(fixture.held)", "Content-Length: 1000000") + "abc")
            let response = try await client.response()
            #expect(response.status == 413)
            #expect(response.body == "too large")
            try await client.untilClosed()
        }
    }

    @Test func anUpgradeIsRefusedAndAnOfferOfHTTP2Ignored() async throws {
        try await run { fixture, client, server in
            let response = try await client.exchange(
                fixture.request(
                    "GET /", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQ"))
            #expect(response.status == 200)
            #expect(server.requests.first?.headers["upgrade"] == [])
            let second = try await fixture.connect(to: "127.0.0.1:\(try fixture.basePort)")
            let refused = try await second.exchange(
                fixture.request("GET /", "Connection: Upgrade", "Upgrade: websocket"))
            #expect(refused.status == 501)
            #expect(refused.header("x-hoopx-denied") == "upgrade_refused")
            #expect(server.requests.count == 1)
        }
    }

    @Test func aKeptConnectionThatWasClosedIsReplacedWithoutTheClientsNotice() async throws {
        // The server closes after each answer, without having said so.
        try await run({ _ in .answer("x") + [.abort] }) { fixture, client, server in
            for _ in 0..<3 {
                let response = try await client.exchange(fixture.request("GET /"))
                #expect(response.status == 200)
            }
            #expect(server.requests.count == 3)
        }
    }

    @Test func whatWasAskedIsRecorded() async throws {
        try await run { fixture, client, _ in
            _ = try await client.exchange(
                fixture.request("POST /v1/messages?beta=true", "x-api-key: \(fixture.held)", body: "{\"a\":1}"))
            _ = try await client.exchange(fixture.request("GET /v1/models"))
            let record = try fixture.recorded()
            #expect(record.requests.map(\.method) == ["POST", "GET"])
            #expect(record.requests.map(\.path.description) == ["/v1/messages?beta=true", "/v1/models"])
            #expect(record.requests.map(\.credential) == [.injected, .absent])
            #expect(record.requests.map(\.status) == [200, 200])
            #expect(record.requests.map(\.requestBytes) == [7, 0])
            #expect(record.requests.map(\.responseBytes) == [2, 2])
            #expect(record.requests.allSatisfy { $0.duration ?? 0 > 0 && $0.connectionNumber == 1 })
            #expect(record.connections.first?.verdict == .connection(name: "api"))
        }
    }
}

extension ProxyFixture {
    var basePort: UInt16 {
        get throws { try #require(proxy.baseURLPort(for: "api")) }
    }

    /// A request to the base URL.
    func request(_ line: String, _ fields: String..., body: String? = nil) -> String {
        let port = proxy.baseURLPort(for: "api").map { "127.0.0.1:\($0)" } ?? "api.example.com"
        let length = body.map { ["Content-Length: \($0.utf8.count)"] } ?? []
        return (["\(line) HTTP/1.1", "Host: \(port)"] + fields + length + ["", ""]).joined(separator: "\r\n")
            + (body ?? "")
    }
}
