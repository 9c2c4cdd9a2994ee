import Testing

@testable import HoopxClaude

struct ClaudeResponseReaderTests {
    /// What is known of a body that comes in pieces of so many bytes.
    private func facts(_ body: String, isEventStream: Bool = true, by size: Int = .max) -> ClaudeResponseFacts {
        var reader = ClaudeResponseReader(isEventStream: isEventStream)
        let bytes = Array(body.utf8)
        var start = 0
        while start < bytes.count {
            let end = start + min(size, bytes.count - start)
            bytes[start..<end].withUnsafeBytes { reader.append($0) }
            start = end
        }
        reader.finish()
        return reader.facts
    }

    @Test func aStreamTellsWhatTheModelDid() {
        let facts = facts(RecordedStreams.toolUse)
        #expect(facts.messageID == "msg_01")
        #expect(facts.model == "claude-opus-4")
        #expect(facts.usage == ClaudeUsage(input: 12, output: 89, cacheCreation: 300, cacheRead: 4_100))
        #expect(facts.stopReason == "tool_use")
        #expect(
            facts.toolUses == [
                ClaudeToolUse(id: "toolu_1", name: "Bash", input: Array(#"{"command": "ls\n"}"#.utf8)),
                ClaudeToolUse(id: "toolu_2", name: "Stop", input: Array("{}".utf8)),
                ClaudeToolUse(
                    id: "srvtoolu_3", name: "web_search", place: .server, input: Array(#"{"query":"a"}"#.utf8)),
            ])
        #expect(facts.thinkingLength == #"Let me "see"."#.utf8.count)
        #expect(facts.textLength == "I look\nat it: ä".utf8.count)
        #expect(facts.error == nil)
        #expect(facts.isComplete)
    }

    /// Whoever looks for one of them in all the rest, and again at each of the other, does not come to an end.
    @Test func aStreamOfEmptyLinesIsReadInTimeThatGrowsWithItsLengthAlone() {
        for ending in ["\r", "\n"] {
            let lines = String(repeating: ending, count: 8 << 20)
            #expect(facts(lines + RecordedStreams.toolUse).messageID == "msg_01")
        }
    }

    @Test func ofAllToolsInputsTogetherSoMuchIsKeptAndNoMore() {
        let input = "{\"a\":\"" + String(repeating: "x", count: 60_000) + "\"}"
        let block = "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"n\",\"input\":\(input)}"
        let message = "{\"id\":\"m\",\"content\":[\(Array(repeating: block, count: 69).joined(separator: ","))]}"
        let whole = facts(message, isEventStream: false)
        #expect(whole.toolUses.count == 69)
        #expect(whole.toolUses.allSatisfy { !$0.isInputTruncated })

        let events = (0..<100).map { index in
            "data: {\"type\":\"content_block_start\",\"index\":\(index),\"content_block\":\(block)}\n\n"
        }.joined()
        let cut = facts(events)
        #expect(cut.toolUses.count == 100)
        #expect(cut.toolUses.reduce(0) { $0 + $1.input.count } == MessageReader.maximumInputs)
        #expect(cut.toolUses[98].isInputTruncated && cut.toolUses[99].isInputTruncated)
    }

    @Test func theCutsOfAStreamChangeNothing() {
        let stream = RecordedStreams.toolUse
        let whole = facts(stream)
        for size in [1, 2, 3, 5, 7, 16, 61, 100, 1_000] { #expect(facts(stream, by: size) == whole, "\(size)") }
        var generator = SystemRandomNumberGenerator()
        let bytes = Array(stream.utf8)
        for _ in 0..<200 {
            var reader = ClaudeResponseReader(isEventStream: true)
            let cuts = ((0..<6).map { _ in Int.random(in: 0...bytes.count, using: &generator) } + [0, bytes.count])
                .sorted()
            for (start, end) in zip(cuts, cuts.dropFirst()) { bytes[start..<end].withUnsafeBytes { reader.append($0) } }
            reader.finish()
            #expect(reader.facts == whole, "\(cuts)")
        }
    }

    @Test func linesMayEndInAnyOfTheThreeWays() {
        let whole = facts(RecordedStreams.toolUse)
        for ending in ["\r\n", "\r"] {
            let stream = RecordedStreams.toolUse.split(separator: "\n", omittingEmptySubsequences: false)
                .joined(separator: ending)
            for size in [1, 2, 33, .max] {
                #expect(facts(stream, by: size) == whole, "\(ending.debugDescription) \(size)")
            }
        }
    }

    @Test func commentsAndUnknownEventsAreNoMatter() {
        let stream =
            "\u{feff}: hello\n\nid: 1\nretry: 5\ndata:{\"type\":\"novelty\",\"x\":[1]}\n\n" + RecordedStreams.toolUse
        for size in [1, 4, .max] { #expect(facts(stream, by: size) == facts(RecordedStreams.toolUse)) }
    }

    @Test func dataOverSeveralLinesIsOneText() {
        for ending in ["\n", "\r\n", "\r"] {
            let stream = [
                "data: {\"type\":\"message_start\",", "data: \"message\":{\"id\":\"msg_1\"}", "data:}", "", "",
            ]
            .joined(separator: ending)
            for size in [1, 9, .max] { #expect(facts(stream, by: size).messageID == "msg_1", "\(size)") }
        }
    }

    @Test func aMessageThatIsNoStreamTellsTheSame() {
        let message = #"""
            {"id":"msg_02","type":"message","role":"assistant","model":"m","content":[{"type":"thinking","thinking":"abc",
             "signature":"x"},{"type":"text","text":"hi \"you\""},{"type":"tool_use","id":"toolu_9","name":"Read",
             "input":{"path":"/a"}}],"stop_reason":"tool_use","stop_sequence":null,
             "usage":{"input_tokens":5,"output_tokens":7,"cache_creation_input_tokens":0,"cache_read_input_tokens":0}}
            """#
        for size in [1, 100, .max] {
            let facts = facts(message, isEventStream: false, by: size)
            #expect(facts.messageID == "msg_02" && facts.model == "m" && facts.stopReason == "tool_use")
            #expect(facts.usage == ClaudeUsage(input: 5, output: 7, cacheCreation: 0, cacheRead: 0))
            #expect(facts.toolUses.map(\.name) == ["Read"])
            #expect(facts.toolUses.first.map { String(decoding: $0.input, as: UTF8.self) } == #"{"path":"/a"}"#)
            #expect(facts.textLength == 8 && facts.thinkingLength == 3)
            #expect(facts.isComplete)
        }
    }

    @Test func tokenCountsAreRead() {
        #expect(facts(#"{"input_tokens":2095}"#, isEventStream: false).usage == ClaudeUsage(input: 2_095))
    }

    @Test(arguments: ["9223372036854775807", "9007199254740993", "-1"])
    func aCountOfTokensThatNoMessageHasCountsAsNotSaid(count: String) {
        let usage = #"{"input_tokens":\#(count),"output_tokens":7,"cache_read_input_tokens":\#(count)}"#
        let message = facts(#"{"type":"message","usage":\#(usage)}"#, isEventStream: false)
        #expect(message.usage == ClaudeUsage(output: 7))
    }

    @Test func errorsAreTold() {
        let error = ClaudeError(type: "overloaded_error", message: "Overloaded")
        let body = #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_1"}"#
        #expect(facts(body, isEventStream: false).error == error)
        let stream =
            RecordedStreams.toolUse.components(before: "event: content_block_stop")
            + RecordedStreams.events([("error", body)])
        let broken = facts(stream)
        #expect(broken.error == error)
        #expect(broken.messageID == "msg_01")
        #expect(!broken.isComplete)
    }

    @Test func aStreamThatIsCutOffTellsWhatThereWas() {
        let cut = RecordedStreams.toolUse.components(before: #"nd\": \"ls"#)
        let facts = facts(cut)
        #expect(!facts.isComplete)
        #expect(facts.stopReason == nil)
        #expect(facts.usage.input == 12)
        #expect(facts.toolUses.map { String(decoding: $0.input, as: UTF8.self) } == [#"{"comma"#])
    }

    @Test func aLongInputIsCutAndSaysSo() {
        let piece = String(repeating: "a", count: 10_000)
        let delta =
            #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"\#(piece)"}}"#
        let start =
            #"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"1","name":"n","input":{}}}"#
        let stream = RecordedStreams.events(
            [("content_block_start", start)] + Array(repeating: ("content_block_delta", delta), count: 10)
                + [("content_block_stop", #"{"type":"content_block_stop","index":0}"#)])
        let use = facts(stream).toolUses.first
        #expect(use?.input.count == ClaudeResponseReader.maximumInput)
        #expect(use?.isInputTruncated == true)
    }

    @Test func whatIsNoClaudeAnswerTellsNothingAndDoesNoHarm() {
        for body in [
            "", "x", "data: x\n\n", "data: {\"type\":\n\n", "data: [1]\n\n", "{}", "[{\"id\":\"msg_1\"}]", "\r\r\n\n\n",
        ] {
            for isEventStream in [true, false] {
                let facts = facts(body, isEventStream: isEventStream)
                #expect(facts.messageID == nil && facts.toolUses.isEmpty && facts.error == nil)
            }
        }
        var generator = SystemRandomNumberGenerator()
        let bytes = Array(RecordedStreams.toolUse.utf8)
        for _ in 0..<300 {
            var broken = bytes
            for _ in 0..<8 { broken[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255) }
            for isEventStream in [true, false] {
                var reader = ClaudeResponseReader(isEventStream: isEventStream)
                broken.withUnsafeBytes { reader.append($0) }
                reader.finish()
            }
        }
    }

    @Test func whatIsTooLongIsPassedOver() {
        let long =
            "data: {\"type\":\"x\",\"pad\":\"" + String(repeating: "a", count: EventStreamReader.maximumEvent)
            + "\"}\n\n"
        let after = facts(long + RecordedStreams.toolUse, by: 65_536)
        #expect(after.messageID == "msg_01")
        #expect(!after.isComplete)
        let line = "data: \"" + String(repeating: "a", count: 1 << 20) + "\"\n"
        let lines = "data: [\n" + String(repeating: line, count: 5) + "data: ]\n\n"
        #expect(!facts(lines + RecordedStreams.toolUse).isComplete)
        let body = "{\"id\":\"" + String(repeating: "a", count: ClaudeResponseReader.maximumMessage) + "\"}"
        #expect(facts(body, isEventStream: false, by: 65_536).messageID == nil)
    }

    @Test func onlyAnswersThatCanBeReadAreRead() {
        #expect(ClaudeResponseReader(contentType: "text/event-stream; charset=utf-8") != nil)
        #expect(ClaudeResponseReader(contentType: "Application/JSON;charset=utf-8") != nil)
        #expect(ClaudeResponseReader(contentType: "application/vnd.amazon.eventstream") == nil)
        #expect(ClaudeResponseReader(contentType: "application/octet-stream") == nil)
    }
}

extension String {
    /// Everything before the first occurrence of a text.
    fileprivate func components(before text: String) -> String {
        var index = startIndex
        while index < endIndex, !self[index...].hasPrefix(text) { formIndex(after: &index) }
        return String(self[..<index])
    }
}
