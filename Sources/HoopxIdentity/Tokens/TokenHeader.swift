import HoopxJSON

/// What a token's header says of its signature (RFC 7515, 4). Keys that it carries or points to (`jwk`, `jku`, `x5c`,
/// `x5u`) are never looked at.
struct TokenHeader: Hashable, Sendable {
    /// In bytes, decoded.
    static let maximumLength = 4_096
    static let maximumKeyIDLength = 256

    let algorithm: SignatureAlgorithm
    let keyID: String?

    init(_ bytes: [UInt8]) throws(TokenFault) {
        guard bytes.count <= Self.maximumLength else {
            throw TokenFault(.malformed, "its header is longer than \(Self.maximumLength) bytes")
        }
        let header: JSONValue
        do {
            header = try JSONValue(json: bytes)
        } catch {
            throw TokenFault(.malformed, "its header cannot be read: \(error)")
        }
        guard case .object = header else { throw TokenFault(.malformed, "its header is no JSON object") }
        guard header["crit"] == nil else {
            throw TokenFault(.malformed, "its header demands extensions (crit), expected none")
        }
        guard Self.isIDTokenType(header["typ"]) else {
            throw TokenFault(.malformed, "expected a token of type JWT, found \(ForeignText(header["typ"]))")
        }
        guard let name = header["alg"]?.string,
            let algorithm = SignatureAlgorithm.allCases.first(where: { $0.rawValue.isIdentical(to: name) })
        else {
            throw TokenFault(
                .algorithm,
                "expected a signature by \(SignatureAlgorithm.list), found \(ForeignText(header["alg"]))",
                hint: "have the identity provider sign this client's ID tokens with one of these algorithms")
        }
        self.algorithm = algorithm
        switch header["kid"] {
        case nil: keyID = nil
        // The record and JSON output hold it as it is.
        case .string(let text)? where text.utf8.count <= Self.maximumKeyIDLength && !text.hasControlCharacters:
            keyID = text
        default:
            throw TokenFault(
                .malformed,
                "the key's name (kid) in its header is no text of at most \(Self.maximumKeyIDLength) bytes without "
                    + "control characters")
        }
    }

    /// RFC 8725, 3.11: an access or logout token of the same issuer names its type, and is no ID token.
    private static func isIDTokenType(_ type: JSONValue?) -> Bool {
        guard let type else { return true }
        return ["jwt", "application/jwt", "jose"].contains(type.string?.lowercased())
    }
}
