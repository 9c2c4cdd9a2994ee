/// What a request asks the Claude API for, by the name that a policy calls it.
public struct ClaudeOperation: Hashable, Sendable, CustomStringConvertible {
    /// `RESOURCE.VERB`: `messages.create`.
    public let name: String

    public var description: String { name }

    init(known name: String) { self.name = name }

    /// The operation of this name.
    ///
    /// - Returns: nil where hoopx knows none.
    public init?(name: String) {
        guard Self.all.contains(where: { $0.name == name }) else { return nil }
        self.name = name
    }

    /// - Parameter path: of the request target; a prefix of a gateway may stand before it, and a query behind it.
    /// - Returns: nil for what hoopx does not know.
    public init?(method: String, path: String) {
        guard let route = ClaudeRoute(method: method, path: path) else { return nil }
        self = route.operation
    }

    /// Every operation that hoopx knows, in the order of the endpoints.
    public static let all: [ClaudeOperation] = {
        var seen: Set<String> = []
        return ClaudeEndpoint.all.map(\.operation).filter { seen.insert($0.name).inserted }
    }()

    public static let messagesCreate = ClaudeOperation(known: "messages.create")
    public static let messagesCountTokens = ClaudeOperation(known: "messages.count_tokens")
    public static let batchesCreate = ClaudeOperation(known: "batches.create")
}
