import Testing

@testable import HoopxJSON

struct CanonicalJSONTests {
    private func canonical(_ text: String) throws -> String { try JSONValue(json: text.utf8).json }

    /// RFC 8785, 3.2.2 and 3.2.4.
    @Test func theExampleOfTheRFCIsWrittenAsItSays() throws {
        let input = #"""
            {
              "numbers": [333333333.33333329, 1E30, 4.50,
                          2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """#
        let expected =
            #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#
            + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#
        #expect(try canonical(input) == expected)
    }

    /// RFC 8785, 3.2.3.
    @Test func membersStandInTheOrderOfTheirUTF16CodeUnits() throws {
        let input = #"""
            {"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
             "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
             "\u00f6": "Latin Small Letter O With Diaeresis"}
            """#
        let values = try canonical(input).split(separator: "\"").filter { $0.contains("a") || $0 == "One" }
        #expect(
            values == [
                "Carriage Return", "One", "Latin Small Letter O With Diaeresis", "Emoji: Grinning Face",
                "Hebrew Letter Dalet With Dagesh",
            ])
        #expect(try canonical(#"{"b":1,"a":2,"":3,"aa":4}"#) == #"{"":3,"a":2,"aa":4,"b":1}"#)
    }

    /// RFC 8785, appendix B.
    @Test(
        arguments: [
            (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"), (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"), (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"), (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"), (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"), (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"), (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"), (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"), (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"), (0x41b3_de43_5555_5554, "333333333.33333325"),
            (0x41b3_de43_5555_5555, "333333333.3333333"), (0x41b3_de43_5555_5556, "333333333.3333334"),
            (0x41b3_de43_5555_5557, "333333333.33333343"), (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ] as [(UInt64, String)])
    func numbersAreWrittenAsECMAScriptWritesThem(bits: UInt64, text: String) {
        #expect(JSONValue.number(Double(bitPattern: bits)).json == text)
    }

    @Test func whatIsWrittenIsReadAgainAndWrittenTheSame() throws {
        var generator = SeededGenerator(seed: 8785)
        for _ in 0..<2_000 {
            let value = JSONValue.random(using: &generator)
            let text = value.json
            let read = try JSONValue(json: text.utf8)
            try #require(read == value, "\(text)")
            try #require(read.json == text)
        }
    }

    @Test func everyNumberIsReadAgainToTheLastBit() throws {
        var generator = SeededGenerator(seed: 754)
        for _ in 0..<20_000 {
            let number = JSONValue.randomNumber(using: &generator)
            let text = JSONValue.number(number).json
            try #require(Double(text) == number, "\(text)")
        }
    }

    @Test func theOrderIsThatOfUTF16() throws {
        var generator = SeededGenerator(seed: 16)
        for _ in 0..<5_000 {
            let left = JSONValue.randomText(using: &generator)
            let right = JSONValue.randomText(using: &generator)
            let expected = Array(left.utf16).lexicographicallyPrecedes(Array(right.utf16))
            try #require(
                CanonicalJSON.precedes(left, right) == expected, "\(left.unicodeScalars) \(right.unicodeScalars)")
        }
    }

    @Test func theWriterNeedsNoTree() throws {
        var writer = CanonicalJSONWriter()
        writer.object {
            $0.member("a", "x\u{1}")
            $0.member("b", Int64(-12))
            $0.member("c", true)
            $0.name("d")
            $0.array {
                $0.null()
                $0.object { _ in }
                $0.number(1.5)
                $0.array { _ in }
            }
            $0.member("e", nil as String?)
            $0.name("f")
            $0.value(["z": 1, "y": [false]])
        }
        let text = String(decoding: writer.bytes, as: UTF8.self)
        #expect(
            text
                == #"{"a":"x\u0001","b":-12,"c":true,"d":[null,{},1.5,[]],"e":null,"f":{"y":[false],"z":1}}"#)
        #expect(try canonical(text) == text)
    }

    #if DEBUG
        @Test func namesOutOfOrderAreABug() async {
            await #expect(processExitsWith: .failure) {
                var writer = CanonicalJSONWriter()
                writer.object {
                    $0.member("b", true)
                    $0.member("a", true)
                }
            }
            await #expect(processExitsWith: .failure) {
                var writer = CanonicalJSONWriter()
                writer.object {
                    $0.member("a", true)
                    $0.member("a", true)
                }
            }
        }
    #endif
}
