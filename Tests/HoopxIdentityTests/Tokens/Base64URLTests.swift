import Testing

@testable import HoopxIdentity

struct Base64URLTests {
    @Test func whatIsEncodedIsDecoded() {
        for length in 0..<64 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255) }
            #expect(Base64URL.decode(base64url(bytes).utf8) == bytes)
        }
        #expect(Base64URL.decode("-_8".utf8) == [0xfb, 0xff])
    }

    @Test(arguments: ["A", "AAAAA", "AA==", "AB", "AAB", "+/8", "A A", "AA\n", "ä"])
    func whatNoEncoderWritesIsRefused(text: String) { #expect(Base64URL.decode(text.utf8) == nil) }
}
