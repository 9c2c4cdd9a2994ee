import HoopxJSON

/// Where the pieces of streamed texts stand in an event's data.
struct StreamedPieces {
    struct Piece {
        let field: Int
        /// Between the quotes.
        let range: Range<Int>
        /// Whether the string does not end.
        let isOpen: Bool
        let element: Int
        /// What tells its channel apart from others of the field.
        fileprivate(set) var channel: [UInt8] = []
    }

    private(set) var pieces: [Piece] = []
    /// Whether the data is JSON.
    private(set) var isJSON = false

    private let paths: StreamedPaths
    private let bytes: UnsafeRawBufferPointer
    private var tokenizer: JSONTokenizer
    /// The array element that is being read; each has a number of its own.
    private var element = 0
    private var elements = 0
    private var channels: [(field: Int, element: Int, value: [UInt8])] = []

    init(_ paths: StreamedPaths, in bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
        self.paths = paths
        self.bytes = bytes[part: 0..<range.upperBound]
        tokenizer = JSONTokenizer(self.bytes, at: range.lowerBound)
        do {
            try readValue(paths.all, depth: 0)
            isJSON = tokenizer.isAtEnd()
        } catch {
            isJSON = !pieces.isEmpty
        }
        guard pieces.count <= Self.maximumPieces else { return }
        for index in pieces.indices { pieces[index].channel = channel(of: pieces[index]) }
    }

    /// How much of the event is not of its pieces.
    var frameLength: Int { bytes.count - pieces.reduce(0) { $0 + $1.range.count } }

    private func channel(of piece: Piece) -> [UInt8] {
        let candidates = channels.filter { $0.field == piece.field }
        let nearest = candidates.first { $0.element == piece.element } ?? candidates.first { $0.element == 0 }
        return nearest?.value ?? []
    }

    private mutating func readValue(_ matching: StreamedPaths.Selection, depth: Int) throws(JSONFault) {
        guard !matching.isEmpty else {
            try tokenizer.skip()
            return
        }
        let ending = matching.filter { $0.names.count == depth }
        if ending.contains(where: \.isChannel) {
            try readChannel(ending)
        } else if let path = ending.first, try tokenizer.kind() == .string {
            try readPiece(path)
        } else if try tokenizer.enterObject() {
            while let name = try tokenizer.nextMember() {
                try readValue(paths.selection(of: matching, depth: depth, named: name), depth: depth + 1)
            }
        } else if try tokenizer.enterArray() {
            let outer = element
            while try tokenizer.nextElement() {
                elements += 1
                element = elements
                try readValue(paths.selectionOfElements(of: matching, depth: depth), depth: depth + 1)
            }
            element = outer
        } else {
            try tokenizer.skip()
        }
    }

    private mutating func readChannel(_ paths: StreamedPaths.Selection) throws(JSONFault) {
        let value = Array(try tokenizer.skip().prefix(Self.maximumChannel))
        guard pieces.count <= Self.maximumPieces, channels.count < Self.maximumChannels else { return }
        for path in paths where path.isChannel { channels.append((path.field, element, value)) }
    }

    private mutating func readPiece(_ path: StreamedPaths.Path) throws(JSONFault) {
        let start = tokenizer.offset + 1
        do {
            _ = try tokenizer.string()
            add(path, start..<tokenizer.offset - 1, isOpen: false)
        } catch {
            add(path, start..<bytes.count, isOpen: true)
            throw error
        }
    }

    private mutating func add(_ path: StreamedPaths.Path, _ range: Range<Int>, isOpen: Bool) {
        pieces.append(Piece(field: path.field, range: range, isOpen: isOpen, element: element))
    }

    private static let maximumChannel = 64
    /// More are not told apart: whoever gets them takes none for a piece of a text.
    static let maximumPieces = 32
    private static let maximumChannels = 1_024
}

/// The paths of streamed fields, for reading many events.
final class StreamedPaths: Sendable {
    /// A set of paths.
    typealias Selection = [Path]

    struct Path: Sendable {
        let field: Int
        let isChannel: Bool
        let names: [[UInt8]]
    }

    let all: Selection
    let fields: [StreamedField]

    init(_ fields: [StreamedField]) {
        self.fields = fields
        all = fields.enumerated().flatMap { index, field in
            [(field.path, false), (field.channel, true)].filter { !$0.0.isEmpty }.map { names, isChannel in
                Path(field: index, isChannel: isChannel, names: names.map { Array($0.utf8) })
            }
        }
    }

    func selection(of selection: Selection, depth: Int, named name: JSONToken) -> Selection {
        guard name.hasEscapes else {
            return selection.filter { $0.names.count > depth && name.bytes.elementsEqual($0.names[depth]) }
        }
        var decoded: [UInt8] = []
        name.append(to: &decoded)
        return selection.filter { $0.names.count > depth && $0.names[depth] == decoded }
    }

    func selectionOfElements(of selection: Selection, depth: Int) -> Selection {
        selection.filter { $0.names.count > depth && $0.names[depth] == Self.anyElement }
    }

    private static let anyElement = Array(StreamedField.anyElement.utf8)
}
