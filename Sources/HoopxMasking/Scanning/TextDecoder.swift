import HoopxCore

/// Turns a text into the view that detectors see: escapes undone, and in ASCII what Unicode has many of.
///
/// What the end of a piece cuts in two (an escape, a character) waits for the next piece: at most 12 bytes.
struct TextDecoder {
    /// Whether backslash escapes of JSON (RFC 8259, 7) are undone.
    let isJSON: Bool
    private(set) var map = OffsetMap()
    /// Where the bytes that are taken next stand in the text.
    private(set) var rawPosition = 0
    /// Whether the byte before was a backslash that was escaped: `\\n` is a line feed of JSON within JSON.
    private var isAfterBackslash = false
    /// Whether the byte before was an escape of a URL: `%3A+` is a form's colon and blank.
    private var isAfterPercentEscape = false
    /// How many characters without a width have come in a row.
    private var nothings = 0

    /// More of them in a row stand for a blank: a value that was held back for them would be held back without end.
    private static let maximumNothings = 16

    init(isJSON: Bool) { self.isJSON = isJSON }

    /// Decodes as much as there is room for.
    ///
    /// - Parameters:
    ///   - bytes: what follows what was decoded before.
    ///   - viewOffset: where the output stands in the view.
    ///   - output: room for the view, at least 4 bytes; no more is written than was taken.
    ///   - isLast: whether nothing follows the bytes, so that what they cut in two stands for itself.
    /// - Returns: how many bytes were taken and written. Where fewer than all were taken although there is room for 4
    ///   more, the rest is the beginning of something: at most 11 bytes.
    mutating func decode(
        _ bytes: UnsafeRawBufferPointer, at viewOffset: Int, into output: UnsafeMutableRawBufferPointer, isLast: Bool
    ) -> (taken: Int, written: Int) {
        guard let source = bytes.bindMemory(to: UInt8.self).baseAddress,
            let target = output.bindMemory(to: UInt8.self).baseAddress
        else { return (0, 0) }
        let origin = rawPosition
        var taken = 0
        var written = 0
        decoding: while taken < bytes.count, output.count - written >= 4 {
            if isAfterBackslash {
                isAfterBackslash = false
                // Not \\b and \\f, which are rather the beginnings of a name in a path.
                if let control = Self.control(source[taken]), Self.isLineControl(UInt32(control)) {
                    map.replace(view: viewOffset + written, count: 1, raw: origin + taken, rawCount: 1)
                    target[written] = control
                    taken += 1
                    written += 1
                    continue
                }
            }
            if isAfterPercentEscape {
                isAfterPercentEscape = false
                if source[taken] == UInt8(ascii: "+") {
                    map.replace(view: viewOffset + written, count: 1, raw: origin + taken, rawCount: 1)
                    target[written] = UInt8(ascii: " ")
                    taken += 1
                    written += 1
                    continue
                }
            }
            let simple = map.decodeSimple(
                UnsafeBufferPointer(start: source + taken, count: bytes.count - taken),
                into: UnsafeMutableBufferPointer(start: target + written, count: output.count - written),
                isJSON: isJSON, view: viewOffset + written, raw: origin + taken)
            if simple.taken > 0 {
                nothings = 0
                taken += simple.taken
                written += simple.written
                continue
            }
            let rest = UnsafeRawBufferPointer(rebasing: bytes[taken...])
            switch next(rest, isLast: isLast) {
            case .incomplete: break decoding
            case .byte(let byte, let length):
                nothings = 0
                map.replace(view: viewOffset + written, count: 1, raw: origin + taken, rawCount: length)
                target[written] = byte
                written += 1
                taken += length
            case .nothing(let length) where nothings < Self.maximumNothings:
                nothings += 1
                taken += length
            case .nothing(let length):
                nothings = 0
                map.replace(view: viewOffset + written, count: 1, raw: origin + taken, rawCount: length)
                target[written] = Self.widthless
                written += 1
                taken += length
            case .scalar(let scalar, let length):
                nothings = 0
                var count = 0
                for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                    target[written + count] = byte
                    count += 1
                }
                map.replace(view: viewOffset + written, count: count, raw: origin + taken, rawCount: length)
                written += count
                taken += length
            }
        }
        rawPosition = origin + taken
        return (taken, written)
    }

    mutating func forget(before view: Int) { map.drop(before: view) }

    mutating func reset() {
        map.reset()
        rawPosition = 0
        isAfterBackslash = false
        nothings = 0
        isAfterPercentEscape = false
    }

    /// What stands for one of too many characters without a width: what parts groups of digits, and ends everything else.
    private static let widthless = UInt8(ascii: " ")

    private enum Unit {
        case byte(UInt8, length: Int)
        case scalar(Unicode.Scalar, length: Int)
        case nothing(length: Int)
        case incomplete
    }

    private mutating func next(_ bytes: UnsafeRawBufferPointer, isLast: Bool) -> Unit {
        switch bytes[0] {
        case UInt8(ascii: "%"):
            guard bytes.count >= 3 || isLast || !isHexadecimal(bytes, from: 1) else { return .incomplete }
            guard let value = hexadecimal(bytes, 1..<3), value < 0x7F, value >= 0x20 || Self.isLineControl(value) else {
                return .byte(bytes[0], length: 1)
            }
            isAfterPercentEscape = true
            return .byte(UInt8(value), length: 3)
        case UInt8(ascii: "\\"): return escape(bytes, isLast: isLast)
        // Every other byte of ASCII in UTF-16.
        case 0: return .nothing(length: 1)
        default: return character(bytes, isLast: isLast)
        }
    }

    private mutating func escape(_ bytes: UnsafeRawBufferPointer, isLast: Bool) -> Unit {
        guard bytes.count >= 2 else { return isLast ? .byte(bytes[0], length: 1) : .incomplete }
        switch bytes[1] {
        case UInt8(ascii: "\\"):
            isAfterBackslash = true
            return .byte(bytes[1], length: 2)
        case UInt8(ascii: "\""), UInt8(ascii: "/"): return .byte(bytes[1], length: 2)
        case UInt8(ascii: "u"): return unicodeEscape(bytes, isLast: isLast)
        default:
            guard let control = Self.control(bytes[1]) else { return .byte(bytes[0], length: 1) }
            return .byte(control, length: 2)
        }
    }

    private func unicodeEscape(_ bytes: UnsafeRawBufferPointer, isLast: Bool) -> Unit {
        guard bytes.count >= 6 || isLast || !isHexadecimal(bytes, from: 2) else { return .incomplete }
        guard let unit = hexadecimal(bytes, 2..<6) else { return .byte(bytes[0], length: 1) }
        if let scalar = Unicode.Scalar(unit) { return folded(scalar, length: 6) }
        // Half of a surrogate pair.
        guard unit < 0xDC00 else { return .scalar("\u{FFFD}", length: 6) }
        let begins = bytes.count < 7 || bytes[6] == UInt8(ascii: "\\")
        let goesOn = begins && (bytes.count < 8 || bytes[7] == UInt8(ascii: "u")) && isHexadecimal(bytes, from: 8)
        if goesOn, bytes.count < 12, !isLast { return .incomplete }
        guard goesOn, let low = hexadecimal(bytes, 8..<12), (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        else { return .scalar("\u{FFFD}", length: 6) }
        return folded(scalar, length: 12)
    }

    /// A character of UTF-8 (RFC 3629); a byte that begins none stands for itself.
    private func character(_ bytes: UnsafeRawBufferPointer, isLast: Bool) -> Unit {
        let first = bytes[0]
        let length = first < 0xC2 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 1
        guard length > 1 else { return .byte(first, length: 1) }
        var scalar = UInt32(first) & (0x7F >> UInt32(length))
        for offset in 1..<length {
            guard offset < bytes.count else { return isLast ? .byte(first, length: 1) : .incomplete }
            guard bytes[offset] & 0xC0 == 0x80 else { return .byte(first, length: 1) }
            scalar = scalar << 6 | UInt32(bytes[offset] & 0x3F)
        }
        guard let valid = Unicode.Scalar(scalar), UTF8.width(valid) == length else { return .byte(first, length: 1) }
        return folded(valid, length: length)
    }

    private func folded(_ scalar: Unicode.Scalar, length: Int) -> Unit {
        guard scalar.value >= 0x80 else {
            return scalar.value == 0 ? .nothing(length: length) : .byte(UInt8(scalar.value), length: length)
        }
        switch UnicodeFolding.fold(scalar.value) {
        case .ascii(let byte): return .byte(byte, length: length)
        case .nothing: return .nothing(length: length)
        case .itself: return .scalar(scalar, length: length)
        }
    }

    /// Whether all bytes from an offset on that an escape's digits would be (at most four) are hexadecimal digits.
    private func isHexadecimal(_ bytes: UnsafeRawBufferPointer, from offset: Int) -> Bool {
        bytes.dropFirst(offset).prefix(4).allSatisfy { ByteSet.hexadecimal.contains($0) }
    }

    private func hexadecimal(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> UInt32? {
        guard range.upperBound <= bytes.count else { return nil }
        var value: UInt32 = 0
        for byte in bytes[range] {
            guard let digit = Hexadecimal.value(of: byte) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    private static func isLineControl(_ value: UInt32) -> Bool { value == 9 || value == 10 || value == 13 }

    private static func control(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "n"): 10
        case UInt8(ascii: "t"): 9
        case UInt8(ascii: "r"): 13
        case UInt8(ascii: "b"): 8
        case UInt8(ascii: "f"): 12
        default: nil
        }
    }
}

extension UTF8 {
    fileprivate static func width(_ scalar: Unicode.Scalar) -> Int {
        scalar.value < 0x80 ? 1 : scalar.value < 0x800 ? 2 : scalar.value < 0x10000 ? 3 : 4
    }
}
