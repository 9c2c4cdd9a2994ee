import HoopxCore
import HoopxJSON

/// A token in compact form, taken apart (RFC 7515, 7.1). Nothing of it is verified.
struct TokenParts {
    let header: TokenHeader
    let claims: JSONValue
    /// Both encoded parts with their dot.
    let signed: [UInt8]
    let signature: [UInt8]

    init(_ token: UnverifiedIDToken) throws(TokenFault) {
        let bytes = token.compact.withValue { Array($0.utf8) }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64.decodeURL(parts[0]), let claims = Base64.decodeURL(parts[1]),
            let signature = Base64.decodeURL(parts[2])
        else { throw TokenFault(.malformed, "it is not three parts of base64url") }
        self.header = try TokenHeader(header)
        do {
            self.claims = try JSONValue(json: claims)
        } catch {
            throw TokenFault(.malformed, "its claims cannot be read: \(error)")
        }
        guard case .object = self.claims else { throw TokenFault(.malformed, "its claims are no JSON object") }
        guard !signature.isEmpty else { throw TokenFault(.signature, "it is not signed") }
        signed = Array(bytes[..<parts[1].endIndex])
        self.signature = signature
    }
}
