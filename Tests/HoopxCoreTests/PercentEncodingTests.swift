import HoopxCore
import Testing

@Suite struct PercentEncodingTests {
    @Test func allButTheUnreservedCharactersAreEncoded() {
        #expect(PercentEncoding.encode("aZ09-._~".utf8) == "aZ09-._~")
        #expect(PercentEncoding.encode("a b/c+d%é".utf8) == "a%20b%2Fc%2Bd%25%C3%A9")
    }

    @Test func whatIsEncodedIsDecodedAgain() {
        let bytes = Array(UInt8.min...UInt8.max)
        #expect(PercentEncoding.decode(PercentEncoding.encode(bytes).utf8) == bytes)
        #expect(PercentEncoding.decode("%c3%A9".utf8) == Array("é".utf8))
    }

    /// `UInt8("+5", radix: 16)` is 5.
    @Test(arguments: ["%", "%4", "%+5", "%-0", "%g0", "%4g", "% 5", "a%"])
    func whatIsNoEscapeStaysAsItIs(text: String) {
        #expect(PercentEncoding.decode(text.utf8) == Array(text.utf8))
    }

    @Test func anEscapedByteIsToldFromAPlainOne() {
        var rest = Array("%2F/".utf8)[...]
        let escaped = PercentEncoding.next(&rest)
        #expect(escaped?.byte == UInt8(ascii: "/") && escaped?.isEscaped == true)
        let plain = PercentEncoding.next(&rest)
        #expect(plain?.byte == UInt8(ascii: "/") && plain?.isEscaped == false)
        #expect(PercentEncoding.next(&rest) == nil)
    }
}
