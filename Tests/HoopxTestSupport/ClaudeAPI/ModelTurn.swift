import NIOCore

/// What the loopback model says in one turn.
public struct ModelTurn: Sendable {
    public enum Block: Sendable {
        /// Streamed word by word.
        case text(String)
        /// A text that is streamed in exactly these pieces, one a delta.
        case pieces([String])
        case thinking(String)
        /// A thought that is streamed in exactly these pieces.
        case thinkingPieces([String])
        /// - Parameter input: JSON, an object. Streamed in pieces of `Delivery.inputPiece` characters.
        case toolUse(id: String, name: String, input: String)
        /// A tool that the API runs itself.
        case serverToolUse(id: String, name: String, input: String)
    }

    /// What the turn costs, in tokens.
    public struct Usage: Sendable {
        public var input = 12
        public var output = 9
        public var cacheCreation = 0
        public var cacheRead = 0

        public init(input: Int = 12, output: Int = 9, cacheCreation: Int = 0, cacheRead: Int = 0) {
            self.input = input
            self.output = output
            self.cacheCreation = cacheCreation
            self.cacheRead = cacheRead
        }

        /// As the API gives it.
        func fields(output: Int) -> [String: Any] {
            [
                "input_tokens": input, "output_tokens": output, "cache_creation_input_tokens": cacheCreation,
                "cache_read_input_tokens": cacheRead,
            ]
        }
    }

    public let blocks: [Block]
    public let usage: Usage

    public init(_ blocks: [Block], usage: Usage = Usage()) {
        self.blocks = blocks
        self.usage = usage
    }

    var stopReason: String {
        blocks.contains { if case .toolUse = $0 { true } else { false } } ? "tool_use" : "end_turn"
    }
}

/// How a turn is sent.
public struct Delivery: Sendable {
    /// Passed before each event of a stream and before its end, or once before an answer that is no stream.
    public var gate: EventGate?
    /// Event streams are cut into writes of so many bytes.
    public var writeSize: Int?
    /// Before each event of a stream, or once before an answer that is none.
    public var pause: TimeAmount?
    /// How many characters of a tool's input an event brings.
    public var inputPiece = 9
    /// The body's content coding. Of a stream each event can be read as soon as it has come.
    public var coding: ContentCoding?
    /// The connection is cut after so many events of a stream, or in the middle of a body that is none.
    public var breaksAfter: Int?
    /// An `error` event of this type ends the stream: `overloaded_error`.
    public var errorEvent: String?
    /// After how many events it comes.
    public var errorAfter = 2

    public init() {}
}

/// The API's answer to a `POST /v1/messages`.
public enum ModelReply: Sendable {
    case turn(ModelTurn, Delivery)
    case error(status: Int, type: String, message: String, retryAfter: Int?)

    public static func text(_ text: String) -> ModelReply { .turn(ModelTurn([.text(text)]), Delivery()) }

    /// What every test's model does unless told otherwise: it greets; it runs the command of a `[[run: COMMAND]]` in
    /// the prompt with the tool `Bash` where that is offered, and repeats what the command printed; it says the TEXT of a
    /// `[[say: TEXT]]`.
    @Sendable public static func conversation(_ request: MessagesRequest) -> ModelReply {
        if let result = request.toolResults.last { return .text("The command printed: \(result)") }
        if let text = argument(of: "say", in: request.prompt) { return .text(text) }
        if request.toolNames.contains("Bash"), let command = argument(of: "run", in: request.prompt) {
            let input = jsonText(["command": command, "description": "Run what was asked for"])
            return .turn(
                ModelTurn([.text("I will run that."), .toolUse(id: "toolu_01loopback", name: "Bash", input: input)]),
                Delivery())
        }
        return .text("Hello from the loopback Claude API.")
    }

    private static func argument(of verb: String, in prompt: String) -> String? {
        guard let start = prompt.range(of: "[[\(verb): "), let end = prompt.range(of: "]]", in: start.upperBound) else {
            return nil
        }
        return String(prompt[start.upperBound..<end.lowerBound])
    }
}

extension String {
    fileprivate func range(of text: String, in start: Index? = nil) -> Range<Index>? {
        var index = start ?? startIndex
        while index < endIndex {
            if self[index...].hasPrefix(text) { return index..<self.index(index, offsetBy: text.count) }
            formIndex(after: &index)
        }
        return nil
    }
}
