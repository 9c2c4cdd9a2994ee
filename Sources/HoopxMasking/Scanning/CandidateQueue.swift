/// The candidates of one text that cannot be decided yet, and the work of deciding them.
struct CandidateQueue {
    /// Without references, since there are many.
    private struct Candidate {
        /// The detector's.
        let place: Int
        /// Where its match ends, in the view.
        let end: Int
    }

    /// A block that has begun and not ended.
    private struct Block {
        let entry: DetectorIndex.Entry
        let start: Int
        let members: ByteSet
        let endMarker: [UInt8]
        let limit: Int
        var end: Int
    }

    private let engine: MaskingEngine
    /// By their ends.
    private var waiting: [Candidate] = []
    private var isSorted = true
    /// For each detector, where its last value ended: a match within it is no further candidate.
    private var lastEnds: [Int]
    private var block: Block?
    private var blockEnd = 0

    init(_ engine: MaskingEngine) {
        self.engine = engine
        lastEnds = Array(repeating: 0, count: engine.detectorCount)
    }

    /// Where the first candidate's match ends.
    var firstEnd: Int? { waiting.first?.end }

    /// Takes matches in the view's end, which begins at `base`, and empties the list.
    mutating func add(_ matches: inout [PatternDatabase.Match], of bytes: UnsafeRawBufferPointer, at base: Int) {
        guard !matches.isEmpty else { return }
        for match in matches { add(engine.index.candidacies[Int(match.expression)], match.end, bytes, base) }
        matches.removeAll(keepingCapacity: true)
    }

    private mutating func add(
        _ candidacy: DetectorIndex.Candidacy, _ end: Int, _ bytes: UnsafeRawBufferPointer, _ base: Int
    ) {
        for place in candidacy.all { append(place, end) }
        guard !candidacy.byLastGroup.isEmpty else { return }
        let (lastGroup, digits) = Self.ending(at: end - base, in: bytes)
        for (place, minimumDigits) in candidacy.byLastGroup[lastGroup] where minimumDigits <= digits {
            append(place, end)
        }
    }

    /// How many digits the group has that ends at an offset, and how many there are shortly before it (`NumberEnding`).
    private static func ending(at end: Int, in bytes: UnsafeRawBufferPointer) -> (lastGroup: Int, digits: Int) {
        var lastGroup = 0
        var digits = 0
        var offset = end
        let limit = max(0, end - Detector.NumberEnding.window)
        while offset > limit, ByteSet.groupedDigits.contains(bytes[offset - 1]) {
            offset -= 1
            guard bytes[offset].isDigit else { continue }
            digits += 1
            if digits == end - offset { lastGroup = digits }
        }
        return (lastGroup, digits)
    }

    /// Takes the match of `Detector.Expression.longToken`.
    mutating func addLongToken(end: Int) {
        for place in engine.index.longToken { append(place, end) }
    }

    private mutating func append(_ place: Int, _ end: Int) {
        if isSorted, let last = waiting.last { isSorted = (last.end, last.place) <= (end, place) }
        waiting.append(Candidate(place: place, end: end))
    }

    /// Decides what can be decided.
    ///
    /// - Parameters:
    ///   - bytes: the end of the view, which begins at `base`.
    ///   - isLast: whether the view ends here.
    mutating func look(_ bytes: UnsafeRawBufferPointer, at base: Int, isLast: Bool, into merger: inout FindingMerger) {
        if !isSorted {
            waiting.sort { $0.end != $1.end ? $0.end < $1.end : $0.place < $1.place }
            isSorted = true
        }
        var kept = 0
        for index in waiting.indices {
            let candidate = waiting[index]
            if !decide(candidate, bytes, base, isLast, &merger) {
                waiting[kept] = candidate
                kept += 1
            }
        }
        waiting.removeLast(waiting.count - kept)
        advanceBlock(bytes, base, &merger)
    }

    /// From where on the view's end could still become part of a value.
    func held(_ bytes: UnsafeRawBufferPointer, at base: Int) -> Int {
        let count = bytes.count
        var held =
            engine.index.token.start(upTo: count, notBefore: count - min(count, DetectorIndex.longestValue), in: bytes)
            ?? count
        for tail in engine.index.tails {
            if let start = tail.run.start(upTo: count, notBefore: count - min(count, tail.maximumLength), in: bytes) {
                held = min(held, start)
            }
        }
        for candidate in waiting {
            held = min(held, runStart(engine.index.entries[candidate.place], candidate.end - base, bytes))
        }
        return held + base
    }

    mutating func reset() {
        waiting.removeAll(keepingCapacity: true)
        for index in lastEnds.indices { lastEnds[index] = 0 }
        block = nil
        blockEnd = 0
    }

