import HoopxCore

/// What was found in a text.
public struct Finding: Hashable, Sendable {
    /// Absolute offsets in the bytes as they were appended; never half of an escape, a character or a base64 quantum.
    public var range: Range<Int>
    public var entity: EntityType
    /// The value with all escapes undone, digits and separators in ASCII: what is the same value is the same here. Empty
    /// where it is known in part only: a key block is reported as it comes.
    public var value: [UInt8]
    /// Whether it goes on where the finding before it ended: a key block is reported as it comes.
    public var isContinuation: Bool
}

/// Finds values in one text as it comes.
///
/// Findings do not depend on how the text was cut, are in order and do not overlap. What is held back at the end of a piece
/// is at most 2 KiB, once escapes are undone: the last token, groups that could still grow, and values that overlap them.
///
/// Not `Sendable`: it belongs to whoever reads the text.
public final class TextScanner {
    public enum Mode: Hashable, Sendable {
        /// Percent escapes, base64 and Unicode's digits and separators are seen through.
        case text
        /// The same, in a JSON document or a piece of one as it is (raw), whose escapes are undone for looking. A finding
        /// never holds a quotation mark that ends or begins a string; where a value of a custom detector does, it is
        /// reported in pieces. A finding may be a number outside of strings, or, of custom detectors, what stands between
        /// two strings: who replaces it looks after that.
        case json
    }

    /// What was found since the caller emptied this, in order.
    public var findings: [Finding] = []
    /// Before this offset nothing more will be found. It grows with each call; after `finish` it is the text's length.
    public private(set) var settled = 0

    /// So much is decoded and scanned at a time: it stays in the processor's first caches.
    private static let portion = 16 << 10

    private let engine: MaskingEngine
    private let mode: Mode
    private let stream: PatternDatabase.Handle
    private var decoder: TextDecoder
    private var view = ViewBuffer()
    /// What the end of the last piece cut in two.
    private var carried: [UInt8] = []
    private var matches: [PatternDatabase.Match] = []
    private var candidates: CandidateQueue
    private var merger = FindingMerger()

    private let encoded: EncodedText
    /// Whether this is the scanner of encoded text: one level is looked into.
    private let isEncoded: Bool
    private var recognised: [(value: Recognised, bytes: [UInt8])] = []

    public convenience init(_ engine: MaskingEngine, mode: Mode) {
        self.init(engine, mode: mode, isEncoded: false)
    }

    init(_ engine: MaskingEngine, mode: Mode, isEncoded: Bool) {
        self.engine = engine
        self.mode = mode
        stream = engine.database.open()
        decoder = TextDecoder(isJSON: mode == .json)
        candidates = CandidateQueue(engine)
        self.isEncoded = isEncoded
        encoded = EncodedText(engine, isDecoding: !isEncoded)
    }

    deinit { engine.database.close(stream) }

    /// Takes a piece of the text.
    public func append(_ bytes: UnsafeRawBufferPointer) {
        take(bytes, isLast: false)
        settle(isLast: false)
    }

    /// The text has ended.
    public func finish() {
        take(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true)
        engine.database.end(stream, into: &matches)
        look(isLast: true)
        settle(isLast: true)
    }

    /// A new text begins: cheap, nothing is allocated.
    public func reset() {
        engine.database.reset(stream)
        findings.removeAll(keepingCapacity: true)
        settled = 0
        decoder.reset()
        view.reset()
        carried.removeAll(keepingCapacity: true)
        matches.removeAll(keepingCapacity: true)
        candidates.reset()
        merger.reset()
        encoded.reset()
        recognised.removeAll(keepingCapacity: true)
    }

    /// What was found since this was called last, for the scanner of the text that holds this one encoded.
    func takeRecognised() -> [(value: Recognised, bytes: [UInt8])] {
        defer { recognised.removeAll(keepingCapacity: true) }
        return recognised
    }

    private func take(_ bytes: UnsafeRawBufferPointer, isLast: Bool) {
        guard !carried.isEmpty else { return decode(bytes, isLast: isLast) }
        var whole = carried
        whole.append(contentsOf: bytes)
        carried.removeAll(keepingCapacity: true)
        whole.withUnsafeBytes { decode($0, isLast: isLast) }
    }

    private func decode(_ bytes: UnsafeRawBufferPointer, isLast: Bool) {
        var rest = bytes
        while !rest.isEmpty {
            let room = view.room(min(rest.count, Self.portion) + 4, needed: oldestNeeded)
            let (taken, written) = decoder.decode(rest, at: view.end, into: room, isLast: isLast)
            rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
            let start = view.end
            view.commit(written)
            engine.database.scan(view[start..<view.end], stream, into: &matches)
            look(isLast: false)
            if !rest.isEmpty, room.count - written >= 4 {
                carried.append(contentsOf: rest)
                break
            }
            if view.end - start >= Self.portion / 2 { settle(isLast: false) }
        }
    }

    /// Looks at the candidates of the matches, as far as what follows them is there.
    private func look(isLast: Bool) {
        encoded.look(view.bytes, view.start, isLast: isLast, &candidates, into: &merger)
        candidates.add(&matches, of: view.bytes, at: view.start)
        candidates.look(view.bytes, at: view.start, isLast: isLast, into: &merger)
    }

    private func settle(isLast: Bool) {
        let limit = isLast ? view.end : min(candidates.held(view.bytes, at: view.start), encoded.held ?? view.end)
        merger.decide(before: limit) { report($0) }
        guard !isLast else {
            settled = decoder.rawPosition
            return
        }
        let undecided = merger.undecided(before: limit)
        settled = max(settled, decoder.map.rawStart(undecided, viewEnd: view.end))
        decoder.forget(before: oldestNeeded)
    }

    /// The first byte of the view that may still be looked at.
    private var oldestNeeded: Int {
        let behind = DetectorIndex.longestValue + DetectorIndex.contextWindow + 1
        return max(
            view.start,
            merger.undecided(before: min(candidates.firstEnd ?? view.end, view.end, encoded.held ?? view.end) - behind)
        )
    }

    private func report(_ value: Recognised) {
        guard !isEncoded else {
            return recognised.append((value, Array(view[value.start..<value.end])))
        }
        var start = value.start
        var isContinuation = value.blockPiece == .continuation
        let bytes = view[value.start..<value.end]
        if mode == .json {
            // A quotation mark that stands for itself is a string's border.
            for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\"") {
                let position = value.start + offset
                let raw = decoder.map.rawStart(position, viewEnd: view.end)
                guard decoder.map.rawEnd(position + 1, viewEnd: view.end) == raw + 1 else { continue }
                report(value, start..<position, isContinuation)
                start = position + 1
                isContinuation = false
            }
        }
        report(value, start..<value.end, isContinuation)
    }

    private func report(_ value: Recognised, _ range: Range<Int>, _ isContinuation: Bool) {
        guard !range.isEmpty else { return }
        let map = decoder.map
        findings.append(
            Finding(
                range: map.rawStart(
                    range.lowerBound, viewEnd: view.end)..<map.rawEnd(
                        range.upperBound, viewEnd: view.end),
                entity: value.entry.detector.entity,
                value: value.blockPiece != .none ? [] : value.decoded ?? Array(view[range]),
                isContinuation: isContinuation))
    }
}
