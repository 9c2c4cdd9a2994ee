/// Looks into text that stands in a text in base64 (RFC 4648, 4 and 5): one level, piece by piece.
///
/// A run of at least 24 characters whose first 24 are readable text once decoded is decoded as it comes, and scanned. What
/// is found there covers the quanta of four characters that hold it.
final class EncodedText {
    /// Matches behind the first 24 characters of a run.
    static let expression = Detector.Expression("(?:^|[^A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{24}")

    private static let firstLength = 24

    private let engine: MaskingEngine
    /// Made when it is needed first, since most texts hold nothing encoded.
    private var scanner: TextScanner?
    /// Where the open run begins in the view.
    private var start: Int?
    /// Where the next quantum begins.
    private var next = 0
    private var decoded: [UInt8] = []

    init(_ engine: MaskingEngine) { self.engine = engine }

    /// From where on the open run could still become part of a value.
    var held: Int? { start.map { $0 + (scanner?.settled ?? 0) / 3 * 4 } }

    /// A run may begin 24 characters before an offset.
    func begin(at end: Int, _ bytes: UnsafeRawBufferPointer, _ base: Int, into merger: inout FindingMerger) {
        if start != nil { advance(bytes, base, isLast: false, into: &merger) }
        let first = end - Self.firstLength
        guard start == nil, first >= base, isText(bytes[(first - base)..<(end - base)]) else { return }
        let scanner = scanner ?? TextScanner(engine, mode: .text, looksIntoEncodings: false)
        self.scanner = scanner
        scanner.reset()
        start = first
        next = first
    }

    /// Decodes what has come of the open run.
    func advance(_ bytes: UnsafeRawBufferPointer, _ base: Int, isLast: Bool, into merger: inout FindingMerger) {
        guard let start, let scanner else { return }
        var end = next
        let viewEnd = base + bytes.count
        while end < viewEnd, Self.value(bytes[end - base]) != nil { end += 1 }
        let hasEnded = isLast || end < viewEnd
        let whole = hasEnded ? end : next + (end - next) / 4 * 4
        decoded.removeAll(keepingCapacity: true)
        Self.decode(bytes[(next - base)..<(whole - base)], into: &decoded)
        next = whole
        decoded.withUnsafeBytes { scanner.append($0) }
        if hasEnded {
            scanner.finish()
            self.start = nil
        }
        for (value, decoded) in scanner.takeRecognised() {
            var mapped = value
            let isContinuation = value.blockPiece == .continuation
            mapped.start = start + (isContinuation ? (value.start + 2) / 3 : value.start / 3) * 4
            mapped.end = min(start + (value.end + 2) / 3 * 4, end)
            mapped.decoded = decoded
            if mapped.length > 0 { merger.add(mapped) }
        }
    }

    func reset() { start = nil }

    /// Whether what the characters decode to is text: UTF-8 without control characters but those of lines.
    private func isText(_ characters: Slice<UnsafeRawBufferPointer>) -> Bool {
        decoded.removeAll(keepingCapacity: true)
        Self.decode(characters, into: &decoded)
        var following = 0
        for byte in decoded {
            if following > 0 {
                guard byte & 0xC0 == 0x80 else { return false }
                following -= 1
                continue
            }
            switch byte {
            case 0x20..<0x7F, 9, 10, 13: continue
            case 0xC2..<0xE0: following = 1
            case 0xE0..<0xF0: following = 2
            case 0xF0..<0xF5: following = 3
            default: return false
            }
        }
        return true
    }

    private static func decode(_ characters: Slice<UnsafeRawBufferPointer>, into decoded: inout [UInt8]) {
        var bits: UInt32 = 0
        var count = 0
        for character in characters {
            guard let value = value(character) else { return }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                decoded.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
    }

    private static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case 65...90: character - 65
        case 97...122: character - 71
        case 48...57: character + 4
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
