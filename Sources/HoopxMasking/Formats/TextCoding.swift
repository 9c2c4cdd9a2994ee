import HoopxCore

/// How a text is written in what carries it.
enum TextCoding: Hashable, Sendable {
    /// As a JSON string (RFC 8259, 7), in a JSON string, and so on: 0 is the text itself.
    case escaped(levels: Int)
    /// `application/x-www-form-urlencoded` (WHATWG URL, 5)
    case percent
    /// As the data of an event of several lines (WHATWG HTML, 9.2.6): a line end and the next field's name are a line feed.
    case dataLines

    /// A character, or a byte, of a text and how many bytes stand for it.
    struct Unit {
        var length: Int
        /// UTF-8, first byte lowest.
        var bytes: UInt32
        var count: Int

        init(length: Int, byte: UInt8) {
            self.length = length
            bytes = UInt32(byte)
            count = 1
        }

        init(length: Int, _ scalar: Unicode.Scalar) {
            self.length = length
            bytes = 0
            count = 0
            for byte in scalar.utf8 {
                bytes |= UInt32(byte) << (8 * UInt32(count))
                count += 1
            }
        }
    }

    /// Where something begins that stands for something else.
    func firstSpecial(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        switch self {
        case .escaped(levels: 0): nil
        case .escaped: bytes.firstIndex(of: UInt8(ascii: "\\"), from: start)
        case .percent:
            (start..<bytes.count).first { bytes[$0] == UInt8(ascii: "%") || bytes[$0] == UInt8(ascii: "+") }
        case .dataLines: EventLines.lineEnd(in: bytes, from: start)?.lowerBound
        }
    }

    /// What stands at an offset. An escape that is none stands for itself, a lone surrogate for U+FFFD.
    ///
    /// - Returns: nil where the bytes end too early to tell, unless they are the last.
    func unit(in bytes: UnsafeRawBufferPointer, at offset: Int, isLast: Bool) -> Unit? {
        switch self {
        case .escaped(let levels): Self.unescaped(bytes, at: offset, levels: levels, isLast: isLast)
        case .percent: Self.percentDecoded(bytes, at: offset, isLast: isLast)
        case .dataLines: Self.nextDataLine(bytes, at: offset)
        }
    }

    /// Appends a text as it is to be written.
    func append(_ text: [UInt8], to output: inout [UInt8]) {
        switch self {
        case .escaped(levels: 0), .dataLines: output += text
        case .escaped(let levels):
            var text = text
            for _ in 0..<levels { text = Self.escaped(text) }
            output += text
        case .percent: for byte in text { Self.appendPercentEncoded(byte, to: &output) }
        }
    }

