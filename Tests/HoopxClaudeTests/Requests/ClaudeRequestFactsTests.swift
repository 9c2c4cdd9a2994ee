import HoopxClaude
import HoopxJSON
import Testing

struct ClaudeRequestFactsTests {
    private func facts(_ json: String, _ path: String = "/v1/messages") throws -> ClaudeRequestFacts {
        try ClaudeRequestFacts(Array(json.utf8), route: ClaudeRoute(method: "POST", path: path))
    }

    @Test func aRequestForAMessageTellsWhatItAsksFor() throws {
        let facts = try facts(
            #"""
            {"messages": [{"role": "user", "content": "model"}, {"role": "user", "content": [{"type": "text", "text": "]"}]}],
             "model": "claude-opus-4", "max_tokens": 32000, "stream": true, "system": [{"type": "text", "text": "x"}],
             "tools": [{"name": "Bash", "input_schema": {"properties": {"name": {"type": "string"}}}},
                       {"type": "web_search_20250305", "name": "web_search"}, {"name": "Bash"}],
             "metadata": {"user_id": "{\"device\":\"1\"}"}, "thinking": {"type": "enabled"}}
            """#)
        #expect(facts.model == "claude-opus-4")
        #expect(facts.isStreamed)
        #expect(facts.maximumTokens == 32_000)
        #expect(facts.messageCount == 2)
        #expect(facts.requestCount == 1)
        #expect(facts.hasSystem)
        #expect(facts.toolNames == ["Bash", "web_search"])
        #expect(facts.hasUserID)
    }

    @Test func whatIsNotThereIsNotClaimed() throws {
        let facts = try facts("{}")
        #expect(facts.model == nil && !facts.isStreamed && facts.maximumTokens == nil && facts.messageCount == 0)
        #expect(!facts.hasSystem && facts.toolNames.isEmpty && !facts.hasUserID)
        #expect(try !self.facts(#"{"metadata":{"user_id":null},"stream":false}"#).hasUserID)
        #expect(
            try self.facts(#"{"model":1,"stream":"yes","max_tokens":"a","messages":{},"tools":{},"metadata":[]}"#)
                == facts)
    }

    @Test func aBatchNamesAllItsModels() throws {
        let facts = try facts(
            #"""
            {"requests": [
              {"custom_id": "1", "params": {"model": "a", "max_tokens": 5, "messages": [{}], "tools": [{"name": "t"}]}},
              {"custom_id": "2", "params": {"model": "b", "max_tokens": 9, "messages": [{}, {}]}},
              {"custom_id": "3", "params": {"model": "a", "max_tokens": 1, "messages": []}}
            ]}
            """#)
        #expect(facts.models == ["a", "b"])
        #expect(facts.model == nil)
        #expect(facts.requestCount == 3 && facts.messageCount == 3)
        #expect(facts.maximumTokens == 9)
        #expect(facts.toolNames == ["t"])
    }

    @Test func thePathAddsToTheBody() throws {
        let facts = try facts(
            #"{"anthropic_version":"bedrock-2023-05-31","max_tokens":1}"#, "/model/m/invoke-with-response-stream")
        #expect(facts.model == "m" && facts.isStreamed)
        let both = try self.facts(#"{"model":"n"}"#, "/model/m/invoke")
        #expect(both.models == ["m", "n"])
    }

    /// What a rule reads must be what the API reads.
    @Test(arguments: [
        #"{"model":"a","model":"b"}"#, #"{"model":"a","mod\u0065l":"b"}"#, #"{"stream":true,"stream":false}"#,
        #"{"requests":[{"params":{"model":"a"},"params":{"model":"b"}}]}"#, #"{"tools":[],"tools":[]}"#,
    ])
    func aMemberThatCountsAndStandsTwiceIsRefused(json: String) {
        #expect(throws: JSONFault.self) { try facts(json) }
    }

    @Test(arguments: ["", "[]", "1", "{", #"{"model":"a"}x"#, #"{"model":"a""#, #"{"messages":[}"#])
    func whatIsNoJSONObjectIsRefused(json: String) {
        #expect(throws: JSONFault.self) { try facts(json) }
    }

    @Test func hostileBodiesAreBounded() throws {
        let deep = String(repeating: #"{"requests":[{"params":"#, count: 100_000)
        #expect(throws: JSONFault.tooDeep) { try facts(deep) }
        let tools = (0..<2_000).map { #"{"name":"\#($0)"}"# }.joined(separator: ",")
        #expect(try facts(#"{"tools":[\#(tools)]}"#).toolNames.count == ClaudeRequestFacts.maximumNames)
        let long = String(repeating: "a", count: 100_000)
        #expect(try facts(#"{"model":"\#(long)"}"#).model?.utf8.count == ClaudeRequestFacts.maximumNameLength)
    }
}
