import HoopxJSON

/// Where a claim stands in a token: `groups`, `realm_access.roles`, `https://example.com/groups`.
///
/// The whole text is tried as a claim's name first; then it is cut at its dots, the longest name first, so that names
/// that hold dots themselves can be addressed.
public struct ClaimPath: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    /// - Returns: nil for an empty text, one of more than 256 bytes, or one with control characters.
    public init?(_ text: String) {
        guard (1...256).contains(text.utf8.count), !text.hasControlCharacters else { return nil }
        description = text
    }

    /// What stands there, or nil.
    public func value(in claims: JSONValue) -> JSONValue? { Self.value(at: description[...], in: claims) }

    private static func value(at path: Substring, in claims: JSONValue) -> JSONValue? {
        if let value = claims[String(path)] { return value }
        var rest = path
        while let dot = rest.lastIndex(of: ".") {
            rest = path[..<dot]
            if let inner = claims[String(rest)], let value = value(at: path[path.index(after: dot)...], in: inner) {
                return value
            }
        }
        return nil
    }
}
