import Glibc
import HoopxCore

/// A string of a JSON text as it stands there, without its quotes: its escapes are undone only on demand.
public struct JSONToken {
    /// Between the quotes.
    public let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    public var hasEscapes: Bool {
        guard let base = bytes.baseAddress else { return false }
        return memchr(base, 0x5c, bytes.count) != nil
    }

    /// Whether it is this text, whichever way it is written.
    ///
    /// - Parameter text: without quotes, backslashes and control characters.
    public static func == (token: JSONToken, text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        // Escapes only make it longer.
        guard token.bytes.count >= count, let base = token.bytes.baseAddress else { return count == 0 }
        if token.bytes.count == count { return memcmp(base, text.utf8Start, count) == 0 }
        guard token.hasEscapes else { return false }
        var decoded: [UInt8] = []
        token.append(to: &decoded)
        return decoded.elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: count))
    }

    /// The text. What is no UTF-8 or no escape is U+FFFD in it.
    public var text: String {
        guard hasEscapes else { return String(decoding: bytes, as: UTF8.self) }
        var decoded: [UInt8] = []
        append(to: &decoded)
        return String(decoding: decoded, as: UTF8.self)
    }

    /// Appends its UTF-8, escapes undone.
    public func append(to output: inout [UInt8]) {
        var rest = bytes[...]
        while let base = UnsafeRawBufferPointer(rebasing: rest).baseAddress, let found = memchr(base, 0x5c, rest.count)
        {
            let length = UnsafeRawPointer(found) - base
            output.append(contentsOf: rest.prefix(length))
            rest = rest.dropFirst(length + 1)
            Self.appendEscape(&rest, to: &output)
        }
        output.append(contentsOf: rest)
    }
}

extension JSONToken {
    /// The length of its UTF-8, escapes undone.
    public var utf8Count: Int {
        guard hasEscapes else { return bytes.count }
        var decoded: [UInt8] = []
        append(to: &decoded)
        return decoded.count
    }

    /// Undoes the escape whose backslash was just taken.
    private static func appendEscape(_ rest: inout Slice<UnsafeRawBufferPointer>, to output: inout [UInt8]) {
        switch rest.popFirst() {
        case UInt8(ascii: "b"): output.append(0x08)
        case UInt8(ascii: "t"): output.append(0x09)
        case UInt8(ascii: "n"): output.append(0x0a)
        case UInt8(ascii: "f"): output.append(0x0c)
        case UInt8(ascii: "r"): output.append(0x0d)
        case UInt8(ascii: "u"): output.append(contentsOf: String(scalar(&rest)).utf8)
        case let byte? where byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "/"):
            output.append(byte)
        default: output.append(contentsOf: "\u{fffd}".utf8)
        }
    }

    private static func scalar(_ rest: inout Slice<UnsafeRawBufferPointer>) -> Unicode.Scalar {
        guard let first = codeUnit(rest) else { return "\u{fffd}" }
        rest = rest.dropFirst(4)
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xd800..<0xdc00).contains(first), rest.starts(with: #"\u"#.utf8),
            let second = codeUnit(rest.dropFirst(2)), (0xdc00..<0xe000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
        else { return "\u{fffd}" }
        rest = rest.dropFirst(6)
        return scalar
    }

    private static func codeUnit(_ rest: Slice<UnsafeRawBufferPointer>) -> UInt32? {
        guard rest.count >= 4 else { return nil }
        return rest.prefix(4).reduce(UInt32?(0)) { unit, byte in
            Hexadecimal.value(of: byte).flatMap { digit in unit.map { $0 << 4 + UInt32(digit) } }
        }
    }
}
