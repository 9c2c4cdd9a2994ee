/// What a request asks the Claude API for.
public enum ClaudeOperation: String, CaseIterable, Sendable {
    case messagesCreate = "messages.create"
    case messagesCountTokens = "messages.count_tokens"
}
