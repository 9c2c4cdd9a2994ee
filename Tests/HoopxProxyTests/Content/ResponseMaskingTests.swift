import HoopxAudit
import HoopxMasking
import HoopxTestSupport
import NIOCore
import NIOHTTP1
import Testing

@testable import HoopxProxy

/// `masking.response`: what comes back to the target.
struct ResponseMaskingTests {
    private let masking = ProxyFixture.Masking(response: .redact)

    @Test func theTargetGetsTheMaskedBody() async throws {
        let respond: LoopbackHTTPServer.Responder = { _ in
            .answer(
                Planted.json, headers: ["etag": "\"1\"", "content-md5": "a", "accept-ranges": "bytes", "x-kept": "1"])
        }
        try await withMasking(masking, respond: respond) { fixture, client, _ in
            let response = try await client.exchange(fixture.request("GET /"))
            #expect(response.body == Planted.redactedJSON)
            #expect(response.header("content-length") == nil && response.header("transfer-encoding") == "chunked")
            for name in ["etag", "content-md5", "accept-ranges"] { #expect(response.header(name) == nil, "\(name)") }
            #expect(response.header("x-kept") == "1")
            #expect(try await fixture.recordedBody(.response) == Planted.redactedJSON)
            let next = try await client.exchange(fixture.request("GET /"))
            #expect(next.body == Planted.redactedJSON)
            let counts: [String: Int64] = ["EMAIL_ADDRESS": 1, "CREDIT_CARD": 1]
            #expect(
                try fixture.recorded().maskings.first == MaskingRecord(request: 1, place: .response, counts: counts))
        }
    }

    @Test func aClientOfHTTP10LearnsTheEndByClosing() async throws {
        try await withMasking(masking, respond: { _ in .answer(Planted.json) }) { fixture, client, _ in
            client.send(fixture.request("GET /").replacing("HTTP/1.1", with: "HTTP/1.0"))
            try await client.untilClosed()
            let response = try await client.response()
            #expect(response.body == Planted.redactedJSON && response.header("content-length") == nil)
            #expect(response.header("transfer-encoding") == nil)
        }
    }

    @Test(arguments: ContentCoding.allCases)
    func anEncodedBodyIsDecoded(coding: ContentCoding) async throws {
        let respond: LoopbackHTTPServer.Responder = { _ in
            let bytes = coding.encoded(Array(Planted.json.utf8))
            return [
                .head(
                    .ok,
                    [
                        "content-type": "application/json", "content-encoding": coding.rawValue,
                        "content-length": String(bytes.count),
                    ]),
                .bytes(Array(bytes.prefix(9))), .bytes(Array(bytes.dropFirst(9))), .end(nil),
            ]
        }
        try await withMasking(masking, respond: respond) { fixture, client, _ in
            let response = try await client.exchange(fixture.request("GET /"))
            #expect(response.body == Planted.redactedJSON && response.header("content-encoding") == nil)
        }
        try await withMasking(respond: respond) { fixture, client, _ in
            client.send(fixture.request("GET /"))
            try await client.until("the head") { $0.contains("\r\n\r\n") }
            #expect(client.text.contains("content-encoding: \(coding.rawValue)\r\n"), "it passes as it came")
            #expect(try await fixture.recordedBody(.response) == Planted.redactedJSON)
        }
    }

