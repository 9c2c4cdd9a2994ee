/// Reads an answer of the Claude API as it comes, in any cuts: a message, an error, or a stream of events.
public struct ClaudeResponseReader: Sendable {
    /// How much of a tool's input is kept, in bytes.
    public static let maximumInput = 64 << 10
    /// A longer answer that is no stream is not read, in bytes.
    public static let maximumMessage = 4 << 20

    private var message: MessageReader
    private var events: EventStreamReader?
    /// An answer that is no stream, as far as it has come.
    private var body: [UInt8] = []
    private var isTooLong = false

    /// - Parameter isEventStream: whether the content type is `text/event-stream`, else JSON.
    public init(isEventStream: Bool) { self.init(isEventStream: isEventStream, keepsText: false) }

    /// - Parameter contentType: the header's value, parameters included.
    /// - Returns: nil where the answer is neither JSON nor an event stream: binary streams of Bedrock, files.
    public init?(contentType: String) {
        switch contentType.prefix(while: { $0 != ";" && $0 != " " }).lowercased() {
        case "text/event-stream": self.init(isEventStream: true)
        case "application/json": self.init(isEventStream: false)
        default: return nil
        }
    }

    init(isEventStream: Bool, keepsText: Bool) {
        message = MessageReader(keepsText: keepsText)
        events = isEventStream ? EventStreamReader() : nil
    }

    /// What is known so far. A use of a tool is there once its input is.
    public var facts: ClaudeResponseFacts { message.facts }

    /// The content so far; without the texts where these are not kept.
    var blocks: [MessageBlock] { message.blocks }

    /// Takes the next bytes of the body, content encodings undone.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if events != nil {
            events?.append(bytes, to: &message)
        } else if !isTooLong {
            isTooLong = body.count + bytes.count > Self.maximumMessage
            if isTooLong { body = [] } else { body.append(contentsOf: bytes) }
        }
    }

    /// The body has ended, whole or cut off.
    public mutating func finish() {
        if events == nil {
            let body = body
            self.body = []
            body.withUnsafeBytes { message.takeWhole($0) }
        }
        message.finish()
    }
}
