import HoopxAudit
import HoopxMasking
import HoopxTestSupport
import Testing

@testable import HoopxProxy

/// `masking.request: pseudonym`: the upstream never sees a value, and the target's work still fits.
struct PseudonymTests {
    private let masking = ProxyFixture.Masking(request: .pseudonym)

    @Test func theUpstreamSeesPseudonymsAndTheTargetItsOwnValues() async throws {
        try await withMasking(masking, respond: { .answer($0.text) }) { fixture, client, server in
            let response = try await client.exchange(
                fixture.request(
                    "POST /", "x-api-key: \(fixture.held)", "Content-Type: application/json", body: Planted.json))
            #expect(response.body == Planted.json)
            #expect(server.requests.first?.text == #"{"user":"<EMAIL_ADDRESS_1>","card":"<CREDIT_CARD_1>","n":1}"#)
            #expect(response.header("transfer-encoding") == "chunked")
            for direction in [BodyDirection.request, .response] {
                let recorded = try await fixture.recordedBody(direction)
                #expect(!recorded.isEmpty && !Planted.isIn(Array(recorded.utf8)))
            }
            #expect(try !fixture.recordHoldsPlanted())
        }
    }

    @Test func aPseudonymThatAStreamSplitsIsPutBack() async throws {
        let event: @Sendable (String) -> String = { text in
            "event: content_block_delta\ndata: "
                + #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\#(text)"}}"# + "\n\n"
        }
        let respond: LoopbackHTTPServer.Responder = { _ in
            [
                .head(.ok, ["content-type": "text/event-stream"]), .text(event("I wrote to <EMAIL_ADD")),
                .text(event("RESS_1>, as you ")), .text(event("asked.")), .end(nil),
            ]
        }
        try await withMasking(masking, respond: respond) { fixture, client, _ in
            let response = try await client.exchange(
                fixture.request(
                    "POST /v1/messages", "x-api-key: \(fixture.held)", "Content-Type: application/json",
                    body: Planted.json))
            let text = response.body.split(separator: "\n").compactMap { line in
                line.contains("text_delta") ? line.split(separator: "\"text\":\"").last?.prefix { $0 != "\"" } : nil
            }.joined()
            #expect(text == "I wrote to \(Planted.email), as you asked.")
            #expect(try !fixture.recordHoldsPlanted())
        }
    }

    @Test func responsesAreMaskedBesidesAndPseudonymsPutBack() async throws {
        let both = ProxyFixture.Masking(request: .pseudonym, response: .redact)
        let respond: LoopbackHTTPServer.Responder = { request in
            .answer(#"{"sent":\#(request.text),"other":"john@private.example"}"#)
        }
        try await withMasking(both, respond: respond) { fixture, client, _ in
            let response = try await client.exchange(
                fixture.request(
                    "POST /", "x-api-key: \(fixture.held)", "Content-Type: application/json", body: Planted.json))
            #expect(response.body == #"{"sent":\#(Planted.json),"other":"[EMAIL_ADDRESS]"}"#)
        }
    }
}
