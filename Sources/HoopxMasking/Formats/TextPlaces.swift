/// Where the parts of a text stand in the stream that it was picked out of.
struct TextPlaces {
    private struct Part {
        let text: Int
        let place: Int
        let count: Int
        /// Whether it is a blank that stands for something in the stream.
        let isBlank: Bool
    }

    private var parts: [Part] = []
    private var length = 0

    /// The text goes on with so many bytes of the stream.
    mutating func add(_ count: Int, at place: Int) {
        if let last = parts.last, !last.isBlank, last.place + last.count == place {
            parts[parts.count - 1] = Part(
                text: last.text, place: last.place, count: last.count + count, isBlank: false)
        } else {
            parts.append(Part(text: length, place: place, count: count, isBlank: false))
        }
        length += count
    }

    /// The text goes on with a blank, which stands for what begins at a place of the stream.
    mutating func addBlank(at place: Int) {
        parts.append(Part(text: length, place: place, count: 1, isBlank: true))
        length += 1
    }

    /// The place of the byte at an offset of the text.
    ///
    /// - Parameter end: what holds for the text's end.
    func place(of offset: Int, otherwise end: Int) -> Int {
        guard offset < length else { return end }
        let part = parts[index(of: offset)]
        return part.isBlank ? part.place : part.place + offset - part.text
    }

    /// The parts of the stream that a part of the text consists of, without what stands between them.
    func places(of range: Range<Int>) -> [Range<Int>] {
        guard !range.isEmpty, range.upperBound <= length, let first = parts.first, range.lowerBound >= first.text else {
            return []
        }
        var places: [Range<Int>] = []
        for part in parts[index(of: range.lowerBound)...] {
            guard part.text < range.upperBound else { break }
            guard !part.isBlank else { continue }
            let lower = max(range.lowerBound, part.text) - part.text
            let upper = min(range.upperBound, part.text + part.count) - part.text
            places.append(part.place + lower..<part.place + upper)
        }
        return places
    }

    /// What comes before an offset of the text is not asked for any more.
    mutating func forget(before offset: Int) {
        let count = parts.prefix { $0.text + $0.count <= offset }.count
        parts.removeFirst(count)
    }

    /// The part that holds an offset.
    private func index(of offset: Int) -> Int {
        var (low, high) = (0, parts.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if parts[middle].text <= offset { low = middle } else { high = middle - 1 }
        }
        return low
    }
}
