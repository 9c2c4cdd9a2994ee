/// What is known of the Claude API's answer to a request for a message.
public struct ClaudeResponseFacts: Hashable, Sendable {
    /// `msg_...`
    public var messageID: String?
    /// The model that answered.
    public var model: String?
    public var usage = ClaudeUsage()
    /// `end_turn`, `tool_use`, `max_tokens`, `refusal`, ...
    public var stopReason: String?
    /// In the order in which the model asked for them.
    public var toolUses: [ClaudeToolUse] = []
    public var error: ClaudeError?
    /// Bytes of UTF-8.
    public var textLength = 0
    /// Bytes of UTF-8.
    public var thinkingLength = 0
    /// Whether the message was seen to its end, and all of it could be read.
    public var isComplete = false
    /// Whether everything so far could be read.
    var isWhole = true

    public init() {}
}

/// What a message cost, in tokens. nil for what the API did not say.
public struct ClaudeUsage: Hashable, Sendable {
    /// Tokens that were neither read from the cache nor written to it.
    public var input: Int?
    public var output: Int?
    public var cacheCreation: Int?
    public var cacheRead: Int?

    public init(input: Int? = nil, output: Int? = nil, cacheCreation: Int? = nil, cacheRead: Int? = nil) {
        self.input = input
        self.output = output
        self.cacheCreation = cacheCreation
        self.cacheRead = cacheRead
    }
}

/// One use of a tool that the model asked for.
public struct ClaudeToolUse: Hashable, Sendable {
    public enum Place: String, Sendable {
        /// `tool_use`: the client runs it.
        case client
        /// `server_tool_use`, `mcp_tool_use`: the API ran it.
        case server
    }

    public let id: String
    public let name: String
    public let place: Place
    /// A JSON object, as it came; cut where it is longer than `ClaudeResponseReader.maximumInput`.
    public var input: [UInt8]
    public var isInputTruncated: Bool

    public init(id: String, name: String, place: Place = .client, input: [UInt8], isInputTruncated: Bool = false) {
        self.id = id
        self.name = name
        self.place = place
        self.input = input
        self.isInputTruncated = isInputTruncated
    }
}

/// An error that the API answered with, or that ended its stream.
public struct ClaudeError: Hashable, Sendable {
    /// `overloaded_error`
    public let type: String
    public let message: String

    public init(type: String, message: String) {
        self.type = type
        self.message = message
    }
}
