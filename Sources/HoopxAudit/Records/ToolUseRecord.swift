import HoopxCore

/// A tool that a model asked for in the answer to a request.
public struct ToolUseRecord: Hashable, Sendable {
    /// The longest input that is recorded, in bytes; the rest is cut.
    public static let maximumInputLength = 64 << 10

    /// The `RequestRecord.number` in whose answer it stood.
    public let request: Int64
    /// As the API names it: `toolu_01A...`.
    public let id: String
    public let name: String
    /// JSON text, masked; of a truncated one the beginning, which is no JSON.
    public let input: String
    public let isTruncated: Bool
    /// When its answer had been read so far.
    public let usedAt: Timestamp

    /// - Parameter input: JSON text, masked; it is cut at a character where it is longer than `maximumInputLength`.
    public init(
        request: Int64, id: String, name: String, input: String, isTruncated: Bool = false, usedAt: Timestamp = .now()
    ) {
        self.request = request
        self.id = id
        self.name = name
        let bounded = Self.bounded(input)
        self.input = bounded
        self.isTruncated = isTruncated || bounded.utf8.count < input.utf8.count
        self.usedAt = usedAt
    }

    private static func bounded(_ text: String) -> String {
        guard text.utf8.count > maximumInputLength else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: maximumInputLength)
        while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        return String(text[..<end])
    }
}