    /// Where the run of a match begins: no value of it begins earlier.
    private func runStart(_ entry: DetectorIndex.Entry, _ end: Int, _ bytes: UnsafeRawBufferPointer) -> Int {
        guard end > 0, entry.run.isMember(bytes[end - 1]) else { return end }
        let limit = max(0, end - (entry.maximumLength > 0 ? entry.maximumLength : DetectorIndex.longestValue))
        switch entry.detector.holds {
        case .run: return entry.run.start(upTo: end, notBefore: limit, in: bytes) ?? end
        case .match: return entry.run.groupStart(upTo: end, notBefore: limit, in: bytes, within: engine.index.token)
        }
    }

    /// - Returns: whether it was decided.
    private mutating func decide(
        _ candidate: Candidate, _ bytes: UnsafeRawBufferPointer, _ base: Int, _ isLast: Bool,
        _ merger: inout FindingMerger
    ) -> Bool {
        let entry = engine.index.entries[candidate.place]
        if case .block(let members, let endMarker, let limit) = entry.detector.extent {
            begin(candidate, members, endMarker, limit, bytes, base, &merger)
            return true
        }
        guard candidate.end > lastEnds[entry.place] else { return true }
        let end = candidate.end - base
        let windowEnd: Int
        let known = min(bytes.count, end + entry.lookahead)
        // Where the last byte is no member, the run is the one that begins behind it.
        let runEnd =
            end < known && !(end > 0 && entry.run.isMember(bytes[end - 1])) && !entry.run.isMember(bytes[end])
            ? end : entry.run.end(from: end, limit: known, in: bytes)
        if let runEnd {
            windowEnd = runEnd + 1
        } else {
            guard isLast || known == end + entry.lookahead else { return false }
            windowEnd = known
        }
        let windowStart = max(0, end - entry.maximumLength - DetectorIndex.contextWindow)
        let start = runStart(entry, end, bytes)
        let window = UnsafeRawBufferPointer(rebasing: bytes[windowStart..<windowEnd])
        let seen = Detector.Candidate(text: window, matchEnd: end - windowStart, runStart: start - windowStart)
        guard let range = entry.detector.recognise(seen) else { return true }
        let value = max(range.lowerBound, start - windowStart)..<min(range.upperBound, window.count)
        guard !value.isEmpty, value.count <= entry.maximumLength else { return true }
        var confidence = entry.detector.confidence
        if let context = entry.context {
            if context.areBefore(value.lowerBound, in: window) {
                confidence = Detector.Confidence(rawValue: confidence.rawValue + 1) ?? .high
            } else if context.isRequired {
                return true
            }
        }
        lastEnds[entry.place] = base + windowStart + value.upperBound
        guard !engine.allows(window[value]) else { return true }
        merger.add(
            Recognised(
                start: base + windowStart + value.lowerBound, end: base + windowStart + value.upperBound, entry: entry,
                confidence: confidence))
        return true
    }

    private mutating func begin(
        _ candidate: Candidate, _ members: ByteSet, _ endMarker: String, _ limit: Int, _ bytes: UnsafeRawBufferPointer,
        _ base: Int, _ merger: inout FindingMerger
    ) {
        advanceBlock(bytes, base, &merger)
        guard block == nil, candidate.end > blockEnd else { return }
        let entry = engine.index.entries[candidate.place]
        let end = candidate.end - base
        let windowStart = max(0, end - DetectorIndex.longestValue - DetectorIndex.contextWindow)
        let runStart = runStart(entry, end, bytes)
        let window = UnsafeRawBufferPointer(rebasing: bytes[windowStart..<end])
        let seen = Detector.Candidate(
            text: window, matchEnd: window.count, runStart: runStart - windowStart)
        guard let range = entry.detector.recognise(seen) else { return }
        let start = max(base + max(runStart, windowStart + range.lowerBound), blockEnd)
        block = Block(
            entry: entry, start: start, members: members - ByteSet("\""), endMarker: Array(endMarker.utf8),
            limit: candidate.end + limit, end: candidate.end)
        if start < candidate.end {
            merger.add(
                Recognised(start: start, end: candidate.end, entry: entry, confidence: .high, blockPiece: .first))
        }
        advanceBlock(bytes, base, &merger)
    }

    /// Lets the open block go on as far as the view does.
    private mutating func advanceBlock(_ bytes: UnsafeRawBufferPointer, _ base: Int, _ merger: inout FindingMerger) {
        guard var block else { return }
        let start = block.end
        var hasEnded = false
        let viewEnd = base + bytes.count
        while !hasEnded, block.end < viewEnd {
            let byte = bytes[block.end - base]
            guard block.members.contains(byte) else {
                hasEnded = true
                break
            }
            block.end += 1
            let marker = block.endMarker
            hasEnded = block.end == block.limit
            if let last = marker.last, byte == last, block.end - block.start >= marker.count {
                hasEnded =
                    hasEnded || bytes[(block.end - base - marker.count)..<(block.end - base)].elementsEqual(marker)
            }
        }
        if block.end > start {
            merger.add(
                Recognised(
                    start: start, end: block.end, entry: block.entry, confidence: .high,
                    blockPiece: start == block.start ? .first : .continuation))
        }
        blockEnd = block.end
        self.block = hasEnded ? nil : block
    }
}
