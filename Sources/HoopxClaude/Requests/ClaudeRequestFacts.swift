import HoopxJSON

/// What is known of a request to the Claude API from its body, without its texts.
public struct ClaudeRequestFacts: Hashable, Sendable {
    /// Every model that it names, each once: one for a message, maybe several for a batch.
    public private(set) var models: [String] = []
    public private(set) var isStreamed = false
    /// `max_tokens`; the largest of a batch.
    public private(set) var maximumTokens: Int?
    /// Of a batch, all requests' together.
    public private(set) var messageCount = 0
    /// How many requests a batch has; 1 where it is none.
    public private(set) var requestCount = 1
    public private(set) var hasSystem = false
    /// The tools that the model may use, each once, in order; at most `maximumNames`.
    public private(set) var toolNames: [String] = []
    /// Whether `metadata.user_id` is there. Its value is nobody's business.
    public private(set) var hasUserID = false

    /// The model, where it is only one.
    public var model: String? { models.count == 1 ? models.first : nil }

    /// How many models, and how many tools, are kept.
    public static let maximumNames = 512
    /// How much of a name is kept, in bytes: the API takes none that long.
    public static let maximumNameLength = 256

    /// - Parameters:
    ///   - json: the whole body.
    ///   - route: what the path says of model and stream; the body then adds to it.
    /// - Throws: where it is not a JSON object, or where it gives a member twice that counts: the API might go by the
    ///   other one.
    public init(_ json: UnsafeRawBufferPointer, route: ClaudeRoute? = nil) throws(JSONFault) {
        if let model = route?.model { Self.add(model, to: &models) }
        isStreamed = route?.isStreamed ?? false
        var body = JSONTokenizer(json)
        try readRequest(&body)
        guard body.isAtEnd() else { throw .malformed(at: body.offset) }
    }

    public init(_ json: [UInt8], route: ClaudeRoute? = nil) throws(JSONFault) {
        self = try json.withUnsafeBufferPointer { (bytes) throws(JSONFault) in
            try ClaudeRequestFacts(UnsafeRawBufferPointer(bytes), route: route)
        }
    }

    private mutating func readRequest(_ body: inout JSONTokenizer) throws(JSONFault) {
        guard try body.enterObject() else { throw .malformed(at: body.offset) }
        var seen: Set<Member> = []
        while let name = try body.nextMember() {
            guard let member = Member(rawValue: name.text) else {
                try body.skip()
                continue
            }
            guard seen.insert(member).inserted else { throw .duplicateMember(member.rawValue) }
            switch member {
            case .model: if let model = try body.stringOrSkip() { Self.add(model.text, to: &models) }
            case .stream: isStreamed = try body.bool() ?? false || isStreamed
            case .maximumTokens:
                if let tokens = try body.integer() { maximumTokens = max(tokens, maximumTokens ?? tokens) }
            case .messages: messageCount += try body.skipElements()
            case .system:
                hasSystem = true
                try body.skip()
            case .tools: try readTools(&body)
            case .metadata: try readMetadata(&body)
            case .requests: try readBatch(&body)
            }
        }
    }

    /// The members of a request that count.
    private enum Member: String {
        case model, stream, messages, system, tools, metadata, requests
        case maximumTokens = "max_tokens"
    }

    private mutating func readTools(_ body: inout JSONTokenizer) throws(JSONFault) {
        guard try body.enterArray() else { return _ = try body.skip() }
        while try body.nextElement() {
            guard try body.enterObject() else {
                try body.skip()
                continue
            }
            while let name = try body.nextMember() {
                guard name == "name" else {
                    try body.skip()
                    continue
                }
                if let tool = try body.stringOrSkip() { Self.add(tool.text, to: &toolNames) }
            }
        }
    }

    private mutating func readMetadata(_ body: inout JSONTokenizer) throws(JSONFault) {
        guard try body.enterObject() else { return _ = try body.skip() }
        while let name = try body.nextMember() {
            if name == "user_id", try body.kind() != .null { hasUserID = true }
            try body.skip()
        }
    }

    /// `requests` of a batch: `[{"custom_id": ..., "params": REQUEST}, ...]`
    private mutating func readBatch(_ body: inout JSONTokenizer) throws(JSONFault) {
        guard try body.enterArray() else { return _ = try body.skip() }
        requestCount = 0
        while try body.nextElement() {
            requestCount += 1
            guard try body.enterObject() else {
                try body.skip()
                continue
            }
            var hasParameters = false
            while let name = try body.nextMember() {
                guard name == "params", try body.kind() == .object else {
                    try body.skip()
                    continue
                }
                guard !hasParameters else { throw .duplicateMember("params") }
                hasParameters = true
                try readRequest(&body)
            }
        }
    }

    private static func add(_ name: String, to names: inout [String]) {
        guard names.count < maximumNames else { return }
        let name = String(decoding: name.utf8.prefix(maximumNameLength), as: UTF8.self)
        if !names.contains(name) { names.append(name) }
    }
}
