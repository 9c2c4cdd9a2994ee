import HoopxCore
import Testing

@Suite struct HexadecimalTests {
    @Test func everyByteIsTwoDigitsWhichReadBackAreTheByte() {
        for byte in UInt8.min...UInt8.max {
            let text = Hexadecimal.text([byte])
            #expect(text.utf8.count == 2 && UInt8(text, radix: 16) == byte && text == text.lowercased())
            var upper: [UInt8] = []
            Hexadecimal.append(byte, to: &upper, isUpperCase: true)
            #expect(String(decoding: upper, as: UTF8.self) == text.uppercased())
        }
        #expect(Hexadecimal.text([]) == "")
        #expect(Hexadecimal.text([0x0a, 0xff]) == "0aff")
    }

    @Test func aNumberHasTheDigitsOfItsWidth() {
        #expect(Hexadecimal.text(of: UInt32(0x1f)) == "0000001f")
        #expect(Hexadecimal.text(of: UInt64.max) == "ffffffffffffffff")
        #expect(Hexadecimal.text(of: UInt16(0x00ad)) == "00ad")
    }

    @Test func onlyDigitsHaveAValue() {
        for byte in UInt8.min...UInt8.max {
            let digit = Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
            #expect(Hexadecimal.value(of: byte) == digit)
        }
    }
}
