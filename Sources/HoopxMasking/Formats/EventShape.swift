/// What stands around a piece in the event that brought it.
struct EventShape {
    var prefix: [UInt8] = []
    var suffix: [UInt8] = []
}

/// An event without anything to replace, but for its piece: most are like the one before.
struct EventTemplate {
    let channel: EventChannel
    let shape: EventShape

    /// Where the piece stands in a whole event that differs in nothing else.
    func piece(of event: UnsafeRawBufferPointer) -> Range<Int>? {
        let end = event.count - shape.suffix.count
        let start = shape.prefix.count
        guard start <= end, event.hasBytes(shape.prefix, at: 0), event.hasBytes(shape.suffix, at: end) else {
            return nil
        }
        var position = start
        while position < end {
            switch event[position] {
            case UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"): return nil
            case UInt8(ascii: "\\"): position += 2
            default: position += 1
            }
        }
        return position == end ? start..<end : nil
    }
}

/// Where the parts of an event stand in the output.
struct EditedEvent {
    let start: Int
    /// From the first data line's value to the last one's end.
    var data: Range<Int>
    var pieces: [Range<Int>] = []

    init(start: Int) {
        self.start = start
        data = start..<start
    }

    /// Whether nothing was replaced in the lines before and behind the data.
    func hasSameLines(as event: UnsafeRawBufferPointer, _ lines: EventLines, in output: UnsafeRawBufferPointer) -> Bool
    {
        guard let original = lines.data else { return false }
        let before = output[start..<data.lowerBound]
        let behind = output[data.upperBound...]
        return before.elementsEqual(event[..<original.lowerBound])
            && behind.elementsEqual(event[original.upperBound...])
    }

    /// The event without an identifier (which was used), without the other pieces, and ended.
    func shape(
        of index: Int, _ event: UnsafeRawBufferPointer, _ lines: EventLines, withName: Bool,
        in output: UnsafeRawBufferPointer
    ) -> EventShape {
        var shape = EventShape()
        if withName, let name = lines.nameLine { shape.prefix += event[name] }
        if let data = lines.data { shape.prefix += event[lines.dataLine..<data.lowerBound] }
        var position = data.lowerBound
        for piece in pieces[..<index] {
            shape.prefix += output[position..<piece.lowerBound]
            position = piece.upperBound
        }
        shape.prefix += output[position..<pieces[index].lowerBound]
        position = pieces[index].upperBound
        for piece in pieces[(index + 1)...] {
            shape.suffix += output[position..<piece.lowerBound]
            position = piece.upperBound
        }
        shape.suffix += output[position..<data.upperBound]
        let end = lines.lineEnd.isEmpty ? Array("\n".utf8) : Array(event[lines.lineEnd])
        shape.suffix += end + end
        return shape
    }

    /// - Returns: nil where more than its one piece may differ from the event as it came.
    func template(
        _ channel: EventChannel, of event: UnsafeRawBufferPointer, _ found: [StreamedPieces.Piece],
        in output: UnsafeRawBufferPointer
    ) -> EventTemplate? {
        guard let piece = found.first, found.count == 1, !piece.isOpen else { return nil }
        let prefix = event[..<piece.range.lowerBound]
        let suffix = event[piece.range.upperBound...]
        guard output[start..<pieces[0].lowerBound].elementsEqual(prefix),
            output[pieces[0].upperBound...].elementsEqual(suffix)
        else { return nil }
        return EventTemplate(channel: channel, shape: EventShape(prefix: Array(prefix), suffix: Array(suffix)))
    }
}
