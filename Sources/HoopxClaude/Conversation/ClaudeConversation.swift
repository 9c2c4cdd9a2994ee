import HoopxJSON

/// A conversation as the body of a request for a message has it, read as far as it goes: a recorded body may be cut off.
public struct ClaudeConversation: Hashable, Sendable {
    public let turns: [ClaudeTurn]
    /// The instructions of the system, if any.
    public let system: String?
    /// Whether the body ended, or stopped to be JSON, before the conversation was over.
    public let isCut: Bool

    public init(request body: [UInt8]) {
        let reader = body.withUnsafeBytes { bytes in
            var reader = ConversationReader(bytes)
            reader.read()
            return reader
        }
        turns = reader.turns
        system = reader.system
        isCut = reader.isCut
    }

    /// The turns since the model last answered: what the request adds to a conversation that it resends.
    public var latestTurns: ArraySlice<ClaudeTurn> {
        let start = turns.lastIndex { $0.role == "assistant" }.map { $0 + 1 } ?? turns.startIndex
        // A request may also go on with what it wants the model to have begun.
        return start < turns.endIndex ? turns[start...] : turns.suffix(1)
    }
}

extension ClaudeTurn {
    /// The model's answer, as the body of a response has it, be it a message or a stream of events.
    ///
    /// - Returns: nil where it holds no content.
    public init?(response body: [UInt8]) {
        // JSON begins with a bracket, and no line of an event stream that counts does.
        let isEventStream = body.first { $0 > 0x20 } != UInt8(ascii: "{")
        var reader = ClaudeResponseReader(isEventStream: isEventStream, keepsText: true)
        body.withUnsafeBytes { reader.append($0) }
        reader.finish()
        let blocks = reader.blocks.map(\.content)
        guard !blocks.isEmpty else { return nil }
        self.init(role: "assistant", blocks: blocks)
    }
}

extension MessageBlock {
    fileprivate var content: ClaudeContent {
        switch kind {
        case .text: .text(String(decoding: pieces, as: UTF8.self) + (isTruncated ? "..." : ""))
        case .thinking: .thinking(String(decoding: pieces, as: UTF8.self) + (isTruncated ? "..." : ""))
        case .toolUse: toolUse.map(ClaudeContent.toolUse) ?? .other(type)
        case .other: .other(type)
        }
    }
}
