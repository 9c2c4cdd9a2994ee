/// What a request asks the Claude API for, by the name that a policy calls it.
public struct ClaudeOperation: Hashable, Sendable, CustomStringConvertible {
    /// `RESOURCE.VERB`: `messages.create`.
    public let name: String

    public var description: String { name }

    init(name: String) { self.name = name }

    public static let messagesCreate = ClaudeOperation(name: "messages.create")
    public static let messagesCountTokens = ClaudeOperation(name: "messages.count_tokens")
    public static let batchesCreate = ClaudeOperation(name: "batches.create")

    /// - Parameter path: of the request target; a prefix of a gateway may stand before it, and a query behind it.
    /// - Returns: nil for what hoopx does not know.
    public init?(method: String, path: String) {
        guard let route = ClaudeRoute(method: method, path: path) else { return nil }
        self = route.operation
    }
}
