/// The signatures that hoopx takes (RFC 7518, 3.1; RFC 8037, 3.1), as JOSE names them.
///
/// Not `none`, and nothing with a shared secret: whoever can check such a token could have made it.
enum SignatureAlgorithm: String, CaseIterable, Sendable {
    case rs256 = "RS256"
    case ps256 = "PS256"
    case es256 = "ES256"
    case es384 = "ES384"
    case eddsa = "EdDSA"

    /// For errors.
    static let list = "RS256, PS256, ES256, ES384 or EdDSA"
}
