import CPatternScanner

/// Finds long runs of what base64 is made of (RFC 4648, 4 and 5), and looks into text that stands in them: one level, piece
/// by piece.
///
/// A run of at least 24 characters whose first 24 are readable text once decoded is decoded as it comes, and scanned. What
/// is found there covers the quanta of four characters that hold it.
final class EncodedText {
    private static let firstLength = Int(HOOPX_BASE64_RUN)
    /// Per byte value, the six bits that it stands for plus one, or 0.
    private static let values: [UInt8] = (UInt8.min...UInt8.max).map { value($0).map { $0 + 1 } ?? 0 }

    private let engine: MaskingEngine
    /// Made when it is needed first, since most texts hold nothing encoded.
    private var scanner: TextScanner?
    /// Where the next run may begin in the view.
    private var searched = 0
    /// Whether what goes on there is a run that holds no text.
    private var isSkipping = false
    /// Where the open run begins.
    private var start: Int?
    /// Where the next quantum begins.
    private var next = 0
    private var decoded: [UInt8] = []

    private let isDecoding: Bool

    /// - Parameter isDecoding: whether to look into encoded text, or for long tokens only.
    init(_ engine: MaskingEngine, isDecoding: Bool) {
        self.engine = engine
        self.isDecoding = isDecoding
    }

    /// From where on the open run could still become part of a value.
    var held: Int? { start.map { $0 + (scanner?.settled ?? 0) / 3 * 4 } }

    /// Looks into what has come.
    func look(
        _ bytes: UnsafeRawBufferPointer, _ base: Int, isLast: Bool, _ candidates: inout CandidateQueue,
        into merger: inout FindingMerger
    ) {
        guard let text = bytes.bindMemory(to: UInt8.self).baseAddress else { return }
        Self.values.withUnsafeBufferPointer { values in
            guard let members = values.baseAddress else { return }
            while true {
                if isSkipping || start != nil {
                    var end = max(next, searched) - base
                    while end < bytes.count, members[Int(text[end])] != 0 { end += 1 }
                    if start != nil { advance(to: end, bytes, base, hasEnded: isLast || end < bytes.count, &merger) }
                    searched = base + end
                    guard end < bytes.count else { return }
                    isSkipping = false
                }
                let found = hoopx_find_base64(text, bytes.count, searched - base)
                searched = base + found
                guard found + Self.firstLength <= bytes.count else { return }
                candidates.addLongToken(end: searched + Self.firstLength)
                if isDecoding, isText(bytes[found..<(found + Self.firstLength)]) {
                    open(at: searched)
                } else {
                    isSkipping = true
                }
            }
        }
    }

    func reset() {
        start = nil
        next = 0
        searched = 0
        isSkipping = false
    }

    private func open(at offset: Int) {
        let scanner = scanner ?? TextScanner(engine, mode: .text, isEncoded: true)
        self.scanner = scanner
        scanner.reset()
        start = offset
        next = offset
    }

    /// Decodes what there is of the open run.
    private func advance(
        to end: Int, _ bytes: UnsafeRawBufferPointer, _ base: Int, hasEnded: Bool, _ merger: inout FindingMerger
    ) {
        guard let start, let scanner else { return }
        let runEnd = base + end
        let whole = hasEnded ? runEnd : next + (runEnd - next) / 4 * 4
        decoded.removeAll(keepingCapacity: true)
        _ = Self.decode(bytes[(next - base)..<(whole - base)]) { byte in
            decoded.append(byte)
            return true
        }
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
            mapped.end = min(start + (value.end + 2) / 3 * 4, runEnd)
            mapped.decoded = decoded
            if mapped.length > 0 { merger.add(mapped) }
        }
    }

    /// Whether what the characters decode to is text: UTF-8 without control characters but those of lines.
    private func isText(_ characters: Slice<UnsafeRawBufferPointer>) -> Bool {
        var following = 0
        return Self.decode(characters) { byte in
            if following > 0 {
                following -= 1
                return byte & 0xC0 == 0x80
            }
            switch byte {
            case 0x20..<0x7F, 9, 10, 13: break
            case 0xC2..<0xE0: following = 1
            case 0xE0..<0xF0: following = 2
            case 0xF0..<0xF5: following = 3
            default: return false
            }
            return true
        }
    }

    /// Passes on what characters stand for, as long as more is wanted.
    ///
    /// - Returns: whether it always was: mostly the first bytes tell that a run holds no text.
    @inline(__always)
    private static func decode(_ characters: Slice<UnsafeRawBufferPointer>, _ take: (UInt8) -> Bool) -> Bool {
        var bits: UInt32 = 0
        var count = 0
        for character in characters {
            bits = bits << 6 | UInt32(values[Int(character)] - 1)
            count += 6
            if count >= 8 {
                count -= 8
                guard take(UInt8(truncatingIfNeeded: bits >> UInt32(count))) else { return false }
            }
        }
        return true
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
