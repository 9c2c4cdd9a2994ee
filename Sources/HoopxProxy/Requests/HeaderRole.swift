/// What a header field of a request means to the proxy; found without allocating, for each field of each request.
enum HeaderRole {
    case host, contentLength, transferEncoding, connection, upgrade
    /// Holds for one hop only (RFC 9110, 7.6.1) and is never forwarded.
    case hopByHop
    /// May hold a credential: never forwarded, and refused unless it holds the run's placeholder.
    case credential
    /// Never forwarded. Cookies come from earlier answers of the upstream, so they are dropped without a word.
    case cookie
    case endToEnd

    init(_ name: String) {
        let length = name.utf8.count
        guard length < Self.byLength.count else {
            self = .endToEnd
            return
        }
        self = Self.byLength[length].first { $0.name.isEqualIgnoringCase(to: name) }?.role ?? .endToEnd
    }

    private static let all: [(name: String, role: HeaderRole)] = [
        ("host", .host), ("content-length", .contentLength), ("transfer-encoding", .transferEncoding),
        ("connection", .connection), ("upgrade", .upgrade),
        ("keep-alive", .hopByHop), ("proxy-connection", .hopByHop), ("te", .hopByHop), ("http2-settings", .hopByHop),
        ("proxy-authorization", .hopByHop), ("proxy-authenticate", .hopByHop),
        ("authorization", .credential), ("x-api-key", .credential), ("api-key", .credential),
        ("x-goog-api-key", .credential), ("x-auth-token", .credential), ("x-access-token", .credential),
        ("private-token", .credential), ("job-token", .credential), ("x-amz-security-token", .credential),
        ("ocp-apim-subscription-key", .credential), ("x-functions-key", .credential),
        ("cookie", .cookie), ("cookie2", .cookie),
    ]

    private static let byLength: [[(name: String, role: HeaderRole)]] = {
        let longest = all.map(\.name.utf8.count).max() ?? 0
        var table = [[(name: String, role: HeaderRole)]](repeating: [], count: longest + 1)
        for entry in all { table[entry.name.utf8.count].append(entry) }
        return table
    }()
}

extension String {
    /// ASCII case does not matter in header names (RFC 9110, 5.1).
    func isEqualIgnoringCase(to other: String) -> Bool {
        utf8.count == other.utf8.count
            && zip(utf8, other.utf8).allSatisfy { mine, theirs in
                mine == theirs || (mine | 0x20 == theirs | 0x20 && (0x61...0x7a).contains(mine | 0x20))
            }
    }
}
