import HoopxJSON
import Testing

@testable import HoopxMasking

@Suite struct JSONMaskingTests {
    private func json(_ body: String, by operation: MaskingOperator = .redact) throws -> String {
        let result = masked(body, .json, by: operation)
        #expect((try? JSONValue(json: Array(result.utf8))) != nil, "\(result)")
        return result
    }

    @Test func aBodyWithoutAFindingIsUnchanged() throws {
        let body = #" { "a" : [1, -2.5e3, true, "x\n\"y\" \u00e4 4111"] ,"b":{} }  "#
        #expect(try json(body) == body)
    }

    @Test func aValueInAStringIsReplaced() throws {
        #expect(
            try json(#"{"note":"card 4111 1111 1111 1111, or a@b.example"}"#)
                == #"{"note":"card [CREDIT_CARD], or [EMAIL_ADDRESS]"}"#)
    }

    @Test func aNumberBecomesAString() throws {
        #expect(try json(#"{"card":4111111111111111}"#) == #"{"card":"[CREDIT_CARD]"}"#)
        #expect(try json(#"[-4111111111111111.25e+1 , 7]"#) == #"["[CREDIT_CARD]" , 7]"#)
        #expect(try json("4111111111111111") == #""[CREDIT_CARD]""#)
        #expect(try json("[4111111111111111,4111111111111111]") == #"["[CREDIT_CARD]","[CREDIT_CARD]"]"#)
    }

    @Test func twoValuesInOneNumberAreOneString() throws {
        #expect(try json("[4111111111111111.4111111111111111]") == #"["[CREDIT_CARD]"]"#)
    }

    @Test func aNumberTooLongToBeHeldBackStaysANumber() throws {
        let digits = String(repeating: "7", count: 80)
        let zeros = String(repeating: "0", count: 16)
        #expect(try json("[\(digits).4111111111111111,2]") == "[\(digits).\(zeros),2]")
    }

    @Test func aKeyIsMaskedToo() throws {
        #expect(try json(#"{"a@b.example":{"4111111111111111":1}}"#) == #"{"[EMAIL_ADDRESS]":{"[CREDIT_CARD]":1}}"#)
    }

    @Test func anEscapeBesideAValueStaysWhole() throws {
        #expect(
            try json(#"["\n4111111111111111\n","\\na@b.example\\"]"#) == #"["\n[CREDIT_CARD]\n","\\[EMAIL_ADDRESS]\\"]"#
        )
    }

    @Test func aBlockIsReplacedOnceAndEndsWithItsString() throws {
        #expect(try json(#"["x BEGIN\nab\"c END y","BEGIN abc","z"]"#) == #"["x [BLOCK] y","[BLOCK]","z"]"#)
    }

    @Test func whatIsNoJSONIsMaskedAllTheSame() {
        #expect(masked("card: 4111 1111 1111 1111 {", .json) == "card: [CREDIT_CARD] {")
        #expect(masked(#"{"a":"4111111111111111"#, .json) == #"{"a":"[CREDIT_CARD]"#)
        #expect(masked(#"{"a":4111111111111111"#, .json) == #"{"a":"[CREDIT_CARD]""#)
        #expect(masked(#"{"a":"b\"#, .json) == #"{"a":"b\"#)
    }

    @Test func linesOfJSONAreDocumentsEach() {
        #expect(
            masked("{\"a\":4111111111111111}\n{\"a\":\"a@b.example\"}\n", .json)
                == "{\"a\":\"[CREDIT_CARD]\"}\n{\"a\":\"[EMAIL_ADDRESS]\"}\n")
    }

    @Test func operatorsFitIntoStrings() throws {
        #expect(try json(#"["4111111111111111"]"#, by: .mask) == #"["************1111"]"#)
        #expect(try json(#"["4111111111111111"]"#, by: .keep) == #"["4111111111111111"]"#)
        #expect(try json(#"[4111111111111111,4111111111111111]"#, by: .keep) == #"[4111111111111111,4111111111111111]"#)
        #expect(
            try json(#"["4111-1111-1111-1111",4111111111111111]"#, by: .pseudonym)
                == #"["<CREDIT_CARD_1>","<CREDIT_CARD_1>"]"#)
    }

    @Test func deepNestingAndHugeStringsPass() throws {
        let deep = String(repeating: "[", count: 100_000) + "4111111111111111" + String(repeating: "]", count: 100_000)
        #expect(masked(deep, .json) == deep.replacing("4111111111111111", with: "\"[CREDIT_CARD]\""))
        let huge = "[\"" + String(repeating: "Ab, \\\"", count: 200_000) + "4111111111111111\"]"
        #expect(masked(huge, .json) == huge.replacing("4111111111111111", with: "[CREDIT_CARD]"))
    }
}
