import HoopxAudit
import HoopxMasking
import HoopxTestSupport
import NIOCore
import Testing

@testable import HoopxProxy

/// `masking.request`: what goes to the upstream.
struct RequestMaskingTests {
    private let masking = ProxyFixture.Masking(request: .redact)

    private func post(_ fixture: ProxyFixture, _ fields: String..., bytes: [UInt8]) -> ByteBuffer {
        let length = "Content-Length: \(bytes.count)"
        let head =
            (["POST /v1/things HTTP/1.1", "Host: 127.0.0.1:\((try? fixture.basePort) ?? 0)"]
            + ["x-api-key: \(fixture.held)", length] + fields + ["", ""]).joined(separator: "\r\n")
        return ByteBuffer(bytes: Array(head.utf8) + bytes)
    }

    @Test func theUpstreamGetsTheMaskedBodyAndItsLength() async throws {
        try await withMasking(masking) { fixture, client, server in
            try await client.send(
                post(
                    fixture, "Content-Type: application/json", "Content-MD5: abc", "Content-Digest: sha-256=:a:",
                    bytes: Array(Planted.json.utf8)))
            let response = try await client.response()
            #expect(response.status == 200)
            let request = try #require(server.requests.first)
            #expect(request.text == Planted.redactedJSON)
            #expect(request.headers["content-length"] == [String(Planted.redactedJSON.utf8.count)])
            #expect(request.headers["content-md5"] == [] && request.headers["content-digest"] == [])
            #expect(try await fixture.recordedBody(.request) == Planted.redactedJSON)
            let maskings = try fixture.recorded().maskings
            #expect(
                maskings == [
                    MaskingRecord(request: 1, place: .request, counts: ["EMAIL_ADDRESS": 1, "CREDIT_CARD": 1])
                ])
        }
    }

    /// Nobody is stopped from naming another media type, and many servers do not look at it.
    @Test(
        arguments: [
            "text/plain", "application/x-www-form-urlencoded", "text/event-stream", "image/png", "application/json",
        ], ["", " ", "\r\n", "\u{feff}"])
    func escapesOfJSONAreUndoneWhateverItIsCalled(type: String, before: String) async throws {
        try await withMasking(masking) { fixture, client, server in
            let body = before + "{\"card\":\"\\u0034111111111111111\"}"
            try await client.send(post(fixture, "Content-Type: \(type)", bytes: Array(body.utf8)))
            _ = try await client.response()
            #expect(try #require(server.requests.first).text == before + "{\"card\":\"[CREDIT_CARD]\"}")
        }
    }

    @Test(arguments: ContentCoding.allCases)
    func anEncodedBodyIsDecodedWhereSomethingIsFound(coding: ContentCoding) async throws {
        try await withMasking(masking) { fixture, client, server in
            let fields = ["Content-Type: application/json", "Content-Encoding: \(coding.rawValue)"]
            try await client.send(
                post(fixture, fields[0], fields[1], bytes: coding.encoded(Array(Planted.json.utf8))))
            let response = try await client.response()
            #expect(response.status == 200)
            let request = try #require(server.requests.first)
            #expect(request.text == Planted.redactedJSON && request.headers["content-encoding"] == [])
            #expect(request.headers["content-length"] == [String(Planted.redactedJSON.utf8.count)])

            let clean = coding.encoded(Array(#"{"nothing":"here"}"#.utf8))
            try await client.send(post(fixture, fields[0], fields[1], bytes: clean))
            _ = try await client.response()
            let second = try #require(server.requests.last)
            #expect(second.body == clean && second.headers["content-encoding"] == [coding.rawValue])
            #expect(try await fixture.recordedBody(.request, of: 2) == #"{"nothing":"here"}"#)
        }
    }

    @Test func aLongBodyIsMaskedAsItPasses() async throws {
        try await withMasking(masking) { fixture, client, server in
            let filling = String(repeating: "some text ", count: 130_000)
            let body =
                "{\"a\":\"\(filling)\",\"user\":\"\(Planted.email)\",\"b\":\"\(filling)\",\"card\":\"\(Planted.card)\"}"
            client.send(
                fixture.request(
                    "POST /", "x-api-key: \(fixture.held)", "Content-Type: application/json",
                    "Content-Length: \(body.utf8.count)"))
            let bytes = Array(body.utf8)
            for start in stride(from: 0, to: bytes.count, by: 65_537) {
                try await client.send(ByteBuffer(bytes: bytes[start..<min(start + 65_537, bytes.count)]))
            }
            let response = try await client.response()
            #expect(response.status == 200, "\(response)")
            let request = try #require(server.requests.first)
            let expected = body.replacing(Planted.email, with: "[EMAIL_ADDRESS]")
                .replacing(Planted.card, with: "[CREDIT_CARD]")
            #expect(request.text == expected)
            #expect(request.headers["content-length"] == [] && request.headers["transfer-encoding"] == ["chunked"])
            #expect(try await fixture.recordedBody(.request) == expected)
        }
    }

    @Test func aSlowBodyIsMaskedAcrossItsPieces() async throws {
        try await withMasking(masking, deadlines: Deadlines(wholeBody: .milliseconds(10))) { fixture, client, server in
            client.send(
                fixture.request(
                    "POST /", "x-api-key: \(fixture.held)", "Content-Type: text/plain",
                    "Content-Length: \(Planted.email.utf8.count + 10)") + "to jane.d")
            try await eventually("the stream") { server.connectionCount == 1 }
            client.send("oe@private")
            try await Task.sleep(for: .milliseconds(20))
            client.send(".example, hello")
            let response = try await client.response()
            #expect(response.status == 200 && server.requests.first?.text == "to [EMAIL_ADDRESS], hello")
        }
    }

    @Test(arguments: ["unknown", "gzip", "zstd", "gzip, gzip, gzip, gzip, gzip"])
    func whatCannotBeReadIsDenied(coding: String) async throws {
        try await withMasking(masking) { fixture, client, server in
            try await client.send(
                post(fixture, "Content-Encoding: \(coding)", bytes: Array("not what it says".utf8)))
            let response = try await client.response()
            #expect(response.status == 415 && response.header("x-hoopx-denied") == "content_unreadable")
            #expect(response.body.contains("masking.request: off"))
            #expect(server.requests.isEmpty)
            let next = try await client.exchange(fixture.request("GET /"))
            #expect(next.status == 200, "the connection serves on")
        }
    }

    @Test(arguments: ["unknown", "gzip"])
    func whatCannotBeReadPassesUnrecordedWhereNothingIsMasked(coding: String) async throws {
        try await withMasking { fixture, client, server in
            let bytes = Array("not \(coding): \(Planted.email)".utf8)
            try await client.send(post(fixture, "Content-Encoding: \(coding)", bytes: bytes))
            let response = try await client.response()
            #expect(response.status == 200 && server.requests.first?.body == bytes)
            #expect(try await fixture.recordedBody(.request).isEmpty)
            #expect(try !fixture.recordHoldsPlanted())
            #expect(fixture.store.events.contains { $0.kind == .error })
        }
    }

    @Test func malformedJSONIsMaskedAllTheSame() async throws {
        try await withMasking(masking) { fixture, client, server in
            let body = #"{"user": "\#(Planted.email)", ]] "\#(Planted.card)"#
            try await client.send(post(fixture, "Content-Type: application/json", bytes: Array(body.utf8)))
            let response = try await client.response()
            #expect(response.status == 200)
            #expect(server.requests.first.map { !Planted.isIn($0.body) } == true)
            _ = try await fixture.recordedBody(.request)
            #expect(try !fixture.recordHoldsPlanted())
        }
    }

    @Test func jsonThatIsCalledTextIsReadAsJSON() async throws {
        try await withMasking(masking) { fixture, client, server in
            let escaped = #"{"card":"4111\u00311111\u0031111111"}"#
            try await client.send(post(fixture, "Content-Type: text/plain", bytes: Array(escaped.utf8)))
            _ = try await client.response()
            #expect(server.requests.first?.text == #"{"card":"[CREDIT_CARD]"}"#)
        }
    }

    @Test func theRecordHasItsOwnPlan() async throws {
        let masking = ProxyFixture.Masking(record: MaskingPlan(standard: .mask), request: .redact)
        try await withMasking(masking) { fixture, client, server in
            try await client.send(
                post(fixture, "Content-Type: application/json", bytes: Array(Planted.json.utf8)))
            _ = try await client.response()
            #expect(server.requests.first?.text == Planted.redactedJSON)
            let recorded = try await fixture.recordedBody(.request)
            #expect(recorded.contains("************1111") && !Planted.isIn(Array(recorded.utf8)))
        }
    }
}
