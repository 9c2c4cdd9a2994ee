/// A value that a detector recognised, in a view.
struct Recognised {
    var start: Int
    var end: Int
    let entry: DetectorIndex.Entry
    let confidence: Detector.Confidence
    /// A piece of a block, and whether it is the block's first.
    var blockPiece: BlockPiece = .none
    /// The value, where the view shows it encoded.
    var decoded: [UInt8]?

    enum BlockPiece { case none, first, continuation }

    var length: Int { end - start }
}

/// Makes one finding of values that overlap, so that no byte of any stays: named for the surest, then the longest, then
/// the detector that comes first.
///
/// Values are taken in order, and only once none can begin before them any more. So what is made of them is a function
/// of the text, however it was cut.
struct FindingMerger {
    /// In bytes: overlapping values beyond it are cut into several findings, so that what is held back is bounded.
    static let longestMerge = 1024

    private var waiting: [Recognised] = []
    /// What further values may still overlap.
    private var open: Recognised?
    private var bestLength = 0
    /// Where blocks are, up to the view's end: they take no part in merging, what overlaps them is cut off.
    private var blocks: [Range<Int>] = []

    /// The least offset that is not decided yet, if there is any before `limit`.
    func undecided(before limit: Int) -> Int {
        var least = min(limit, open?.start ?? limit)
        for value in waiting { least = min(least, value.start) }
        return least
    }

    mutating func add(_ value: Recognised) {
        waiting.append(value)
        switch value.blockPiece {
        case .none: break
        case .first: blocks.append(value.start..<value.end)
        case .continuation:
            if let block = blocks.popLast() { blocks.append(block.lowerBound..<value.end) }
        }
    }

    /// Passes on what is decided, in order, when nothing can begin before `limit` any more.
    mutating func decide(before limit: Int, _ emit: (Recognised) -> Void) {
        if !waiting.isEmpty {
            if !blocks.isEmpty { cutOffBlocks(before: limit) }
            if waiting.count > 1 { waiting.sort(by: Self.precedes) }
            var taken = 0
            while taken < waiting.count, waiting[taken].start < limit {
                take(waiting[taken], emit)
                taken += 1
            }
            waiting.removeFirst(taken)
        }
        if let last = open, last.end <= limit {
            emit(last)
            open = nil
        }
    }

    mutating func reset() {
        waiting.removeAll(keepingCapacity: true)
        open = nil
        blocks.removeAll(keepingCapacity: true)
    }

    private mutating func take(_ value: Recognised, _ emit: (Recognised) -> Void) {
        guard let last = open else { return begin(value, emit) }
        guard value.start < last.end else {
            emit(last)
            open = nil
            return begin(value, emit)
        }
        let end = max(value.end, last.end)
        guard end - last.start <= Self.longestMerge else {
            emit(last)
            var rest = value
            rest.start = last.end
            return begin(rest, emit)
        }
        let isBetter = (value.confidence, value.length) > (last.confidence, bestLength)
        let isEqual = (value.confidence, value.length) == (last.confidence, bestLength)
        let winner = isBetter || isEqual && value.entry.place < last.entry.place ? value : last
        if winner.entry !== last.entry || isBetter { bestLength = value.length }
        open = Recognised(start: last.start, end: end, entry: winner.entry, confidence: winner.confidence)
    }

    /// Leaves of the values what no block covers. All that was recognised is before the view's end, as far as which
    /// the blocks are known.
    private mutating func cutOffBlocks(before limit: Int) {
        var uncovered: [Recognised] = []
        for value in waiting {
            guard value.blockPiece == .none else {
                uncovered.append(value)
                continue
            }
            var rest = value
            for block in blocks where block.lowerBound < rest.end && rest.start < block.upperBound {
                if rest.start < block.lowerBound {
                    var part = rest
                    part.end = block.lowerBound
                    uncovered.append(part)
                }
                rest.start = min(block.upperBound, rest.end)
            }
            if rest.length > 0 { uncovered.append(rest) }
        }
        waiting = uncovered
        // The last block may go on.
        blocks = blocks.dropLast().filter { $0.upperBound >= limit - Self.longestMerge } + blocks.suffix(1)
    }

    private mutating func begin(_ value: Recognised, _ emit: (Recognised) -> Void) {
        // A block overlaps nothing, and is passed on as it comes.
        guard value.blockPiece == .none else { return emit(value) }
        open = value
        bestLength = value.length
    }

    private static func precedes(_ left: Recognised, _ right: Recognised) -> Bool {
        if left.start != right.start { return left.start < right.start }
        if left.end != right.end { return left.end > right.end }
        if left.confidence != right.confidence { return left.confidence > right.confidence }
        return left.entry.place < right.entry.place
    }
}

private func > (left: (Detector.Confidence, Int), right: (Detector.Confidence, Int)) -> Bool {
    left.0 == right.0 ? left.1 > right.1 : left.0 > right.0
}
