import Testing

@testable import HoopxJSON

struct JSONReaderTests {
    private func read(_ text: String) throws(JSONFault) -> JSONValue { try JSONValue(json: Array(text.utf8)) }

    @Test func eachKindOfValueIsRead() throws {
        let text = """
             {"a": [1, -2.5e1, 0, true, false, null], "b": {"c": "x\\n\\u00e4\\ud83d\\ude00\\/\\"ä"}, "": []}
            """
        #expect(
            try read(text) == [
                "a": [1, -25, 0, true, false, .null], "b": ["c": "x\nä😀/\"ä"], "": [],
            ])
    }

    @Test(arguments: [
        "", " ", "{", "}", "[1,]", "[,1]", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "{'a':1}", "[1 2]", "nul", "True", "01",
        "+1", "1.", ".5", "1e", "-", "--1", "0x1", "NaN", "Infinity", "1e999", "\"", "\"a", "\"\\x\"", "\"\\u12\"",
        "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\n\"", "\"\t\"", "[1]x", "1 2", "\u{feff}{}", "/**/1",
    ])
    func whatIsNoJSONIsRefused(text: String) {
        #expect(throws: JSONFault.self) { try read(text) }
    }

    @Test func textThatIsNoUTF8IsRefused() {
        for bytes: [UInt8] in [[0x22, 0xff, 0x22], [0x22, 0xc0, 0x80, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22]] {
            #expect(throws: JSONFault.self) { try JSONValue(json: bytes) }
        }
    }

    @Test func noMemberMayStandTwice() {
        #expect(throws: JSONFault.duplicateMember("a")) { try read(#"{"a":1,"b":2,"a":1}"#) }
        #expect(throws: JSONFault.duplicateMember("a")) { try read(#"{"a":1,"\u0061":1}"#) }
        #expect(throws: JSONFault.duplicateMember("a")) { try read(#"[{"b":{"a":1,"a":2}}]"#) }
    }

    @Test func nestingHasALimit() throws {
        let levels = JSONReader.maximumDepth
        _ = try read(String(repeating: "[", count: levels + 1) + String(repeating: "]", count: levels + 1))
        #expect(throws: JSONFault.tooDeep) { try read(String(repeating: "[", count: 200_000)) }
        #expect(throws: JSONFault.tooDeep) { try read(String(repeating: #"{"a":"#, count: 200_000)) }
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        let value: JSONValue = [
            "text": "\u{0}\u{1f}\"\\/ä😀\u{2028}",
            "list": [1, .number(0.1), .number(-1e-7), .number(1e300), true, .null],
            "empty": [:], "none": [],
        ]
        #expect(try read(value.json) == value)
        let members: JSONValue = ["b": [1, 2], "a": "x\n"]
        #expect(members.json == #"{"a":"x\n","b":[1,2]}"#)
        #expect(JSONValue.text(of: 1_234_567_890_123) == "1234567890123")
        #expect(JSONValue.text(of: 1.5) == "1.5")
    }
}
