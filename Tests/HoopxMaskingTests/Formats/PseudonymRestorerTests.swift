import HoopxJSON
import Testing

@testable import HoopxMasking

@Suite struct PseudonymRestorerTests {
    private let replacements = Replacements()

    private func restored(_ body: String, _ format: BodyFormat) -> String {
        let whole = restored([Array(body.utf8)], format)
        var generator = SeededGenerator(UInt64(body.utf8.count))
        for _ in 0..<10 {
            let isSame = restored(cut(Array(body.utf8), &generator), format) == whole
            #expect(isSame)
        }
        return String(decoding: whole, as: UTF8.self)
    }

    private func restored(_ pieces: [[UInt8]], _ format: BodyFormat) -> [UInt8] {
        let restorer = PseudonymRestorer(replacements, format: format)
        var output: [UInt8] = []
        for piece in pieces { piece.withUnsafeBytes { restorer.append($0, into: &output) } }
        restorer.finish(into: &output)
        return output
    }

    private func pseudonym(_ entity: String, _ value: String) -> String {
        let bytes = Array(value.utf8)
        let made = replacements.replacement(
            for: EntityType(rawValue: entity), by: .pseudonym, spelling: bytes, value: bytes)
        return made.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    private func event(_ data: String) -> String { "event: content_block_delta\ndata: \(data)\n\n" }

    @Test func valuesArePutBackIntoText() {
        #expect(pseudonym("CREDIT_CARD", "4111") == "<CREDIT_CARD_1>")
        #expect(pseudonym("CREDIT_CARD", "4222") == "<CREDIT_CARD_2>")
        #expect(restored("a <CREDIT_CARD_1><CREDIT_CARD_2>, <<CREDIT_CARD_1>>", .text) == "a 41114222, <4111>")
    }

    @Test func onlyWhatTheSessionHasReplacedIsPutBack() {
        _ = pseudonym("CREDIT_CARD", "4111")
        let body = "<CREDIT_CARD_2> <EMAIL_ADDRESS_1> <CREDIT_CARD_01> <CREDIT_CARD_1 > <credit_card_1> <CREDIT_CARD_1"
        #expect(restored(body, .text) == body)
        #expect(restored("<\(String(repeating: "A", count: 500))_1> <CREDIT_CARD_1>", .text).hasSuffix("_1> 4111"))
        let other = PseudonymRestorer(Replacements(), format: .text)
        var output: [UInt8] = []
        Array("<CREDIT_CARD_1>".utf8).withUnsafeBytes { other.append($0, into: &output) }
        other.finish(into: &output)
        #expect(output == Array("<CREDIT_CARD_1>".utf8))
    }

    @Test func aValueIsEscapedForTheStringThatItComesInto() throws {
        let value = "p\"w\\\n\u{1}ä"
        #expect(pseudonym("PASSWORD", value) == "<PASSWORD_1>")
        let result = restored(
            #"{"a":"x <PASSWORD_1>","b":"\u003cPASSWORD_1\u003E \\u003cPASSWORD_1>","c":"\n\\"}"#, .json)
        #expect(
            try JSONValue(json: Array(result.utf8)) == [
                "a": .string("x " + value), "b": .string(value + " \\u003cPASSWORD_1>"), "c": "\n\\",
            ])
        #expect(result.hasSuffix(#""c":"\n\\"}"#))
    }

    @Test func aPseudonymSplitOverDeltasIsPutBack() {
        _ = pseudonym("CREDIT_CARD", "4111")
        let name = "<CREDIT_CARD_1>"
        for length in 0...name.count {
            let first = ExampleConversation.delta(.text, 0, "a " + name.prefix(length))
            let second = ExampleConversation.delta(.text, 0, name.dropFirst(length) + " b")
            let result = restored(event(first) + event(second), .claude)
            let start = length == name.count ? "a 4111" : "a "
            #expect(
                result
                    == event(ExampleConversation.delta(.text, 0, start))
                    + event(ExampleConversation.delta(.text, 0, (length == name.count ? "" : "4111") + " b")),
                "\(length)")
        }
    }

    @Test func inAToolsInputAValueIsEscapedTwice() throws {
        let value = "p\"\\"
        _ = pseudonym("PASSWORD", value)
        let parts = [#"{\"a\":\"\\u003cPASS"#, #"WORD_1\\u003e\",\"b\":\"<PASSWORD_1>"#, #"\"}"#]
        let body = parts.map { event(ExampleConversation.delta(.input, 0, $0)) }.joined()
        let read = try ReadStream(Array(restored(body, .claude).utf8))
        #expect(
            try JSONValue(json: Array(try #require(read.texts.first).utf8)) == [
                "a": .string(value), "b": .string(value),
            ])
    }

    @Test func whatIsNoPseudonymIsNotHeldBack() {
        let body = event(ExampleConversation.delta(.text, 0, "if a < b && <B>x"))
        #expect(restored(body, .claude) == body)
    }

    @Test func masksAndRestoresToTheSame() throws {
        for seed in UInt64(0)..<30 {
            let conversation = ExampleConversation(seed: seed)
            let session = Replacements()
            let hidden = masked([conversation.bytes], .claude, by: .pseudonym, session)
            let restorer = PseudonymRestorer(session, format: .claude)
            var output: [UInt8] = []
            hidden.withUnsafeBytes { restorer.append($0, into: &output) }
            restorer.finish(into: &output)
            for text in try ReadStream(hidden).texts { #expect(!text.contains("4111 1111 1111 1111")) }
            let result = try ReadStream(output)
            for (index, block) in conversation.texts.enumerated() where block.kind != .input {
                // Values are the same in all of their spellings; the first one is put back. Blocks are redacted.
                func plain(_ text: String) -> String {
                    text.replacing("4111 1111 1111 1111", with: "4111111111111111")
                        .replacing("4111-1111-1111-1111", with: "4111111111111111")
                }
                #expect(
                    plain(result.texts[index])
                        == plain(masked(block.text, .text, by: .keep)).replacing("BEGIN ab\ncd END", with: "[BLOCK]"),
                    "seed \(seed)")
            }
        }
    }
}
