import HoopxCore
import HoopxTestSupport
import Testing

@testable import HoopxProxy

/// Requests that servers read differently, or that hold what must not pass: none of it reaches the upstream.
struct HostileRequestTests {
    /// `HOST` and `KEY` stand for what an honest client would send.
    static let malformed: [String] = [
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: HOST\r\nHost: HOST\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: HOST\r\nHost: evil.example.com\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: HOST\r\nKEY\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: HOST\r\nKEY\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: HOST\r\nKEY\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
        "POST / HTTP/1.1\r\nHost: HOST\r\nKEY\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nabcd",
        "POST / HTTP/1.1\r\nHost: HOST\r\nKEY\r\nContent-Length: +4\r\n\r\nabcd",
        "POST / HTTP/1.1\r\nHost: HOST\r\nKEY\r\nContent-Length: 4, 4\r\n\r\nabcd",
        "POST / HTTP/1.1\r\nHost: HOST\r\nKEY\r\nContent-Length: 0x4\r\n\r\nabcd",
        "POST / HTTP/1.1\r\nHost: HOST\r\nKEY\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: HOST\r\nKEY\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: HOST\r\nKEY\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: HOST\r\nKEY\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: HOST\r\nKEY\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: HOST\r\nKEY\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: HOST\r\nKEY\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: HOST\r\nX-Folded: a\r\n b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: HOST\r\nX-Folded: a\r\n\tTransfer-Encoding: chunked\r\n\r\n",
        "GET / HTTP/1.1\nHost: HOST\n\n",
        "GET / HTTP/1.1\r\nHost: HOST\nX-A: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: HOST\r\nX-A: b\rX-B: c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: HOST\r\nX-A: b\u{0}c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: HOST\r\nX-A: b\u{1}c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: HOST\r\nX A: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: HOST\r\n: b\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: HOST\r\n\r\n",
        "GET http://HOST/ HTTP/1.1\r\nHost: HOST\r\n\r\n",
        "GET //../ HTTP/1.1\r\nHost: HOST\r\n\r\n",
        "GET /a/../b HTTP/1.1\r\nHost: HOST\r\n\r\n",
        "GET /a/%2e%2E/b HTTP/1.1\r\nHost: HOST\r\n\r\n",
        "GET /a/.%2e HTTP/1.1\r\nHost: HOST\r\n\r\n",
        "GET /a#b HTTP/1.1\r\nHost: HOST\r\n\r\n",
        "GET /a\\b HTTP/1.1\r\nHost: HOST\r\n\r\n",
        "GET /\u{e9} HTTP/1.1\r\nHost: HOST\r\n\r\n",
        "GET / HTTP/1.1 \r\nHost: HOST\r\n\r\n",
        "GET / HTTP/2.0\r\nHost: HOST\r\n\r\n",
        "GET /\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: HOST\r\n\r\n",
        "CONNECT HOST HTTP/1.1\r\nHost: HOST\r\n\r\n",
        "TRACE / HTTP/1.1\r\nHost: HOST\r\nKEY\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: HOST\r\nConnection: host\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: HOST\r\nConnection: x-api-key\r\nKEY\r\nContent-Length: 1\r\n\r\na",
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{fc}\u{3}\u{3}",
    ]

    @Test(arguments: malformed)
    func whatCanBeReadInTwoWaysIsNotForwarded(request: String) async throws {
        try await run { fixture, client, server in
            let own = "127.0.0.1:\(try fixture.basePort)"
            client.send(request.replacing("HOST", with: own).replacing("KEY", with: "x-api-key: \(fixture.held)"))
            try await client.untilClosed()
            let response = try await client.response()
            #expect(response.status == 400, "\(response.body)")
            #expect(response.header("x-hoopx-denied") == "malformed_request")
            #expect(response.header("connection") == "close")
            #expect(server.requests.isEmpty)
            #expect(fixture.denials.map(\.code) == [.malformedRequest])
        }
    }

    @Test(arguments: [
        "zz\r\nabc\r\n0\r\n\r\n", "3\nabc\r\n0\r\n\r\n", "3\r\nabcd\r\n0\r\n\r\n", "-1\r\nabc\r\n",
        "0x3\r\nabc\r\n0\r\n\r\n",
        "fffffffffffffffff\r\nabc", "3 \r\nabc\r\n0\r\n\r\n",
    ])
    func aBrokenChunkEndsTheRequest(body: String) async throws {
        try await run { fixture, client, server in
            client.send(fixture.request("POST /", "x-api-key: \(fixture.held)", "Transfer-Encoding: chunked") + body)
            try await client.untilClosed()
            let requests = server.requests
            #expect(requests.isEmpty, "\(requests.map(\.text))")
        }
    }

    @Test func aChunkExtensionIsNotForwarded() async throws {
        try await run { fixture, client, server in
            let response = try await client.exchange(
                fixture.request("POST /", "x-api-key: \(fixture.held)", "Transfer-Encoding: chunked")
                    + "3;a=b\r\nabc\r\n0\r\n\r\n")
            #expect(response.status == 200)
            #expect(server.requests.first?.text == "abc")
        }
    }

    @Test func endlessHeadersAreCutOff() async throws {
        try await run { fixture, client, server in
            client.send("GET / HTTP/1.1\r\nHost: 127.0.0.1:\(try fixture.basePort)\r\n")
            for number in 0..<400 { client.send("X-\(number): \(String(repeating: "a", count: 1000))\r\n") }
            try await client.untilClosed()
            #expect(server.requests.isEmpty)
        }
    }

    @Test func aSecondRequestOnTheConnectionIsCheckedLikeTheFirst() async throws {
        try await run { fixture, client, server in
            client.send(
                fixture.request("POST /", "x-api-key: \(fixture.held)", body: "x")
                    + fixture.request("POST /", "x-api-key: sk-other", body: "x")
                    + fixture.request("GET /").replacing("127.0.0.1", with: "evil.example.com"))
            let responses = [try await client.response(), try await client.response(), try await client.response()]
            #expect(responses.map(\.status) == [200, 403, 403])
            #expect(responses.map { $0.header("x-hoopx-denied") } == [nil, "foreign_credential", "name_mismatch"])
            #expect(server.requests.count == 1)
        }
    }

    private func run(_ body: (ProxyFixture, TestClient, LoopbackHTTPServer) async throws -> Void) async throws {
        let server = try await LoopbackHTTPServer { _ in .answer("{}") }
        let connection = ProxyFixture.Connection(entry: .baseURL, upstream: server.url)
        try await ProxyFixture.run([connection]) { fixture in
            let client = try await fixture.connect(to: "127.0.0.1:\(try fixture.basePort)")
            try await body(fixture, client, server)
        }
        await server.close()
    }
}
