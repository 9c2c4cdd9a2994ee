/// Where each byte of a decoded view stands in the bytes that it was decoded from.
///
/// Most bytes stand for themselves, so only the places are kept where the distance changes.
struct OffsetMap {
    /// From `view` on, each byte of the view stands for itself, from `raw` on, up to the next step.
    private struct Step {
        let view: Int
        let raw: Int
        /// Where what the byte before stands for ends. It differs from `raw` where something between has no trace in the view.
        let rawEndBefore: Int
    }

    private var steps: [Step] = []
    /// What the next byte of the view would begin at if it followed the last one.
    private var next = 0
    /// Where what the last byte stands for ends.
    private var lastEnd = 0

    /// Notes that the view goes on at an offset with what begins at `raw`. Call it before the view's bytes are added.
    mutating func beginSpan(view: Int, raw: Int) {
        if raw != next { steps.append(Step(view: view, raw: raw, rawEndBefore: lastEnd)) }
    }

    /// So many bytes that stand for themselves.
    mutating func endSpan(raw: Int, count: Int) {
        next = raw + count
        lastEnd = next
    }

    /// `count` bytes at `view` that together stand for `rawCount` bytes.
    mutating func replace(view: Int, count: Int, raw: Int, rawCount: Int) {
        beginSpan(view: view, raw: raw)
        for offset in 1..<max(1, count) {
            steps.append(Step(view: view + offset, raw: raw, rawEndBefore: raw + rawCount))
        }
        next = raw + 1
        lastEnd = raw + rawCount
    }

    /// Where what the byte at an offset stands for begins; for the view's end, where what comes next would.
    func rawStart(_ view: Int, viewEnd: Int) -> Int {
        guard view < viewEnd else { return lastEnd }
        let index = indexOfStep(at: view)
        guard index >= 0 else { return view }
        return steps[index].raw + view - steps[index].view
    }

    /// Where what the byte before an offset stands for ends.
    func rawEnd(_ view: Int, viewEnd: Int) -> Int {
        guard view < viewEnd else { return lastEnd }
        let index = indexOfStep(at: view)
        guard index >= 0 else { return view }
        let step = steps[index]
        return step.view == view ? step.rawEndBefore : step.raw + view - step.view
    }

    /// Forgets what is before an offset of the view.
    mutating func drop(before view: Int) {
        let index = indexOfStep(at: view)
        // The last step before stays: it says where the byte that it begins with follows from.
        if index > 0 { steps.removeFirst(index) }
    }

    mutating func reset() {
        steps.removeAll(keepingCapacity: true)
        next = 0
        lastEnd = 0
    }

    /// The last step that begins at or before an offset, or -1.
    private func indexOfStep(at view: Int) -> Int {
        var low = 0
        var high = steps.count
        // Mostly it is one of the last.
        if let last = steps.last, last.view <= view { return steps.count - 1 }
        while low < high {
            let middle = (low + high) / 2
            if steps[middle].view <= view { low = middle + 1 } else { high = middle }
        }
        return low - 1
    }
}
