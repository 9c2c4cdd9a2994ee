/// What the loopback model says in one turn.
public struct ModelTurn: Sendable {
    public enum Block: Sendable {
        case text(String)
        /// - Parameter input: JSON, an object.
        case toolUse(id: String, name: String, input: String)
    }

    public let blocks: [Block]

    public init(_ blocks: [Block]) { self.blocks = blocks }

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
    /// Whether the body is gzipped, each event a block of its own.
    public var isGzipped = false
    /// The connection is cut after so many events of a stream, or in the middle of a body that is none.
    public var breaksAfter: Int?
    /// An `error` event of this type follows after two events, and ends the stream.
    public var errorEvent: String?

    public init() {}
}

/// The API's answer to a `POST /v1/messages`.
public enum ModelReply: Sendable {
    case turn(ModelTurn, Delivery)
    case error(status: Int, type: String, message: String, retryAfter: Int?)

    public static func text(_ text: String) -> ModelReply { .turn(ModelTurn([.text(text)]), Delivery()) }

    /// What every test's model does unless told otherwise: it greets; it runs the command of a `[[run: COMMAND]]` in
    /// the prompt with the tool `Bash` where that is offered, and repeats what the command printed.
    @Sendable public static func conversation(_ request: MessagesRequest) -> ModelReply {
        if let result = request.toolResults.last { return .text("The command printed: \(result)") }
        if request.toolNames.contains("Bash"), let command = command(in: request.prompt) {
            let input = jsonText(["command": command, "description": "Run what was asked for"])
            return .turn(
                ModelTurn([.text("I will run that."), .toolUse(id: "toolu_01loopback", name: "Bash", input: input)]),
                Delivery())
        }
        return .text("Hello from the loopback Claude API.")
    }

    private static func command(in prompt: String) -> String? {
        guard let start = prompt.range(of: "[[run: "), let end = prompt.range(of: "]]", in: start.upperBound) else {
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
