/// A set of byte values, as cheap to ask as a table look-up.
public struct ByteSet: Hashable, Sendable {
    // One word for 64 byte values each.
    @usableFromInline var first: UInt64 = 0
    @usableFromInline var second: UInt64 = 0
    @usableFromInline var third: UInt64 = 0
    @usableFromInline var fourth: UInt64 = 0

    public init() {}

    /// The bytes of the text: `ByteSet("0123456789")`.
    public init(_ text: String) {
        for byte in text.utf8 { insert(byte) }
    }

    public init(_ range: ClosedRange<UInt8>) {
        for byte in range { insert(byte) }
    }

    @inlinable
    public func contains(_ byte: UInt8) -> Bool {
        let word = byte < 128 ? (byte < 64 ? first : second) : (byte < 192 ? third : fourth)
        return word >> UInt64(byte & 63) & 1 != 0
    }

    public mutating func insert(_ byte: UInt8) {
        let bit: UInt64 = 1 << UInt64(byte & 63)
        switch byte {
        case 0..<64: first |= bit
        case 64..<128: second |= bit
        case 128..<192: third |= bit
        default: fourth |= bit
        }
    }

    public static func + (left: ByteSet, right: ByteSet) -> ByteSet {
        var union = left
        union.first |= right.first
        union.second |= right.second
        union.third |= right.third
        union.fourth |= right.fourth
        return union
    }

    public static func - (left: ByteSet, right: ByteSet) -> ByteSet {
        var rest = left
        rest.first &= ~right.first
        rest.second &= ~right.second
        rest.third &= ~right.third
        rest.fourth &= ~right.fourth
        return rest
    }

    public static let all = ByteSet(0...255)
    public static let digits = ByteSet(48...57)
    /// Digits, and what stands between their groups.
    static let groupedDigits = digits + ByteSet(" ().-/")
    public static let upperCase = ByteSet(65...90)
    public static let lowerCase = ByteSet(97...122)
    public static let letters = upperCase + lowerCase
    public static let alphanumerics = letters + digits
    public static let hexadecimal = digits + ByteSet("abcdefABCDEF")
    /// Space, and the control characters that separate words.
    public static let whitespace = ByteSet(" \t\n\r\u{B}\u{C}\0")
    /// What a token is made of: all but white space, quotes, brackets and what separates items of a list.
    public static let token = all - whitespace - ByteSet("\"'`<>(){}[]|,;\\")
}
