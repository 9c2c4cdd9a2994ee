import HoopxJSON

/// Reads the turns of a request's body, and keeps what it has where the body breaks off.
struct ConversationReader {
    private(set) var turns: [ClaudeTurn] = []
    private(set) var system: String?
    private(set) var isCut = false
    private var body: JSONTokenizer

    init(_ bytes: UnsafeRawBufferPointer) { body = JSONTokenizer(bytes) }

    mutating func read() {
        do { try readRequest() } catch { isCut = true }
    }

    private mutating func readRequest() throws(JSONFault) {
        guard try body.enterObject() else { throw .malformed(at: body.offset) }
        while let name = try body.nextMember() {
            if name == "messages", try body.enterArray() {
                while try body.nextElement() { try readTurn() }
            } else if name == "system" {
                var text = BlockText()
                defer { system = text.joined }
                try readContent { text.add($0) }
            } else {
                try body.skip()
            }
        }
    }

    private mutating func readTurn() throws(JSONFault) {
        guard try body.enterObject() else { return _ = try body.skip() }
        turns.append(ClaudeTurn(role: "", blocks: []))
        let index = turns.count - 1
        while let name = try body.nextMember() {
            if name == "role" {
                turns[index].role = try body.stringOrSkip()?.text ?? ""
            } else if name == "content" {
                var blocks: [ClaudeContent] = []
                defer { turns[index].blocks += blocks }
                try readContent { blocks.append($0) }
            } else {
                try body.skip()
            }
        }
    }

    /// A text, or blocks. What was read of it is handed on also where the body breaks off within.
    private mutating func readContent(_ take: (ClaudeContent) -> Void) throws(JSONFault) {
        if let text = body.unfinishedString() { return take(.text(text.text)) }
        guard try body.enterArray() else { return _ = try body.skip() }
        while try body.nextElement() {
            var block = BlockFields()
            defer { take(block.content) }
            try readBlock(&block)
        }
    }

    private mutating func readBlock(_ block: inout BlockFields) throws(JSONFault) {
        guard try body.enterObject() else { return _ = try body.skip() }
        while let name = try body.nextMember() {
            if name == "type" {
                block.type = try body.stringOrSkip()?.text ?? ""
            } else if name == "text" || name == "thinking" {
                block.text = body.unfinishedString()?.text ?? ""
            } else if name == "id" || name == "tool_use_id" {
                block.id = try body.stringOrSkip()?.text ?? ""
            } else if name == "name" {
                block.name = try body.stringOrSkip()?.text ?? ""
            } else if name == "input" {
                block.input = Array(try body.skip())
            } else if name == "is_error" {
                block.isError = try body.bool() ?? false
            } else if name == "source" {
                try readSource(&block)
            } else if name == "content" {
                var text = BlockText()
                defer { block.text = text.joined }
                try readContent { text.add($0) }
            } else {
                try body.skip()
            }
        }
    }

    /// Of an image or a document: what it is, never its bytes.
    private mutating func readSource(_ block: inout BlockFields) throws(JSONFault) {
        guard try body.enterObject() else { return _ = try body.skip() }
        while let name = try body.nextMember() {
            if name == "media_type" {
                block.mediaType = try body.stringOrSkip()?.text
            } else {
                try body.skip()
            }
        }
    }
}

/// The members of a block, which come in any order.
private struct BlockFields {
    var type = ""
    var text = ""
    var id = ""
    var name = ""
    var input: [UInt8] = []
    var isError = false
    var mediaType: String?

    var content: ClaudeContent {
        switch type {
        case "text": .text(text)
        case "thinking": .thinking(text)
        case "tool_use", "server_tool_use", "mcp_tool_use":
            .toolUse(ClaudeToolUse(id: id, name: name, place: type == "tool_use" ? .client : .server, input: input))
        case _ where type.hasSuffix("tool_result"): .toolResult(toolUseID: id, text: text, isError: isError)
        default: type.isEmpty && !text.isEmpty ? .text(text) : .other(mediaType ?? type)
        }
    }
}

/// The texts of several blocks as one, with the kind of what is no text in brackets.
private struct BlockText {
    private var parts: [String] = []

    mutating func add(_ content: ClaudeContent) {
        switch content {
        case .text(let text), .thinking(let text), .toolResult(_, let text, _): parts.append(text)
        case .toolUse(let use): parts.append("[\(use.name)]")
        case .other(let kind): parts.append("[\(kind)]")
        }
    }

    var joined: String { parts.joined(separator: "\n") }
}
