/// How the content of a body is to be read, once its content encodings are undone.
public enum BodyFormat: Hashable, Sendable {
    case json
    /// Server-sent events (WHATWG HTML, 9.2) whose data is JSON. The fields name texts that go on from event to event.
    case eventStream([StreamedField])
    /// `application/x-www-form-urlencoded`
    case form
    /// Anything else, what is not known included: its bytes are taken for text.
    case text
}

/// A text that a stream of JSON events brings piece by piece, so that a value can be split over several events.
public struct StreamedField: Hashable, Sendable {
    public enum Content: Hashable, Sendable {
        case text
        /// The pieces together are a JSON text.
        case json
    }

    /// Where the piece stands in the event's data: `["delta", "text"]`.
    public let path: [String]
    /// What tells texts of one stream apart: `["index"]`.
    public let channel: [String]
    public let content: Content

    public init(path: [String], channel: [String], content: Content) {
        self.path = path
        self.channel = channel
        self.content = content
    }
}
