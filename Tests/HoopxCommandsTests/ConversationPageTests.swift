import HoopxAudit
import Testing

@testable import HoopxCommands

struct ConversationPageTests {
    private let wide = ConversationPage(width: nil, isFull: false)

    @Test func anExchangeReadsAsAConversationWithItsCosts() throws {
        #expect(
            try wide.lines(of: SampleConversation().exchange()) == [
                "  #1  claude-opus-4; 4412 tokens in (4100 from cache, 300 to cache), 89 out; tool_use; 2.30 s; req_1",
                "    user         What is in /tmp?",
                "                     Look.",
                "    tool error   it ?[2J is? red",
                "    thinking     Hm.",
                "    assistant    I look.",
                #"    tool use     Bash {"command":"ls"}"#,
            ])
    }

    @Test func withoutBodiesTheEventsStillTellWhichToolsWereUsed() throws {
        let lines = try wide.lines(of: SampleConversation().exchange(request: nil, response: nil))
        #expect(lines.count == 2)
        #expect(lines.last == #"    tool use     Bash {"command":"ls"}"#)
    }

    @Test func aDeniedRequestSaysSo() throws {
        let exchange = try Exchange(SampleConversation.denied, of: SampleConversation().details) { _ in nil }
        #expect(wide.lines(of: exchange) == ["  #3  denied: session_expired; 2.30 s"])
    }

    @Test func everyLineFitsTheTerminal() throws {
        let text = String(repeating: "word ", count: 40) + String(repeating: "x", count: 200)
        let body = #"{"messages":[{"role":"user","content":"\#(text)"}]}"#
        for width in [20, 40, 57, 80, 200] {
            let lines = try ConversationPage(width: width, isFull: true).lines(
                of: SampleConversation().exchange(request: body))
            // Below that nothing could be read.
            #expect(lines.allSatisfy { $0.count <= max(width, 37) }, "\(width): \(lines)")
            let words = lines.dropFirst().joined().filter { $0 == "x" }
            #expect(words.count >= 200)
        }
    }

    @Test func aLongTextIsCutOnATerminalAndSaysSo() throws {
        let text = (1...40).map { "line \($0)" }.joined(separator: "\\n")
        let exchange = try SampleConversation().exchange(
            request: #"{"messages":[{"role":"user","content":"\#(text)"}]}"#, response: nil)
        let cut = ConversationPage(width: 80, isFull: false).lines(of: exchange)
        #expect(cut.contains { $0.hasSuffix("... and 28 more lines (--full shows them)") })
        #expect(!cut.contains { $0.hasSuffix("line 13") })
        for page in [ConversationPage(width: 80, isFull: true), wide] {
            #expect(page.lines(of: exchange).contains { $0.hasSuffix("line 40") })
        }
    }

    @Test func theTotalAddsUp() throws {
        let requests = try SampleConversation().details.requests
        #expect(
            ConversationPage.total(of: requests)
                == "  Total: 8824 tokens in (8200 from cache, 600 to cache), 178 out, in 2 answers")
        #expect(ConversationPage.total(of: [SampleConversation.denied]) == nil)
        #expect(ConversationPage.tokens(TokenUsage(input: 5, output: 0)) == "5 tokens in, 0 out")
    }

    @Test func theSessionsPageAndItsJSONTellWhatWasMaskedAndUsed() throws {
        let details = try SampleConversation().details
        let lines = SessionPage.lines(of: details, width: nil)
        #expect(lines.contains("  1        request  1 CREDIT_CARD, 2 EMAIL_ADDRESS"))
        let json = SessionJSON.document(details)
        for text in [
            #""operation" : "messages.create""#, #""cache_read_input_tokens" : 4100"#, #""stop_reason" : "tool_use""#,
            #""upstream_request_id" : "req_1""#, #""input" : "{\"command\":\"ls\"}""#, #""EMAIL_ADDRESS" : 2"#,
        ] { #expect(json.contains(text), "\(text)") }
    }
}
