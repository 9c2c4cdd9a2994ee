import HoopxMasking
import NIOHTTP1

/// What a body is, by its header fields (RFC 9110, 8.3 and 8.4).
struct ContentKind {
    /// nil where a change would break it, and what it holds cannot be seen: messages in binary frames.
    private(set) var format: BodyFormat?
    /// In the order in which they were applied.
    let codings: [String]

    /// - Parameter fields: the texts that a stream of events brings piece by piece.
    init(_ headers: HTTPHeaders, streaming fields: @autoclosure () -> [StreamedField] = []) {
        codings = headers[canonicalForm: "content-encoding"].map { $0.lowercased() }
            .filter { $0 != "identity" && !$0.isEmpty }
        format = Self.format(of: headers.first(name: "content-type"), streaming: fields)
    }

    var isEncoded: Bool { !codings.isEmpty }

    /// What one side calls text may be JSON to the other, which reads it as what it expects.
    mutating func look(at first: UInt8?) {
        if format == .text, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { format = .json }
    }

    mutating func takeForJSON() { format = .json }

    private static func format(of contentType: String?, streaming fields: () -> [StreamedField]) -> BodyFormat? {
        guard let contentType else { return .text }
        let type = contentType.prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" }
        switch type {
        case "application/json", "text/json": return .json
        case "text/event-stream": return .eventStream(fields())
        case "application/x-www-form-urlencoded": return .form
        case "application/vnd.amazon.eventstream", "application/grpc", "application/protobuf",
            "application/x-protobuf":
            return nil
        default:
            if type.hasSuffix("+json") { return .json }
            return type.hasPrefix("application/grpc") ? nil : .text
        }
    }
}
