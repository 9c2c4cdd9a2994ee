import HoopxJSON

/// One block of a message's content, as far as it has come.
struct MessageBlock {
    enum Kind {
        case text
        case thinking
        case toolUse(ClaudeToolUse.Place)
        case other

        init(_ type: JSONToken) {
            if type == "text" {
                self = .text
            } else if type == "thinking" {
                self = .thinking
            } else if type == "tool_use" {
                self = .toolUse(.client)
            } else if type == "server_tool_use" || type == "mcp_tool_use" {
                self = .toolUse(.server)
            } else {
                self = .other
            }
        }
    }

    /// Its place in the message, as the API counts.
    let index: Int
    var kind = Kind.other
    /// The API's name of the kind: `text`.
    var type = ""
    var id = ""
    var name = ""
    /// Whether the input is what came with the block's beginning: of a message that is no stream, the whole; of a stream
    /// `{}`, and the pieces take its place.
    private var isGiven = false
    /// What came in pieces: a tool's input, or a text.
    private(set) var pieces: [UInt8] = []
    private(set) var isTruncated = false
    var isClosed = false

    init(index: Int) { self.index = index }

    /// - Parameter room: how many bytes may be kept of it, with what is kept already.
    mutating func append(_ piece: JSONToken, room: Int = ClaudeResponseReader.maximumInput) {
        guard !isTruncated, !piece.bytes.isEmpty else { return }
        if isGiven {
            pieces.removeAll()
            isGiven = false
        }
        piece.append(to: &pieces)
        truncate(to: room)
    }

    /// The input of a tool as the block's beginning has it.
    mutating func give(_ input: UnsafeRawBufferPointer, room: Int) {
        pieces = Array(input.prefix(ClaudeResponseReader.maximumInput + 1))
        isGiven = true
        truncate(to: room)
    }

    private mutating func truncate(to room: Int) {
        let limit = max(0, min(room, ClaudeResponseReader.maximumInput))
        guard pieces.count > limit else { return }
        pieces.removeSubrange(limit...)
        isTruncated = true
    }

    var toolUse: ClaudeToolUse? {
        guard case .toolUse(let place) = kind else { return nil }
        return ClaudeToolUse(id: id, name: name, place: place, input: pieces, isInputTruncated: isTruncated)
    }
}
