import HoopxAudit
import HoopxMasking
import HoopxTestSupport
import NIOCore
import Testing

@testable import HoopxProxy

/// What is recorded of bodies, where nothing is masked on the way.
struct RecordedContentTests {
    @Test func bodiesPassAsTheyAreAndAreRecordedMasked() async throws {
        try await withMasking(respond: { .answer($0.text) }) { fixture, client, server in
            let response = try await client.exchange(
                fixture.request(
                    "POST /things", "x-api-key: \(fixture.held)", "Content-Type: application/json", body: Planted.json))
            #expect(response.body == Planted.json && server.requests.first?.text == Planted.json)
            #expect(response.header("content-length") == String(Planted.json.utf8.count))
            for direction in [BodyDirection.request, .response] {
                #expect(try await fixture.recordedBody(direction) == Planted.redactedJSON)
            }
            #expect(try !fixture.recordHoldsPlanted())
            let maskings = try fixture.recorded().maskings
            #expect(Set(maskings.map(\.place)) == [.request, .response])
            #expect(maskings.allSatisfy { $0.counts == ["EMAIL_ADDRESS": 1, "CREDIT_CARD": 1] })
        }
    }

    @Test func theRequestsContentIsOnRecordBeforeItGoes() async throws {
        let gate = EventGate()
        try await withMasking(respond: { _ in [.gate(gate)] + .answer("{}") }) { fixture, client, server in
            fixture.scope.atEnd { gate.open() }
            client.send(
                fixture.request(
                    "POST /v1/messages", "x-api-key: \(fixture.held)",
                    body: #"{"model":"claude-x","user":"\#(Planted.email)"}"#))
            try await eventually("the request to arrive") { server.requests.count == 1 }
            // Without asking the recorder to write anything.
            let bytes = fixture.store.bytes(of: BodyKey(request: 1, direction: .request))
            #expect(String(decoding: bytes, as: UTF8.self) == #"{"model":"claude-x","user":"[EMAIL_ADDRESS]"}"#)
            let record = try #require(fixture.store.contents(of: fixture.recorder.session).requests.first)
            #expect(record.operation == "messages.create" && record.model == "claude-x" && record.duration == nil)
            gate.open()
            _ = try await client.response()
        }
    }

    @Test func whatClaudeAnsweredIsKnown() async throws {
        let events = [
            #"{"type":"message_start","message":{"id":"msg_1","model":"claude-y","usage":{"input_tokens":7}}}"#,
            #"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"toolu_1","name":"Bash","input":{}}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"to\":\"jane.doe@"}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"private.example\"}"}}"#,
            #"{"type":"content_block_stop","index":0}"#,
            #"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":9}}"#,
            #"{"type":"message_stop"}"#,
        ]
        let respond: LoopbackHTTPServer.Responder = { _ in
            [.head(.ok, ["content-type": "text/event-stream", "request-id": "req_42"])]
                + events.map { .text("data: \($0)\n\n") } + [.end(nil)]
        }
        try await withMasking(respond: respond) { fixture, client, _ in
            let response = try await client.exchange(
                fixture.request("POST /v1/messages", "x-api-key: \(fixture.held)", body: #"{"model":"claude-x"}"#))
            #expect(response.body == events.map { "data: \($0)\n\n" }.joined())
            _ = try await fixture.recordedBody(.response)
            let recorded = try fixture.recorded()
            let record = try #require(recorded.requests.first)
            #expect(record.operation == "messages.create" && record.model == "claude-y")
            #expect(record.stopReason == "tool_use" && record.upstreamRequestID == "req_42")
            #expect(record.usage == TokenUsage(input: 7, output: 9))
            let use = try #require(recorded.toolUses.first)
            #expect(use.name == "Bash" && use.id == "toolu_1" && use.request == 1)
            #expect(use.input == #"{"to":"[EMAIL_ADDRESS]"}"#)
            #expect(try !fixture.recordHoldsPlanted())
        }
    }

    @Test func aStreamThatBreaksOffIsRecordedAsFarAsItCame() async throws {
        let respond: LoopbackHTTPServer.Responder = { _ in
            [.head(.ok, ["content-type": "text/plain"]), .text("to \(Planted.email), and 4111 11"), .abort]
        }
        try await withMasking(respond: respond) { fixture, client, _ in
            client.send(fixture.request("GET /"))
            try await client.untilClosed()
            #expect(try await fixture.recordedBody(.response) == "to [EMAIL_ADDRESS], and 4111 11")
        }
    }

    @Test func anUploadThatBreaksOffIsRecordedAsFarAsItCame() async throws {
        try await withMasking(deadlines: Deadlines(wholeBody: .milliseconds(10))) { fixture, client, server in
            client.send(
                fixture.request("POST /", "x-api-key: \(fixture.held)", "Content-Length: 1000")
                    + "to \(Planted.email), and more")
            try await eventually("the stream") { server.connectionCount == 1 }
            try await Task.sleep(for: .milliseconds(30))
            await client.close()
            #expect(try await fixture.recordedBody(.request) == "to [EMAIL_ADDRESS], and more")
        }
    }

    @Test func aTunnelledHostsBodiesAreNotLookedAt() async throws {
        let server = try await LoopbackHTTPServer { .answer($0.text) }
        let host = "127.0.0.1:\(server.port)"
        try await ProxyFixture.run(tunnels: [host]) { fixture in
            let client = try await fixture.connect(to: "127.0.0.1:\(fixture.proxy.explicitProxyPort)")
            let response = try await client.exchange(
                "POST http://\(host)/ HTTP/1.1\r\nHost: \(host)\r\nContent-Length: \(Planted.json.utf8.count)\r\n\r\n"
                    + Planted.json)
            #expect(response.body == Planted.json)
            #expect(try await fixture.recordedBody(.request).isEmpty)
        }
        await server.close()
    }
}