    @Test func eachEventOfAMaskedStreamArrivesBeforeTheNextIsSent() async throws {
        let gate = EventGate()
        let respond: LoopbackHTTPServer.Responder = { _ in
            [.head(.ok, ["content-type": "text/event-stream"])]
                + (1...20).flatMap { [.text(Self.delta("It is \($0) now. ")), .gate(gate)] } + [.end(nil)]
        }
        try await withMasking(masking, respond: respond) { fixture, client, _ in
            fixture.scope.atEnd { for _ in 1...20 { gate.open() } }
            client.send(
                fixture.request("POST /v1/messages", "x-api-key: \(fixture.held)", body: #"{"model":"m"}"#))
            for number in 1...20 {
                try await client.until("event \(number)") { $0.contains("It is \(number) now.") }
                #expect(!client.text.contains("It is \(number + 1) now."))
                gate.open()
            }
            _ = try await client.response()
        }
    }

    @Test func aValueThatIsSplitOverEventsIsMasked() async throws {
        let respond: LoopbackHTTPServer.Responder = { _ in
            [
                .head(.ok, ["content-type": "text/event-stream"]), .text(Self.delta("Card 4111 11")),
                .text(Self.delta("11 1111 1")), .text(Self.delta("111 it is.")), .end(nil),
            ]
        }
        try await withMasking(masking, respond: respond) { fixture, client, _ in
            let response = try await client.exchange(
                fixture.request("POST /v1/messages", "x-api-key: \(fixture.held)", body: #"{"model":"m"}"#))
            #expect(response.body.contains("[CREDIT_CARD]") && !response.body.contains("4111"))
            #expect(try await fixture.recordedBody(.response) == response.body)
        }
    }

    @Test(arguments: [("HEAD", 200), ("GET", 204), ("GET", 304)] as [(String, UInt)])
    func aResponseWithoutABodyIsLeftAlone(method: String, status: UInt) async throws {
        let respond: LoopbackHTTPServer.Responder = { _ in
            var headers: HTTPHeaders = ["etag": "\"1\"", "content-type": "application/json"]
            if method == "HEAD" { headers.add(name: "content-length", value: "7") }
            return [.head(.init(statusCode: Int(status)), headers), .end(nil)]
        }
        try await withMasking(masking, respond: respond) { fixture, client, _ in
            for _ in 1...2 {
                let response = try await client.exchange(fixture.request("\(method) /"), isHead: method == "HEAD")
                #expect(response.status == status && response.header("etag") == "\"1\"")
                #expect(response.header("content-length") == (method == "HEAD" ? "7" : nil))
            }
        }
    }

    @Test func partsAreNotAskedForAndNotPassed() async throws {
        let respond: LoopbackHTTPServer.Responder = { request in
            request.path == "/part"
                ? .answer("4111", status: .partialContent, headers: ["content-range": "bytes 0-3/16"]) : .answer("{}")
        }
        try await withMasking(masking, respond: respond) { fixture, client, server in
            let whole = try await client.exchange(fixture.request("GET /", "Range: bytes=0-3", "If-Range: \"1\""))
            #expect(whole.status == 200)
            #expect(server.requests.first?.headers["range"] == [] && server.requests.first?.headers["if-range"] == [])
            let part = try await client.exchange(fixture.request("GET /part"))
            #expect(part.status == 502 && part.header("x-hoopx-denied") == "content_unreadable")
        }
        try await withMasking(respond: respond) { fixture, client, server in
            let part = try await client.exchange(fixture.request("GET /part", "Range: bytes=0-3"))
            #expect(
                part.status == 206 && part.body == "4111" && server.requests.first?.headers["range"] == ["bytes=0-3"])
        }
    }

    @Test(arguments: [
        ["content-encoding": "unknown"], ["content-type": "application/vnd.amazon.eventstream"],
        ["content-type": "application/grpc+proto"],
    ])
    func whatCannotBeReadIsDeniedOrPassesUnrecorded(headers: [String: String]) async throws {
        let respond: LoopbackHTTPServer.Responder = { _ in
            var fields = HTTPHeaders(headers.map { ($0.key, $0.value) })
            fields.add(name: "content-length", value: String(Planted.json.utf8.count))
            return [.head(.ok, fields), .text(Planted.json), .end(nil)]
        }
        try await withMasking(masking, respond: respond) { fixture, client, _ in
            let response = try await client.exchange(fixture.request("GET /"))
            #expect(response.status == 502 && response.header("x-hoopx-denied") == "content_unreadable")
            #expect(response.body.contains("masking.response: off"))
            #expect(fixture.denials.map(\.code) == [.contentUnreadable])
        }
        try await withMasking(respond: respond) { fixture, client, _ in
            let response = try await client.exchange(fixture.request("GET /"))
            #expect(response.body == Planted.json)
            #expect(try await fixture.recordedBody(.response).isEmpty)
            #expect(try !fixture.recordHoldsPlanted())
            #expect(fixture.store.events.contains { $0.kind == .error })
        }
    }

    @Test func whatTurnsOutToBeUnreadableBreaksOff() async throws {
        let respond: LoopbackHTTPServer.Responder = { _ in
            let good = ContentCoding.gzip.encoded(Array(Planted.json.utf8))
            return [
                .head(.ok, ["content-type": "application/json", "content-encoding": "gzip"]),
                .bytes(Array(good.dropLast(8))), .bytes(Array(repeating: 0xff, count: 8)), .end(nil),
            ]
        }
        try await withMasking(masking, respond: respond) { fixture, client, _ in
            client.send(fixture.request("GET /"))
            try await client.untilClosed()
            #expect(!Planted.isIn(Array(client.text.utf8)) && !client.text.hasSuffix("0\r\n\r\n"))
            #expect(fixture.denials.map(\.code) == [.contentUnreadable])
        }
        try await withMasking(respond: respond) { fixture, client, _ in
            client.send(fixture.request("GET /"))
            _ = try await fixture.recordedBody(.response)
            #expect(try !fixture.recordHoldsPlanted())
            #expect(fixture.denials.isEmpty)
        }
    }

    private static func delta(_ text: String) -> String {
        "event: content_block_delta\ndata: "
            + #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\#(text)"}}"# + "\n\n"
    }
}
