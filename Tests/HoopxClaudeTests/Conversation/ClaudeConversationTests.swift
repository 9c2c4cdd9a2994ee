import HoopxClaude
import Testing

struct ClaudeConversationTests {
    private static let body = #"""
        {"model":"m","system":[{"type":"text","text":"Be brief."},{"type":"text","text":"Be kind.","cache_control":{}}],
         "messages":[
          {"role":"user","content":"What is in /tmp?\n\"Look\"."},
          {"content":[{"type":"thinking","thinking":"Hm.","signature":"x"},{"type":"text","text":"I look."},
            {"type":"tool_use","id":"toolu_1","name":"Bash","input":{"command":"ls"}}],"role":"assistant"},
          {"role":"user","content":[
            {"tool_use_id":"toolu_1","type":"tool_result","is_error":true,
             "content":[{"type":"text","text":"a\nb"},{"type":"image","source":{"type":"base64","data":"AAAA","media_type":"image/png"}}]},
            {"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"AAAA"}},
            {"type":"document","source":{"type":"file","file_id":"file_1"}},
            {"type":"text","text":"Go on."}]}
         ],"max_tokens":1}
        """#

    @Test func aRequestIsReadAsTheConversationThatItIs() {
        let conversation = ClaudeConversation(request: Array(Self.body.utf8))
        #expect(!conversation.isCut)
        #expect(conversation.system == "Be brief.\nBe kind.")
        #expect(
            conversation.turns == [
                ClaudeTurn(role: "user", blocks: [.text("What is in /tmp?\n\"Look\".")]),
                ClaudeTurn(
                    role: "assistant",
                    blocks: [
                        .thinking("Hm."), .text("I look."),
                        .toolUse(ClaudeToolUse(id: "toolu_1", name: "Bash", input: Array(#"{"command":"ls"}"#.utf8))),
                    ]),
                ClaudeTurn(
                    role: "user",
                    blocks: [
                        .toolResult(toolUseID: "toolu_1", text: "a\nb\n[image/png]", isError: true),
                        .other("image/jpeg"),
                        .other("document"), .text("Go on."),
                    ]),
            ])
        #expect(conversation.latestTurns.count == 1)
        #expect(conversation.latestTurns.first?.blocks.last == .text("Go on."))
    }

    @Test func aBodyThatIsCutOffIsReadAsFarAsItGoes() {
        let bytes = Array(Self.body.utf8)
        let whole = ClaudeConversation(request: bytes)
        for count in 0..<bytes.count {
            let conversation = ClaudeConversation(request: Array(bytes[..<count]))
            #expect(conversation.isCut)
            #expect(conversation.turns.count <= whole.turns.count)
            for (turn, expected) in zip(conversation.turns.dropLast(), whole.turns) { #expect(turn == expected) }
        }
        let cut = ClaudeConversation(
            request: Array(#"{"messages":[{"role":"user","content":[{"type":"text","text":"Half a sen"#.utf8))
        #expect(cut.turns == [ClaudeTurn(role: "user", blocks: [.text("Half a sen")])])
    }

    @Test func whatIsNoConversationHasNoTurns() {
        for body in ["", "[]", "{}", "x", #"{"messages":1}"#, #"{"messages":[1,[2]]}"#] {
            #expect(ClaudeConversation(request: Array(body.utf8)).turns.isEmpty)
        }
        let deep =
            String(repeating: #"{"messages":[{"content":["#, count: 1)
            + String(repeating: #"{"content":["#, count: 100_000)
        #expect(ClaudeConversation(request: Array(deep.utf8)).isCut)
    }

    @Test func anAnswerIsTheSameTurnWhetherItWasStreamedOrNot() throws {
        let streamed = try #require(ClaudeTurn(response: Array(RecordedStreams.toolUse.utf8)))
        let message = #"""
            {"id":"msg_01","content":[{"type":"thinking","thinking":"Let me \"see\"."},{"type":"text","text":"I look\nat it: ä"},
             {"type":"tool_use","id":"toolu_1","name":"Bash","input":{"command": "ls\n"}},
             {"type":"tool_use","id":"toolu_2","name":"Stop","input":{}},
             {"type":"server_tool_use","id":"srvtoolu_3","name":"web_search","input":{"query":"a"}}]}
            """#
        #expect(streamed == ClaudeTurn(response: Array(message.utf8)))
        #expect(streamed.role == "assistant" && streamed.blocks.count == 5)
        #expect(ClaudeTurn(response: Array(#"{"type":"error","error":{}}"#.utf8)) == nil)
        #expect(ClaudeTurn(response: []) == nil)
    }

    @Test func aStreamThatIsCutOffIsReadAsFarAsItGoes() throws {
        let bytes = Array(RecordedStreams.toolUse.utf8)
        for count in stride(from: 0, to: bytes.count, by: 7) { _ = ClaudeTurn(response: Array(bytes[..<count])) }
        let half = try #require(ClaudeTurn(response: Array(bytes[..<(bytes.count / 2)])))
        #expect(half.blocks.first == .thinking("Let me \"see\"."))
    }
}
