import Foundation
import HoopxCore
import Testing

@Suite struct Base64Tests {
    @Test func whatIsEncodedIsDecoded() {
        for length in 0..<64 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255) }
            let text = Data(bytes).base64EncodedString()
            #expect(Base64.encode(bytes) == text)
            #expect(Base64.decode(text.utf8) == bytes)
            let urlText = text.filter { $0 != "=" }.replacing("+", with: "-").replacing("/", with: "_")
            #expect(Base64.decodeURL(urlText.utf8) == bytes)
        }
        #expect(Base64.decodeURL("-_8".utf8) == [0xfb, 0xff])
        #expect(Base64.decode("+/8=".utf8) == [0xfb, 0xff])
    }

    @Test(arguments: ["A", "AAAAA", "AA==", "AB", "AAB", "+/8", "A A", "AA\n", "ä"])
    func whatNoEncoderOfURLsWritesIsRefused(text: String) { #expect(Base64.decodeURL(text.utf8) == nil) }

    @Test(arguments: ["A", "AA", "AAA", "AB==", "AAB=", "A===", "====", "AA=A", "-_8=", "AAAA=", "AA==AA==", "AA=\n"])
    func whatNoEncoderWritesIsRefused(text: String) { #expect(Base64.decode(text.utf8) == nil) }
}
