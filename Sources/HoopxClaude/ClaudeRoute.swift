/// What the request line alone says: on Bedrock and Vertex AI it also names the model, and how the answer comes.
public struct ClaudeRoute: Hashable, Sendable {
    public let operation: ClaudeOperation
    /// Where the path names it, else nil.
    public let model: String?
    /// Whether the answer is a stream, where the path says it, else nil.
    public let isStreamed: Bool?

    /// - Parameter path: of the request target; a prefix of a gateway may stand before it, and a query behind it.
    /// - Returns: nil for what hoopx does not know.
    public init?(method: String, path: String) {
        guard method == "POST", path.prefix(while: { $0 != "?" }).hasSuffix("/v1/messages") else { return nil }
        operation = .messagesCreate
        model = nil
        isStreamed = nil
    }
}
