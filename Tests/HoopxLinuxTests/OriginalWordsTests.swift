import Testing

@testable import HoopxLinux

@Suite struct OriginalWordsTests {
    private static let words = OriginalWords([[0x61, 0xfe], [0x62], [0x61, 0xff], Array("\u{fffd}".utf8)])

    @Test func aTextGetsTheBytesThatItWasMadeFrom() {
        #expect(Self.words.bytes(of: ["b", "a\u{fffd}", "\u{fffd}"]) == [[0x62], [0x61, 0xff], [0xef, 0xbf, 0xbd]])
    }

    @Test func wordsOfOneTextKeepTheirOrder() {
        #expect(Self.words.bytes(of: ["x", "a\u{fffd}", "a\u{fffd}"]) == [[0x78], [0x61, 0xfe], [0x61, 0xff]])
    }

    @Test func whatHoopxWasNotStartedWithStaysText() {
        #expect(Self.words.bytes(of: ["c\u{fffd}", "\u{e9}"]) == [[0x63, 0xef, 0xbf, 0xbd], [0xc3, 0xa9]])
        // Equal to another text, but other bytes.
        let composed = OriginalWords([Array("\u{e9}".utf8) + [0xff]])
        #expect(composed.bytes(of: ["e\u{301}\u{fffd}"]) == [Array("e\u{301}\u{fffd}".utf8)])
    }
}
