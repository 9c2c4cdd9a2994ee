/// A stream of events (WHATWG HTML, 9.2) whose texts go on with their values replaced.
///
/// An event is looked at once it is whole. What is held back of a text that goes on from event to event comes with its
/// next piece, or in an event of its own before whatever could be its end.
struct EventStreamEditor {
    private let editing: any ValueEditing
    private let paths: StreamedPaths
    private var channels: [EventChannel] = []
    /// What of an event is no piece of a text: its lines, its JSON, or data that is none.
    private var lines: TextEditor
    private var documents: TextEditor
    private var texts: TextEditor
    /// For the rest of a stream that is none.
    private var rest: TextEditor?

    /// An event that is not whole yet.
    private var partial: [UInt8] = []
    /// How far its lines were looked for, and where the last of them begins.
    private var scanned = 0
    private var line = 0
    /// Whether a line feed that comes next belongs to the event that was the last.
    private var mayEndInLineFeed = false
    private var isFirst = true
    private var template: EventTemplate?

    /// A longer event is taken for the rest of a stream that is none.
    static let maximumEvent = 8 << 20
    /// Texts that may be held back at once: twice as many as an event may bring.
    static let maximumChannels = 2 * StreamedPieces.maximumPieces
    /// What stands around an event's pieces is kept for each of their texts. Of an event with more, in bytes, none is taken
    /// for a piece.
    static let maximumFrame = 64 << 10

    init(_ editing: any ValueEditing, _ fields: [StreamedField]) {
        self.editing = editing
        paths = StreamedPaths(fields)
        lines = TextEditor(editing, syntax: .text)
        documents = TextEditor(editing, syntax: .json)
        texts = TextEditor(editing, syntax: .text, coding: .dataLines)
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) {
        guard rest == nil else {
            rest?.append(bytes, into: &output)
            return
        }
        if partial.isEmpty {
            let consumed = takeEvents(of: bytes, into: &output)
            partial.append(contentsOf: bytes[consumed...])
        } else {
            partial.append(contentsOf: bytes)
            var events: [UInt8] = []
            swap(&events, &partial)
            let consumed = events.withUnsafeBytes { takeEvents(of: $0, into: &output) }
            events.drop(consumed)
            swap(&events, &partial)
        }
    }

    mutating func finish(into output: inout [UInt8]) {
        if rest == nil, !partial.isEmpty {
            partial.withUnsafeBytes { edit($0, isLast: true, into: &output) }
            partial.removeAll()
        }
        emitChannels(into: &output)
        rest?.finish(into: &output)
    }

    private mutating func takeRest(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) {
        emitChannels(into: &output)
        rest = TextEditor(editing, syntax: .json)
        rest?.append(bytes, into: &output)
    }

    // MARK: Framing

    /// - Returns: the length of the whole events.
    private mutating func takeEvents(of bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) -> Int {
        var start = 0
        if mayEndInLineFeed, let first = bytes.first {
            mayEndInLineFeed = false
            if first == UInt8(ascii: "\n") {
                output.append(first)
                start = 1
            }
        }
        while let end = endOfEvent(in: bytes, from: start), end - start <= Self.maximumEvent {
            edit(bytes[part: start..<end], isLast: false, into: &output)
            start = end
        }
        guard bytes.count - start > Self.maximumEvent else { return start }
        takeRest(bytes[part: start..<bytes.count], into: &output)
        return bytes.count
    }

    private mutating func endOfEvent(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        while let end = EventLines.lineEnd(in: bytes, from: start + scanned) {
            let isCut = end.upperBound == bytes.count && bytes[end.upperBound - 1] == UInt8(ascii: "\r")
            let isEmpty = end.lowerBound == start + line
            guard isCut, !isEmpty else {
                scanned = end.upperBound - start
                line = scanned
                guard isEmpty else { continue }
                mayEndInLineFeed = isCut
                scanned = 0
                line = 0
                return end.upperBound
            }
            // Whether a line feed follows the carriage return is not known: it is looked at again.
            scanned = end.lowerBound - start
            return nil
        }
        scanned = bytes.count - start
        return nil
    }

    // MARK: Events

    private mutating func edit(_ event: UnsafeRawBufferPointer, isLast: Bool, into output: inout [UInt8]) {
        if !isLast, let template, let piece = template.piece(of: event) {
            output += template.shape.prefix
            template.channel.append(event[part: piece], into: &output)
            output += template.shape.suffix
            return
        }
        let lines = EventLines(event, from: isFirst && event.hasBytes(Self.byteOrderMark, at: 0) ? 3 : 0)
        isFirst = false
        guard let data = lines.data else {
            if isLast { emitChannels(into: &output) }
            return editLines(event, into: &output)
        }
        let found = pieces(of: event, lines, data)
        guard 1...StreamedPieces.maximumPieces ~= found.pieces.count, found.frameLength <= Self.maximumFrame else {
            if !lines.isPing || isLast { emitChannels(into: &output) }
            editLines(event[part: 0..<data.lowerBound], into: &output)
            if found.isJSON {
                Self.edit(event[part: data], with: &documents, into: &output)
            } else {
                Self.edit(event[part: data], with: &texts, into: &output)
            }
            return editLines(event[part: data.upperBound..<event.count], into: &output)
        }
        editPieces(found.pieces, of: event, lines, data, isLast: isLast, into: &output)
    }

