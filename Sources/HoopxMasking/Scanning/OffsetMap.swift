import CPatternScanner

/// Where each byte of a decoded view stands in the bytes that it was decoded from.
///
/// Most bytes stand for themselves, so only the places are kept where the distance changes.
struct OffsetMap {
    /// Room for steps, of which the first `stepCount` are there.
    private var steps = [hoopx_step](repeating: hoopx_step(), count: 64)
    private var stepCount = 0
    /// What the next byte of the view would begin at if it followed the last one.
    private var next = 0
    /// Where what the last byte stands for ends.
    private var lastEnd = 0

    /// Decodes what is simple (`hoopx_decode_simple`).
    ///
    /// - Parameters:
    ///   - view: where the output stands in the view.
    ///   - raw: where the bytes stand.
    /// - Returns: how many bytes were taken and written.
    mutating func decodeSimple(
        _ bytes: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>, isJSON: Bool, view: Int,
        raw: Int
    ) -> (taken: Int, written: Int) {
        if steps.count - stepCount < 64 { steps += Array(repeating: hoopx_step(), count: steps.count) }
        let capacity = steps.count
        return steps.withUnsafeMutableBufferPointer { steps in
            var state = hoopx_view(
                view: view, raw: raw, next: next, last_end: lastEnd, steps: steps.baseAddress, step_count: stepCount,
                step_capacity: capacity)
            let taken = hoopx_decode_simple(
                bytes.baseAddress, bytes.count, output.baseAddress, output.count, isJSON, &state)
            next = state.next
            lastEnd = state.last_end
            stepCount = state.step_count
            return (taken, state.view - view)
        }
    }

    /// `count` bytes at `view` that together stand for `rawCount` bytes.
    mutating func replace(view: Int, count: Int, raw: Int, rawCount: Int) {
        if raw != next { append(hoopx_step(view: view, raw: raw, raw_end_before: lastEnd)) }
        for offset in 1..<max(1, count) {
            append(hoopx_step(view: view + offset, raw: raw, raw_end_before: raw + rawCount))
        }
        next = raw + 1
        lastEnd = raw + rawCount
    }

    private mutating func append(_ step: hoopx_step) {
        if stepCount == steps.count { steps += Array(repeating: hoopx_step(), count: steps.count) }
        steps[stepCount] = step
        stepCount += 1
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
        return step.view == view ? step.raw_end_before : step.raw + view - step.view
    }

    /// Forgets what is before an offset of the view.
    mutating func drop(before view: Int) {
        let index = indexOfStep(at: view)
        // The last step before stays: it says where the byte that it begins with follows from.
        guard index > 0 else { return }
        let kept = stepCount - index
        steps.withUnsafeMutableBufferPointer { steps in
            for place in 0..<kept { steps[place] = steps[place + index] }
        }
        stepCount = kept
    }

    mutating func reset() {
        stepCount = 0
        next = 0
        lastEnd = 0
    }

    /// The last step that begins at or before an offset, or -1.
    private func indexOfStep(at view: Int) -> Int {
        var low = 0
        var high = stepCount
        // Mostly it is one of the last.
        if stepCount > 0, steps[stepCount - 1].view <= view { return stepCount - 1 }
        while low < high {
            let middle = (low + high) / 2
            if steps[middle].view <= view { low = middle + 1 } else { high = middle }
        }
        return low - 1
    }
}
