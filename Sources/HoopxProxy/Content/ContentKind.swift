import HoopxMasking
import NIOHTTP1

/// What a body is, by its header fields (RFC 9110, 8.3 and 8.4).
struct ContentKind {
    /// nil where a change would break it, and what it holds cannot be seen: messages in binary frames.
    private(set) var format: BodyFormat?
    /// In the order in which they were applied; none where it is not encoded.
    let codings: [String]

    init(_ headers: HTTPHeaders) {
        codings = headers[canonicalForm: "content-encoding"].map { $0.lowercased() }
            .filter { $0 != "identity" && !$0.isEmpty }
        let contentType = headers.first(name: "content-type")
        let isFramed = contentType.map(Self.isFramed) ?? false
        format = isFramed ? nil : BodyFormat(contentType: contentType, streamedFields: StreamedTexts.all)
    }

    /// What one side calls text or a form may be JSON to the other, which reads it as what it expects: from a bracket or a
    /// quote on, with blanks or a byte order mark before it. Text in which there is no JSON is none the worse for it.
    mutating func look(at first: UInt8?) {
        guard format == .text || format == .form, let first, "{[\" \t\r\n\u{feff}".utf8.contains(first) else { return }
        format = .json
    }

    /// Of a request: no client sends events, and no server expects them.
    mutating func takeEventsForJSON() {
        if case .eventStream? = format { format = .json }
    }

    mutating func takeForJSON() { format = .json }

    private static func isFramed(_ contentType: String) -> Bool {
        let type = contentType.prefix { $0 != ";" && $0 != " " }.lowercased()
        return framedTypes.contains(type) || type.hasPrefix("application/grpc")
    }

    private static let framedTypes: Set<String> = [
        "application/vnd.amazon.eventstream", "application/protobuf", "application/x-protobuf",
    ]
}
