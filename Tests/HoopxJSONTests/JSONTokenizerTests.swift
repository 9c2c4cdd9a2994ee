import Testing

@testable import HoopxJSON

struct JSONTokenizerTests {
    private func reading<Result>(
        _ text: String, _ body: (inout JSONTokenizer) throws -> Result
    ) rethrows -> Result {
        try Array(text.utf8).withUnsafeBytes { bytes in
            var tokenizer = JSONTokenizer(bytes)
            return try body(&tokenizer)
        }
    }

    /// The whole text by means of the tokenizer.
    private func value(_ tokenizer: inout JSONTokenizer) throws -> JSONValue {
        switch try tokenizer.kind() {
        case .null:
            try tokenizer.skip()
            return .null
        case .bool: return .bool(try tokenizer.bool() == true)
        case .number:
            let offset = tokenizer.offset
            guard let number = Double(String(decoding: try tokenizer.skip(), as: UTF8.self)) else {
                throw JSONFault.malformed(at: offset)
            }
            return .number(number)
        case .string: return .string(try tokenizer.string()?.text ?? "")
        case .array:
            var elements: [JSONValue] = []
            _ = try tokenizer.enterArray()
            while try tokenizer.nextElement() { elements.append(try value(&tokenizer)) }
            return .array(elements)
        case .object:
            var members: [String: JSONValue] = [:]
            _ = try tokenizer.enterObject()
            while let name = try tokenizer.nextMember() { members[name.text] = try value(&tokenizer) }
            return .object(members)
        }
    }

    @Test func itFindsWhatTheStrictReaderFinds() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<1_000 {
            let expected = JSONValue.random(using: &generator)
            for text in [expected.json, " \n" + expected.page + "\r\t "] {
                let (found, isAtEnd) = try reading(text) { (try value(&$0), $0.isAtEnd()) }
                try #require(found == expected, "\(text)")
                try #require(isAtEnd)
            }
        }
    }

    @Test func whatIsSkippedIsSkippedWhole() throws {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<1_000 {
            let text = JSONValue.random(using: &generator).page
            let (skipped, offset) = try reading("  " + text + ",") { (tokenizer) -> (String, Int) in
                (String(decoding: try tokenizer.skip(), as: UTF8.self), tokenizer.offset)
            }
            try #require(skipped == text)
            try #require(offset == text.utf8.count + 2)
        }
    }

    @Test func membersAreFoundWhicheverWayTheirNamesAreWritten() throws {
        let model = try reading(#"{"a":{"model":1,"x":"}\""},"b":["]"],"mod\u0065l":"claude\n"}"#) { body -> String? in
            _ = try body.enterObject()
            while let name = try body.nextMember() {
                if name == "model" { return try body.string()?.text }
                try body.skip()
            }
            return nil
        }
        #expect(model == "claude\n")
    }

    @Test func stringsAreUndoneOnDemand() throws {
        let text = #""\"\\\/\b\f\n\r\t\u00e4\ud83d\ude00 plain ä""#
        let token = try #require(
            try reading(text) { token in try token.string().map { ($0.hasEscapes, $0.text, $0.utf8Count) } })
        let expected = "\"\\/\u{8}\u{c}\n\r\tä😀 plain ä"
        #expect(token.0)
        #expect(token.1 == expected)
        #expect(token.2 == expected.utf8.count)
        #expect(try reading(#""plain ä""#) { try $0.string()?.hasEscapes } == false)
        #expect(try reading(#""plain ä""#) { try $0.string()?.utf8Count } == 8)
    }

    @Test(arguments: [
        (#""\ud83d""#, "\u{fffd}"), (#""\ude00a""#, "\u{fffd}a"), (#""\ud83d\u0041""#, "\u{fffd}A"),
        (#""\u12""#, "\u{fffd}12"), (#""\x""#, "\u{fffd}"), (#""\ud83dx""#, "\u{fffd}x"),
    ])
    func aWrongEscapeIsAReplacementCharacter(text: String, expected: String) throws {
        #expect(try reading(text) { try $0.string()?.text } == expected)
    }

    @Test func wholeNumbersAreReadWhereTheyAreOnes() throws {
        for (text, expected) in [
            ("0", 0), ("-12", -12), ("9223372036854775807", Int.max), ("9223372036854775808", nil), ("1.5", nil),
            ("1e3", nil), ("-", nil), ("null", nil), (#""1""#, nil), ("[1]", nil),
        ] as [(String, Int?)] {
            let (found, isAtEnd) = try reading(text) { (try $0.integer(), $0.isAtEnd()) }
            #expect(found == expected, "\(text)")
            #expect(isAtEnd)
        }
    }

    @Test func elementsAreCountedWithoutBeingRead() throws {
        #expect(try reading(#"[1,[2,3],{"a":[4]},"]"]"#) { try $0.skipElements() } == 4)
        #expect(try reading("[]") { try $0.skipElements() } == 0)
        #expect(try reading(#"{"a":[1]}"#) { try $0.skipElements() } == 0)
    }

    @Test func aStringThatIsCutOffIsReadAsFarAsItGoes() {
        #expect(reading(#""abc\n de"#) { $0.unfinishedString()?.text } == "abc\n de")
        #expect(reading(#""abc\"#) { $0.unfinishedString()?.text } == "abc\u{fffd}")
        #expect(reading(#""abc", 1"#) { $0.unfinishedString()?.text } == "abc")
        #expect(reading("12") { $0.unfinishedString()?.text } == nil)
    }

    @Test(arguments: [
        "", "{", "[", "\"", "\"\\\"", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "{1:2}",
        "[1,]",
        "[1 2]", "[,1]", "{,}", "x", "}", "]", ":", "[}", "{]", "\u{1}", "{\"a\":[1,2}",
    ])
    func whatIsNoJSONIsRefusedWhereItIsRead(text: String) {
        #expect(throws: (any Error).self) { try reading(text) { try value(&$0) } }
    }

    @Test func nestingHasALimit() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: JSONFault.tooDeep) { try reading(deep) { try $0.skip() } }
        #expect(throws: JSONFault.tooDeep) { try reading(deep) { while try $0.enterArray() {} } }
    }

    @Test func noBytesMakeItCrash() {
        var generator = SeededGenerator(seed: 3)
        let alphabet = Array(#"{}[]",:\utn0 -1e.a"#.utf8) + [0, 0xff, 0x0a]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0..<24, using: &generator)).map { _ in
                alphabet.randomElement(using: &generator) ?? 0
            }
            bytes.withUnsafeBytes { buffer in
                var tokenizer = JSONTokenizer(buffer)
                _ = try? value(&tokenizer)
                #expect(tokenizer.offset <= bytes.count)
                var other = JSONTokenizer(buffer)
                _ = try? other.skip()
                #expect(other.offset <= bytes.count)
                var third = JSONTokenizer(buffer)
                _ = third.unfinishedString()?.text
                #expect(third.offset <= bytes.count)
            }
        }
    }
}
