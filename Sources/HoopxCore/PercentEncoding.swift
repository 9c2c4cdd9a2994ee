/// Percent-encoding (RFC 3986, 2.1), byte by byte.
public enum PercentEncoding {
    /// Encodes all but the unreserved characters (RFC 3986, 2.3), with upper case digits.
    public static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: text.append(byte)
            default:
                text.append(UInt8(ascii: "%"))
                Hexadecimal.append(byte, to: &text, isUpperCase: true)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Undoes it. What is no escape stays as it is.
    public static func decode(_ text: some Sequence<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text)[...]
        while let unit = next(&rest) { bytes.append(unit.byte) }
        return bytes
    }

    /// Takes one byte off a text, be it escaped or not.
    public static func next(_ text: inout ArraySlice<UInt8>) -> (byte: UInt8, isEscaped: Bool)? {
        guard let byte = text.popFirst() else { return nil }
        let digits = text.prefix(2)
        guard byte == UInt8(ascii: "%"), digits.count == 2, let high = Hexadecimal.value(of: digits[digits.startIndex]),
            let low = Hexadecimal.value(of: digits[digits.startIndex + 1])
        else { return (byte, false) }
        text = text.dropFirst(2)
        return (high << 4 | low, true)
    }
}
