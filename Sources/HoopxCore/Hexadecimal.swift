/// Hexadecimal digits: lower case where nothing else is said, and either case where they are read.
public enum Hexadecimal {
    /// Two digits for each byte.
    public static func text(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.underestimatedCount)
        for byte in bytes { append(byte, to: &text) }
        return String(decoding: text, as: UTF8.self)
    }

    /// All digits of a number, zeros in front included: 8 for 32 bits.
    public static func text(of number: some FixedWidthInteger & UnsignedInteger) -> String {
        withUnsafeBytes(of: number.bigEndian) { text($0) }
    }

    @inlinable
    public static func append(_ byte: UInt8, to text: inout [UInt8], isUpperCase: Bool = false) {
        text.append(digit(byte >> 4, isUpperCase: isUpperCase))
        text.append(digit(byte & 15, isUpperCase: isUpperCase))
    }

    /// - Parameter value: 0 to 15.
    @inlinable
    public static func digit(_ value: UInt8, isUpperCase: Bool = false) -> UInt8 {
        value < 10 ? 0x30 + value : (isUpperCase ? 0x37 : 0x57) + value
    }

    /// The value of a digit in ASCII; nil where it is none.
    @inlinable
    public static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }
}
