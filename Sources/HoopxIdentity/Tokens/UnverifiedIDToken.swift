import HoopxCore

/// What somebody says is an ID token: a JWS in compact form (RFC 7515, 7.1) of which nothing has been checked but its
/// size and its characters.
public struct UnverifiedIDToken: Sendable {
    /// In bytes: the longest that token services take as an assertion.
    public static let maximumLength = 16_384

    let compact: Secret

    /// - Parameter text: with at most blanks and line ends around it.
    /// - Returns: nil where it is too long, or cannot be three parts of base64url with dots between them.
    public init?(_ text: String) {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0d).contains($0) }
        var bytes = text.utf8.drop(while: isBlank)
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        let isAllowed: (UInt8) -> Bool = { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x5f, 0x2e: true
            default: false
            }
        }
        guard bytes.count <= Self.maximumLength, bytes.allSatisfy(isAllowed),
            bytes.split(separator: 0x2e, omittingEmptySubsequences: false).count == 3
        else { return nil }
        compact = Secret(String(Substring(bytes)))
    }
}
