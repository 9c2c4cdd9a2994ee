/// base64 with padding, and base64url without (RFC 4648, 4 and 5; RFC 7515, 2).
///
/// Decoding is nil for what no encoder writes: other characters, padding that is missing or does not belong there, bits that
/// are left over and not zero. So no two texts are the same bytes, and no character of a signature can be changed unseen.
public enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")

    public static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for digit in 0..<4 {
                text.append(digit <= group.count ? alphabet[Int(bits >> UInt32(18 - 6 * digit) & 63)] : padding)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        let text = Array(text)
        guard text.count.isMultiple(of: 4) else { return nil }
        let digits =
            text.suffix(2) == [padding, padding] ? text.dropLast(2) : text.last == padding ? text.dropLast() : text[...]
        return decode(digits, last: (UInt8(ascii: "+"), UInt8(ascii: "/")))
    }

    public static func decodeURL(_ text: some Collection<UInt8>) -> [UInt8]? {
        decode(text, last: (UInt8(ascii: "-"), UInt8(ascii: "_")))
    }

    /// - Parameter last: the digits with the values 62 and 63.
    private static func decode(_ text: some Collection<UInt8>, last: (UInt8, UInt8)) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count * 3 / 4)
        var bits: UInt32 = 0
        var count = 0
        for digit in text {
            guard let value = value(of: digit, last: last) else { return nil }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
                bits &= 1 << UInt32(count) - 1
            }
        }
        return count < 6 && bits == 0 ? bytes : nil
    }

    private static func value(of digit: UInt8, last: (UInt8, UInt8)) -> UInt32? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
        case last.0: 62
        case last.1: 63
        default: nil
        }
    }
}
