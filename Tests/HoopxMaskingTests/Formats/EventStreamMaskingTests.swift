import HoopxJSON
import Testing

@testable import HoopxMasking

@Suite struct EventStreamMaskingTests {
    private func delta(_ text: String, index: Int = 0) -> String {
        """
        event: content_block_delta
        data: {"type":"content_block_delta","index":\(index),"delta":{"type":"text_delta","text":"\(text)"}}


        """
    }

    private func input(_ json: String, index: Int = 1) -> String {
        """
        event: content_block_delta
        data: {"type":"content_block_delta","index":\(index),"delta":{"type":"input_json_delta","partial_json":"\(json)"}}


        """
    }

    private let stop = "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
    private let ping = "event: ping\ndata: {\"type\": \"ping\"}\n\n"

    /// What stands around its texts would be kept for each of them.
    @Test func ofALargeEventNoTextGoesOnInTheNext() {
        let frame = String(repeating: "x", count: EventStreamEditor.maximumFrame)
        let event =
            "data: {\"pad\":\"\(frame)\",\"index\":0,\"delta\":{\"text\":\"card 4111111111111111 and 4111\"}}\n\n"
        let body = event + delta("111111111111!")
        #expect(
            masked(body, .claude) == event.replacing("4111111111111111", with: "[CREDIT_CARD]") + delta("111111111111!")
        )
    }

    /// Each text looked for its channel among all of them.
    @Test func anEventOfManyTextsIsMaskedAsADocument() {
        let choice = "{\"index\":1,\"delta\":{\"content\":\"4111111111111111\"}}"
        let choices = { (part: String) in
            "data: {\"choices\":[\(Array(repeating: part, count: 20_000).joined(separator: ","))]}\n\n"
        }
        let field = StreamedField(
            path: ["choices", StreamedField.anyElement, "delta", "content"], channel: ["index"], content: .text)
        #expect(
            masked(choices(choice), .eventStream([field]))
                == choices(choice.replacing("4111111111111111", with: "[CREDIT_CARD]")))
    }

    @Test func anEventWithoutAFindingIsUnchanged() {
        let body = ": hello\n\nid: 7\nretry: 10\n\n" + delta("Hello. ") + delta("So it is. ") + ping + stop
        #expect(masked(body, .claude) == body)
    }

    @Test func aValueInOneDeltaIsReplaced() {
        #expect(masked(delta("a 4111111111111111. ") + stop, .claude) == delta("a [CREDIT_CARD]. ") + stop)
    }

    @Test func aValueSplitOverDeltasIsReplaced() {
        #expect(
            masked(delta("a 4111 1111 ") + delta("1111 11") + delta("11. ") + stop, .claude)
                == delta("a ") + delta("") + delta("[CREDIT_CARD]. ") + stop)
    }

    @Test func whatIsHeldBackComesBeforeTheBlocksEnd() {
        #expect(masked(delta("so 4111") + stop, .claude) == delta("so ") + delta("4111") + stop)
        #expect(
            masked(delta("x. 4111 1111 1111 1111") + stop, .claude) == delta("x. ") + delta("[CREDIT_CARD]") + stop)
    }

    @Test func aPingOrACommentDoesNotPartAValue() {
        #expect(
            masked(delta("4111 1111 ") + ping + ": x\n\n" + delta("1111 1111.") + stop, .claude)
                == delta("") + ping + ": x\n\n" + delta("[CREDIT_CARD].") + stop)
    }

    @Test func blocksAreApart() {
        #expect(
            masked(delta("41111111") + delta("11111111.", index: 1) + delta("11111111.") + stop, .claude)
                == delta("") + delta("11111111.", index: 1) + delta("[CREDIT_CARD].") + stop)
    }

    @Test func blocksOfEachKindAreApart() {
        for kind in [ExampleConversation.Kind.thinking, .input] {
            func event(_ index: Int, _ piece: String) -> String {
                "data: \(ExampleConversation.delta(kind, index, piece))\n\n"
            }
            #expect(
                masked(event(0, "4111 1111 ") + event(1, "1111 1111,"), .claude).hasPrefix(
                    event(0, "") + event(1, "1111 1111,")))
        }
    }

    @Test func aFieldMayBeginAnothersPath() {
        let format = BodyFormat.eventStream([
            StreamedField(path: ["delta"], channel: ["item"], content: .text),
            StreamedField(path: ["delta", "text"], channel: ["index"], content: .text),
        ])
        func event(_ delta: String) -> String { "data: {\"item\":1,\"index\":2,\"delta\":\(delta)}\n\n" }
        #expect(
            masked(event(#""4111 1111 ""#) + event(#""1111 1111,""#), format)
                == event(#""""#) + event(#""[CREDIT_CARD],""#))
        #expect(
            masked(event(#"{"text":"4111 1111 "}"#) + event(#"{"text":"1111 1111,"}"#), format)
                == event(#"{"text":""}"#) + event(#"{"text":"[CREDIT_CARD],"}"#))
    }

    @Test func aBlockThatFollowsDoesNotGetWhatWasHeldBack() {
        let start = "data: {\"type\":\"content_block_start\",\"index\":1}\n\n"
        #expect(
            masked(delta("4111") + start + delta("1111", index: 1) + stop, .claude)
                == delta("") + delta("4111") + start + delta("", index: 1) + delta("1111", index: 1) + stop)
    }

    @Test func valuesInAToolsInputAreReplacedInItsStringsAndNumbers() {
        #expect(
            masked(input(#"{\"card\": 4111"#) + input("111111111111") + input("}") + stop, .claude)
                == input(#"{\"card\": "#) + input("") + input(#"\"[CREDIT_CARD]\"}"#) + stop)
        #expect(
            masked(input(#"{\"to\":\"\\na@b."#) + input(#"example\"}"#) + stop, .claude)
                == input(#"{\"to\":\"\\n"#) + input(#"[EMAIL_ADDRESS]\"}"#) + stop)
    }

    @Test func escapedTextIsSeenThroughAndWhatIsNotReplacedStaysEscapedAsItWas() {
        #expect(
            masked(delta(#"\u00e4\n\u0034111 1111"#) + delta(#" 1111 11\u0031\u0031\/ \ud83d\ude00"#) + stop, .claude)
                == delta(#"\u00e4\n"#) + delta(#"[CREDIT_CARD]\/ \ud83d\ude00"#) + stop)
    }

    @Test func halvesOfASurrogatePairStayTogether() {
        #expect(
            masked(delta(#"x. \ud83d"#) + delta(#"\ude00 4111111111111111."#) + stop, .claude)
                == delta("x. ") + delta(#"\ud83d\ude00 [CREDIT_CARD]."#) + stop)
        #expect(masked(delta(#"x. \ud83d"#) + stop, .claude) == delta("x. ") + delta(#"\ud83d"#) + stop)
    }

    @Test(arguments: ["\r\n", "\r", "\n"]) func lineEndsStay(_ end: String) {
        func lines(_ text: String) -> String { text.replacing("\n", with: end) }
        let body = lines("\u{feff}" + delta("4111 1111 ") + "id: 5\n" + delta("1111 1111") + stop)
        #expect(
            masked(body, .claude)
                == lines("\u{feff}" + delta("") + "id: 5\n" + delta("") + delta("[CREDIT_CARD]") + stop))
    }

    @Test func dataOfSeveralLinesIsOneDocument() {
        let body = "data: {\"index\":0,\ndata: \"delta\":\ndata:{\"text\":\"4111 1111 \"}}\n\n"
        #expect(
            masked(body + delta("1111 1111.") + stop, .claude)
                == body.replacing("4111 1111 ", with: "") + delta("[CREDIT_CARD].") + stop)
    }

    @Test func whatIsNoPieceIsMaskedToo() {
        #expect(
            masked(
                ": a@b.example\nid: 4111111111111111\ndata: {\"a\":4111111111111111,\"b\":\"a@b.example\"}\n\n", .claude
            )
                == ": [EMAIL_ADDRESS]\nid: [CREDIT_CARD]\ndata: {\"a\":\"[CREDIT_CARD]\",\"b\":\"[EMAIL_ADDRESS]\"}\n\n"
        )
        #expect(
            masked("data: {\"to\":4111111111111111,\"delta\":{\"text\":\"hi. \"}}\n\n", .claude)
                == "data: {\"to\":\"[CREDIT_CARD]\",\"delta\":{\"text\":\"hi. \"}}\n\n")
        #expect(
            masked("data: mail a@b.example \"\ndata: x\n\n", .claude) == "data: mail [EMAIL_ADDRESS] \"\ndata: x\n\n")
    }

    @Test func whatIsReplacedNeverHoldsALinesEnd() {
        #expect(masked(": BEGIN\nid: BEGIN\n\n" + stop, .claude) == ": [BLOCK]\nid: [BLOCK]\n\n" + stop)
        #expect(
            masked("data: x BEGIN a\ndata:b\ndata: c END y\nid: 1\n\n" + stop, .claude)
                == "data: x [BLOCK] y\nid: 1\n\n" + stop)
        #expect(masked("data: 4111 1111 1111\n\ndata: 1111\n\n", .claude) == "data: 4111 1111 1111\n\ndata: 1111\n\n")
    }

    @Test func aBodyThatIsCutOffIsMaskedToItsEnd() {
        let body = delta("4111 1111 ") + delta("1111 1111")
        for length in 1..<5 {
            let cut = String(body.dropLast(length))
            let expected = String((delta("") + delta("[CREDIT_CARD]")).dropLast(length))
            #expect(masked(cut, .claude) == expected, "\(length)")
        }
        let inPiece = body.prefix(body.count - #""}}"#.count - 2)
        #expect(masked(String(inPiece), .claude) == (delta("") + delta("[CREDIT_CARD]")).dropLast(5))
        #expect(masked(delta("4111") + "event: x", .claude) == delta("") + delta("4111") + "event: x")
    }

    @Test func anExtraEventHasNoIdentifierOfItsOwn() {
        let body = "id: 4\ndata: {\"delta\":{\"text\":\"4111\"}}\n\n"
        #expect(
            masked(body + stop, .claude)
                == "id: 4\ndata: {\"delta\":{\"text\":\"\"}}\n\n" + "data: {\"delta\":{\"text\":\"4111\"}}\n\n" + stop)
    }

    @Test func choicesAreChannels() {
        func chunk(_ index: Int, _ text: String) -> String {
            "data: {\"id\":\"x\",\"choices\":[{\"delta\":{\"content\":\"\(text)\"},\"index\":\(index)}]}\n\n"
        }
        #expect(
            masked(chunk(0, "4111 1111 ") + chunk(1, "41111111") + chunk(0, "1111 1111") + "data: [DONE]\n\n", .choices)
                == chunk(0, "") + chunk(1, "") + chunk(0, "") + chunk(0, "[CREDIT_CARD]") + chunk(1, "41111111")
                + "data: [DONE]\n\n")
    }

    @Test func anEventTooLongForBufferingIsMasked() {
        let long = "data: {\"x\":\"" + String(repeating: "A, ", count: 3 << 20)
        let body = delta("4111") + long + "4111111111111111\"}\n\n" + delta("a@b.example")
        let result = masked(body, .claude)
        let expected = delta("") + delta("4111") + long + "[CREDIT_CARD]\"}\n\n" + delta("[EMAIL_ADDRESS]")
        let isExpected = result == expected
        #expect(isExpected)
    }

    @Test func moreBlocksThanAreKeptAreEachMasked() {
        var body = ""
        var expected = ""
        for index in 0..<200 {
            body += delta("4111 1111 ", index: index)
            expected += delta("", index: index)
        }
        let result = masked(body + stop, .claude)
        #expect(result.components(of: "4111 1111 ") == 200)
        #expect(result.hasSuffix(stop))
    }
}

extension String {
    fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
