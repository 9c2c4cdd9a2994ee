import HoopxCore

/// What the request line alone says: on Amazon Bedrock and Google Vertex AI it also names the model, and how the answer
/// comes.
public struct ClaudeRoute: Hashable, Sendable {
    public let operation: ClaudeOperation
    /// Where the path names it, else nil.
    public let model: String?
    /// Whether the answer is a stream, where the path says it, else nil.
    public let isStreamed: Bool?

    /// - Parameter path: of the request target; a prefix of a gateway may stand before it, and a query behind it.
    /// - Returns: nil for what hoopx does not know.
    public init?(method: String, path: String) {
        // As a server might read it: without empty segments, percent-encoding undone.
        let segments = path.prefix { $0 != "?" }.split(separator: "/").prefix(Self.maximumSegments).map(Self.decoded)
        if let route = Self.cloud(method, segments) {
            self = route
            return
        }
        guard let operation = Self.operation(method, segments) else { return nil }
        self.init(operation: operation, model: nil, isStreamed: nil)
    }

    private init(operation: ClaudeOperation, model: String?, isStreamed: Bool?) {
        self.operation = operation
        self.model = model
        self.isStreamed = isStreamed
    }

    /// No path of the API has nearly as many, prefix included.
    private static let maximumSegments = 24

    private static func operation(_ method: String, _ segments: [String]) -> ClaudeOperation? {
        // The longest rest that is an endpoint: what stands before it is the gateway's.
        for start in segments.indices where segments[start] == "v1" || segments[start] == "api" {
            let rest = segments[start...]
            if let endpoint = ClaudeEndpoint.all.first(where: { $0.matches(method, rest) }) {
                return endpoint.operation
            }
        }
        return nil
    }

    private static func cloud(_ method: String, _ segments: [String]) -> ClaudeRoute? {
        guard method == "POST", let last = segments.last, segments.count >= 3 else { return nil }
        // Bedrock: /model/MODEL/ACTION
        if segments[segments.count - 3] == "model", let form = bedrock[last] {
            return ClaudeRoute(
                operation: form.operation, model: segments[segments.count - 2], isStreamed: form.isStreamed)
        }
        // Vertex AI: /v1/projects/PROJECT/locations/LOCATION/publishers/anthropic/models/MODEL:ACTION
        guard segments.suffix(4).starts(with: ["publishers", "anthropic", "models"]),
            let colon = last.lastIndex(of: ":")
        else { return nil }
        let model = String(last[..<colon])
        switch (model, last[last.index(after: colon)...]) {
        case ("count-tokens", "rawPredict"):
            return ClaudeRoute(operation: .messagesCountTokens, model: nil, isStreamed: false)
        case (_, "rawPredict"): return ClaudeRoute(operation: .messagesCreate, model: model, isStreamed: false)
        case (_, "streamRawPredict"): return ClaudeRoute(operation: .messagesCreate, model: model, isStreamed: true)
        default: return nil
        }
    }

    private static let bedrock: [String: (operation: ClaudeOperation, isStreamed: Bool)] = [
        "invoke": (.messagesCreate, false),
        "invoke-with-response-stream": (.messagesCreate, true),
        "count-tokens": (.messagesCountTokens, false),
    ]

    /// A segment with its percent-encoding undone; what is not UTF-8 then stays as it was.
    private static func decoded(_ segment: Substring) -> String {
        guard segment.utf8.contains(UInt8(ascii: "%")) else { return String(segment) }
        return String(validating: PercentEncoding.decode(segment.utf8), as: UTF8.self) ?? String(segment)
    }
}
