import HoopxJSON

/// Reads an answer of the Claude API as it comes, in any cuts: a message, an error, or a stream of events.
public struct ClaudeResponseReader {
    /// How much of a tool's input is kept, in bytes.
    public static let maximumInput = 64 << 10

    public private(set) var facts = ClaudeResponseFacts()

    /// - Parameter isEventStream: whether the content type is `text/event-stream`, else JSON.
    public init(isEventStream: Bool) {}

    /// Takes the next bytes of the body, content encodings undone.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {}

    /// The body has ended, whole or cut off.
    public mutating func finish() {}
}
