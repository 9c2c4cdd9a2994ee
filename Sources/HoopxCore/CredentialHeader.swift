/// How a credential is put on a request: a header's name, and its value with `{token}` where the token goes.
public struct CredentialHeader: Hashable, Sendable {
    public let name: String
    public let format: String

    /// - Returns: nil where the name is no header name (RFC 9110, 5.6.2) or the format has not exactly one `{token}`.
    public init?(name: String, format: String) {
        let isTokenByte: (UInt8) -> Bool = { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
            default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        }
        guard !name.isEmpty, name.utf8.allSatisfy(isTokenByte),
            format.utf8.allSatisfy({ (0x20...0x7e).contains($0) }),
            Self.parts(of: format) != nil
        else { return nil }
        self.name = name
        self.format = format
    }

    private init(trusted name: String, _ format: String) {
        self.name = name
        self.format = format
    }

    public static let bearer = CredentialHeader(trusted: "Authorization", "Bearer {token}")
    /// What the Claude API takes an API key in.
    public static let anthropicAPIKey = CredentialHeader(trusted: "x-api-key", "{token}")

    /// The header's value for a token. The result is as secret as the token.
    public func value(for token: String) -> String {
        guard let (head, tail) = Self.parts(of: format) else { return token }
        return head + token + tail
    }

    private static func parts(of format: String) -> (String, String)? {
        let mark = "{token}"
        var starts: [Substring.Index] = []
        var index = format.startIndex
        while index < format.endIndex {
            if format[index...].hasPrefix(mark) { starts.append(index) }
            index = format.index(after: index)
        }
        guard starts.count == 1, let start = starts.first else { return nil }
        return (String(format[..<start]), String(format[format.index(start, offsetBy: mark.count)...]))
    }
}
