import HoopxJSON

/// What is known of a request to the Claude API from its body, without its texts.
public struct ClaudeRequestFacts: Hashable, Sendable {
    /// Every model that it names, each once: one for a message, maybe several for a batch.
    public var models: [String] = []
    public var isStreamed = false
    /// `max_tokens`; the largest of a batch.
    public var maximumTokens: Int?
    /// Of a batch, all requests' together.
    public var messageCount = 0
    /// How many requests a batch has; 1 where it is none.
    public var requestCount = 1
    public var hasSystem = false
    /// The tools that the model may use, each once, in order.
    public var toolNames: [String] = []
    /// Whether `metadata.user_id` is there. Its value is nobody's business.
    public var hasUserID = false

    /// The model, where it is only one.
    public var model: String? { models.count == 1 ? models.first : nil }

    /// - Parameters:
    ///   - json: the whole body.
    ///   - route: what the path says of model and stream.
    /// - Throws: where it is not JSON, or gives a member that counts twice, so that the API could see another value.
    public init(_ json: UnsafeRawBufferPointer, route: ClaudeRoute? = nil) throws(JSONFault) {
        models = route?.model.map { [$0] } ?? []
        isStreamed = route?.isStreamed ?? false
    }

    public init(_ json: [UInt8], route: ClaudeRoute? = nil) throws(JSONFault) {
        self = try json.withUnsafeBufferPointer { (bytes) throws(JSONFault) in
            try ClaudeRequestFacts(UnsafeRawBufferPointer(bytes), route: route)
        }
    }
}
