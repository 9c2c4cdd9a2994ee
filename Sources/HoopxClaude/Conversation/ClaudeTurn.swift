/// One message of a conversation with Claude.
public struct ClaudeTurn: Hashable, Sendable {
    /// `user`, `assistant`, `system`; empty where the body was cut off before it said.
    public var role: String
    public var blocks: [ClaudeContent]

    public init(role: String, blocks: [ClaudeContent]) {
        self.role = role
        self.blocks = blocks
    }
}

/// One block of a message's content.
public enum ClaudeContent: Hashable, Sendable {
    case text(String)
    case thinking(String)
    case toolUse(ClaudeToolUse)
    /// What a tool answered. Whatever it holds that is no text stands in brackets.
    case toolResult(toolUseID: String, text: String, isError: Bool)
    /// What is no text: its kind, as in `image/png`, `document`.
    case other(String)
}