    static func escaped(_ text: [UInt8]) -> [UInt8] {
        guard text.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else {
            return text
        }
        var result: [UInt8] = []
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): result += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case UInt8(ascii: "\r"): result += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
            case UInt8(ascii: "\t"): result += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
            case 0..<0x20:
                result += "\\u00".utf8
                Hexadecimal.append(byte, to: &result)
            default: result.append(byte)
            }
        }
        return result
    }

    private static func unescaped(
        _ bytes: UnsafeRawBufferPointer, at offset: Int, levels: Int, isLast: Bool
    ) -> Unit? {
        guard offset < bytes.count else { return nil }
        guard levels > 0, bytes[offset] == UInt8(ascii: "\\") else { return Unit(length: 1, byte: bytes[offset]) }
        func inner(_ offset: Int) -> Unit? {
            unescaped(bytes, at: offset, levels: levels - 1, isLast: isLast)
        }
        guard let backslash = inner(offset) else { return nil }
        guard backslash.bytes == UInt32(UInt8(ascii: "\\")) else { return backslash }
        let behind = offset + backslash.length
        guard let letter = inner(behind) else { return isLast ? backslash : nil }
        let length = backslash.length + letter.length
        switch UInt8(truncatingIfNeeded: letter.bytes) {
        case _ where letter.count != 1: return backslash
        case UInt8(ascii: "\""): return Unit(length: length, byte: UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): return Unit(length: length, byte: UInt8(ascii: "\\"))
        case UInt8(ascii: "/"): return Unit(length: length, byte: UInt8(ascii: "/"))
        case UInt8(ascii: "b"): return Unit(length: length, byte: 0x08)
        case UInt8(ascii: "f"): return Unit(length: length, byte: 0x0c)
        case UInt8(ascii: "n"): return Unit(length: length, byte: 0x0a)
        case UInt8(ascii: "r"): return Unit(length: length, byte: 0x0d)
        case UInt8(ascii: "t"): return Unit(length: length, byte: 0x09)
        case UInt8(ascii: "u"): break
        default: return backslash
        }
        switch codeUnit(at: offset + length, inner) {
        case .incomplete: return isLast ? backslash : nil
        case .malformed: return backslash
        case .unit(let first, let end):
            if let scalar = Unicode.Scalar(first) { return Unit(length: end - offset, scalar) }
            let lone = Unit(length: end - offset, "\u{fffd}")
            guard first < 0xdc00 else { return lone }
            return pair(first, at: end, from: offset, inner) ?? (isLast ? lone : nil)
        }
    }

    private enum CodeUnit {
        case unit(UInt16, end: Int)
        case malformed
        case incomplete
    }

    /// Four hexadecimal digits.
    private static func codeUnit(at offset: Int, _ inner: (Int) -> Unit?) -> CodeUnit {
        var offset = offset
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = inner(offset) else { return .incomplete }
            guard digit.count == 1, let number = Hexadecimal.value(of: UInt8(truncatingIfNeeded: digit.bytes)) else {
                return .malformed
            }
            value = value << 4 | UInt16(number)
            offset += digit.length
        }
        return .unit(value, end: offset)
    }

    /// - Returns: nil where the second half may still come.
    private static func pair(_ first: UInt16, at offset: Int, from start: Int, _ inner: (Int) -> Unit?) -> Unit? {
        let lone = Unit(length: offset - start, "\u{fffd}")
        var end = offset
        for expected in "\\u".utf8 {
            guard let unit = inner(end) else { return nil }
            guard unit.bytes == UInt32(expected) else { return lone }
            end += unit.length
        }
        switch codeUnit(at: end, inner) {
        case .incomplete: return nil
        case .malformed: return lone
        case .unit(let second, let end):
            guard (0xdc00..<0xe000).contains(second),
                let scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xd800) << 10 + (UInt32(second) - 0xdc00))
            else { return lone }
            return Unit(length: end - start, scalar)
        }
    }

    private static func percentDecoded(_ bytes: UnsafeRawBufferPointer, at offset: Int, isLast: Bool) -> Unit? {
        guard offset < bytes.count else { return nil }
        switch bytes[offset] {
        case UInt8(ascii: "+"): return Unit(length: 1, byte: UInt8(ascii: " "))
        case UInt8(ascii: "%"):
            guard bytes.count - offset >= 3 else {
                return isLast ? Unit(length: 1, byte: UInt8(ascii: "%")) : nil
            }
            guard let high = Hexadecimal.value(of: bytes[offset + 1]),
                let low = Hexadecimal.value(of: bytes[offset + 2])
            else {
                return Unit(length: 1, byte: UInt8(ascii: "%"))
            }
            return Unit(length: 3, byte: high << 4 | low)
        default: return Unit(length: 1, byte: bytes[offset])
        }
    }

    private static func nextDataLine(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Unit {
        let plain = Unit(length: 1, byte: bytes[offset])
        guard let end = EventLines.lineEnd(in: bytes, from: offset), end.lowerBound == offset,
            let value = EventLines.dataValue(in: bytes, from: end.upperBound)
        else { return plain }
        return Unit(length: value - offset, byte: UInt8(ascii: "\n"))
    }

    private static func appendPercentEncoded(_ byte: UInt8, to output: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"):
            output.append(byte)
        case UInt8(ascii: " "): output.append(UInt8(ascii: "+"))
        default:
            output.append(UInt8(ascii: "%"))
            Hexadecimal.append(byte, to: &output, isUpperCase: true)
        }
    }
}