    private func pieces(of event: UnsafeRawBufferPointer, _ lines: EventLines, _ data: Range<Int>) -> StreamedPieces {
        guard !lines.gaps.isEmpty else { return StreamedPieces(paths, in: event, data) }
        // Data of several lines is JSON all the same, with line ends where JSON has blanks.
        var joined = Array(event)
        for gap in lines.gaps { joined.replaceSubrange(gap, with: repeatElement(UInt8(ascii: "\n"), count: gap.count)) }
        return joined.withUnsafeBytes { StreamedPieces(paths, in: $0, data) }
    }

    /// Each line is a text of its own, and none is joined to another.
    private mutating func editLines(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) {
        var start = 0
        while start < bytes.count {
            let end = EventLines.lineEnd(in: bytes, from: start) ?? bytes.count..<bytes.count
            Self.edit(bytes[part: start..<end.lowerBound], with: &lines, into: &output)
            output.append(contentsOf: bytes[end])
            start = end.upperBound
        }
    }

    private static func edit(
        _ text: UnsafeRawBufferPointer, with editor: inout TextEditor, into output: inout [UInt8]
    ) {
        guard text.count > Self.shortestValue else {
            output.append(contentsOf: text)
            return
        }
        // JSON begins outside of strings, wherever a document is parted.
        editor.beginDocument()
        editor.append(text, into: &output)
        editor.finish(into: &output)
    }

    private mutating func editPieces(
        _ pieces: [StreamedPieces.Piece], of event: UnsafeRawBufferPointer, _ lines: EventLines, _ data: Range<Int>,
        isLast: Bool, into output: inout [UInt8]
    ) {
        let channels = channels(of: pieces, into: &output)
        if isLast { emitChannels(besides: channels, into: &output) }
        var edited = EditedEvent(start: output.count)
        editLines(event[part: 0..<data.lowerBound], into: &output)
        edited.data = output.count..<output.count
        var position = data.lowerBound
        for (piece, channel) in zip(pieces, channels) {
            Self.edit(event[part: position..<piece.range.lowerBound - 1], with: &documents, into: &output)
            output.append(UInt8(ascii: "\""))
            let start = output.count
            channel.append(event[part: piece.range], into: &output)
            if isLast { channel.finish(into: &output) }
            edited.pieces.append(start..<output.count)
            position = piece.range.upperBound
            guard !piece.isOpen else { break }
            output.append(UInt8(ascii: "\""))
            position += 1
        }
        Self.edit(event[part: position..<data.upperBound], with: &documents, into: &output)
        edited.data = edited.data.lowerBound..<output.count
        editLines(event[part: data.upperBound..<event.count], into: &output)

        output.withUnsafeBytes { output in
            let isSame = edited.hasSameLines(as: event, lines, in: output)
            for (index, channel) in channels.enumerated() {
                channel.shape = edited.shape(of: index, event, lines, withName: isSame, in: output)
            }
            template = edited.template(channels[0], of: event, pieces, in: output)
        }
    }

    // MARK: Channels

    private mutating func channels(
        of pieces: [StreamedPieces.Piece], into output: inout [UInt8]
    ) -> [EventChannel] {
        let active = channels.count { $0.isActive }
        if active + pieces.count > Self.maximumChannels { emitChannels(into: &output) }
        return pieces.map { piece in
            let channel = channel(for: piece)
            channel.isActive = true
            return channel
        }
    }

    private mutating func channel(for piece: StreamedPieces.Piece) -> EventChannel {
        if let known = channels.first(where: { $0.field == piece.field && $0.key == piece.channel }) { return known }
        guard channels.count >= Self.keptChannels, let index = channels.firstIndex(where: { !$0.isActive }) else {
            return add(makeChannel(for: piece))
        }
        let free = channels.remove(at: index)
        if template?.channel === free { template = nil }
        guard free.field == piece.field else { return add(makeChannel(for: piece)) }
        free.reuse(for: piece.channel)
        return add(free)
    }

    private func makeChannel(for piece: StreamedPieces.Piece) -> EventChannel {
        let syntax: TextSyntax = paths.fields[piece.field].content == .json ? .json : .text
        return EventChannel(piece.field, piece.channel, editor: TextEditor(editing, syntax: syntax, levels: 1))
    }

    private mutating func add(_ channel: EventChannel) -> EventChannel {
        channels.append(channel)
        return channel
    }

    /// Emits what is held back of texts, since they may be at their ends.
    private func emitChannels(besides others: [EventChannel] = [], into output: inout [UInt8]) {
        for channel in channels where channel.isActive && !others.contains(where: { $0 === channel }) {
            channel.finishInEvent(into: &output)
        }
    }

    /// So many that are at their ends are kept, since a text may yet go on.
    private static let keptChannels = 8
    /// No value is as short.
    private static let shortestValue = 4
    private static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]
}
