import HoopxCore

/// The target of a request line, taken apart (RFC 9112, 3.2).
struct RequestTarget: Equatable {
    /// The host of an absolute-form target; nil for an origin-form one.
    let authority: Destination?
    /// Begins with a slash.
    let path: String
    /// Without the question mark; nil where there is none.
    var query: String?

    /// - Returns: nil for the asterisk and authority forms, for bytes that a URL cannot hold, for a fragment, and for
    ///   dot segments, encoded or not: a server would read them as another path than a rule does.
    init?(_ text: String) {
        guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && !Self.forbidden.contains($0) }) else { return nil }
        var rest = Substring(text)
        if text.hasPrefix("/") {
            authority = nil
        } else if text.utf8.count > 7, text.prefix(7).lowercased() == "http://" {
            rest = rest.dropFirst(7)
            let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
            guard let destination = Destination(authority: String(rest[..<end]), defaultPort: 80) else { return nil }
            authority = destination
            rest = rest[end...]
            if !rest.hasPrefix("/") { rest = "/" + rest }
        } else {
            return nil
        }
        if let mark = rest.utf8.firstIndex(of: UInt8(ascii: "?")) {
            path = String(rest[..<mark])
            query = String(rest[rest.index(after: mark)...])
        } else {
            path = String(rest)
            query = nil
        }
        guard !Self.hasDotSegment(path) else { return nil }
    }

    /// The origin form, as it is sent upstream.
    var originForm: String { query.map { path + "?" + $0 } ?? path }

    private static let forbidden: [UInt8] = Array(#"#\<>"^`{}|"#.utf8)

    private static func hasDotSegment(_ path: String) -> Bool {
        guard path.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "%") }) else { return false }
        return path.split(separator: "/").contains { segment in
            guard segment.utf8.count <= 6 else { return false }
            let decoded = segment.lowercased().split(separator: "%2e", omittingEmptySubsequences: false)
                .joined(separator: ".")
            return decoded == "." || decoded == ".."
        }
    }
}
