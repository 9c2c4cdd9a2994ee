/// A set of byte values, as cheap to ask as a table look-up.
public struct ByteSet: Hashable, Sendable {
    private var bits: SIMD4<UInt64> = .zero

    public init() {}

    /// The bytes of the text: `ByteSet("0123456789")`.
    public init(_ text: String) {
        for byte in text.utf8 { insert(byte) }
    }

    public init(_ range: ClosedRange<UInt8>) {
        for byte in range { insert(byte) }
    }

    @inlinable
    public func contains(_ byte: UInt8) -> Bool { word(byte >> 6) & (1 << UInt64(byte & 63)) != 0 }

    @usableFromInline
    func word(_ index: UInt8) -> UInt64 { bits[Int(index)] }

    public mutating func insert(_ byte: UInt8) { bits[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }

    public static func + (left: ByteSet, right: ByteSet) -> ByteSet {
        var union = left
        union.bits |= right.bits
        return union
    }

    public static func - (left: ByteSet, right: ByteSet) -> ByteSet {
        var rest = left
        rest.bits &= ~right.bits
        return rest
    }

    public static let all = ByteSet(0...255)
    public static let digits = ByteSet(48...57)
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
