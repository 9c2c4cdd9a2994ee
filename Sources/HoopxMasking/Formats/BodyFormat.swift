/// How the content of a body is to be read, once its content encodings are undone.
public enum BodyFormat: Hashable, Sendable {
    case json
    /// Server-sent events (WHATWG HTML, 9.2) whose data is JSON. The fields name texts that go on from event to event.
    case eventStream([StreamedField])
    /// `application/x-www-form-urlencoded`
    case form
    /// Anything else, what is not known included: its bytes are taken for text.
    case text

    /// - Parameters:
    ///   - contentType: the value of `Content-Type` (RFC 9110, 8.3), or nil where there is none.
    ///   - streamedFields: of event streams.
    public init(contentType: String?, streamedFields: [StreamedField] = []) {
        let type = contentType?.prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" } ?? ""
        self =
            switch type {
            case "text/event-stream": .eventStream(streamedFields)
            case "application/x-www-form-urlencoded": .form
            case "application/json", "text/json", "application/x-ndjson", "application/jsonl": .json
            case _ where type.hasSuffix("+json"): .json
            default: .text
            }
    }

    func editing(_ editing: any ValueEditing) -> any BodyEditing {
        switch self {
        case .json: TextEditor(editing, syntax: .json)
        case .form: TextEditor(editing, syntax: .text, coding: .percent)
        case .text: TextEditor(editing, syntax: .text)
        case .eventStream(let fields): EventStreamEditor(editing, fields)
        }
    }
}

/// A text that a stream of JSON events brings piece by piece, so that a value can be split over several events.
public struct StreamedField: Hashable, Sendable {
    public enum Content: Hashable, Sendable {
        case text
        /// The pieces together are a JSON text.
        case json
    }

    /// Stands for each element of an array in a path.
    public static let anyElement = "[]"

    /// Where the piece stands in the event's data: `["delta", "text"]`, `["choices", "[]", "delta", "content"]`.
    public let path: [String]
    /// What tells texts of one stream apart: `["index"]`. Within an array it is looked for in the same element.
    public let channel: [String]
    public let content: Content

    public init(path: [String], channel: [String], content: Content) {
        self.path = path
        self.channel = channel
        self.content = content
    }
}

/// A body that comes piece by piece and goes on with its values replaced.
protocol BodyEditing {
    mutating func append(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8])
    mutating func finish(into output: inout [UInt8])
}

extension TextEditor: BodyEditing {}
extension EventStreamEditor: BodyEditing {}
