import Crypto
import Foundation

/// How a token is signed: properly, or in one of the ways that a client must refuse.
public enum TokenSignature: Sendable {
    case key(SigningKey)
    /// `alg: none` and an empty signature (RFC 7519, 6).
    case none
    /// HS256 with these bytes as the secret, such as a public key's PEM.
    case hmac([UInt8], keyID: String?)
    /// The algorithm in the header is another than the one that the key signed with.
    case mislabelled(SigningKey, algorithm: String)
    /// One bit of the signature is another.
    case corrupted(SigningKey)
}

/// Makes compact JWS (RFC 7515, 7.1) of any claims.
enum TokenMint {
    /// - Parameter header: members that are added to the header or put in the place of its own; nil takes one out.
    static func token(
        claims: JSONDocument, signature: TokenSignature, header changes: [String: JSONDocument?] = [:]
    ) throws -> String {
        var header: [String: JSONDocument] = ["typ": "JWT"]
        switch signature {
        case .key(let key), .corrupted(let key):
            header["alg"] = .string(key.algorithm.rawValue)
            header["kid"] = .string(key.id)
        case .mislabelled(let key, let algorithm):
            header["alg"] = .string(algorithm)
            header["kid"] = .string(key.id)
        case .none: header["alg"] = "none"
        case .hmac(_, let keyID):
            header["alg"] = "HS256"
            header["kid"] = keyID.map { .string($0) }
        }
        for (name, value) in changes { header[name] = value }
        let input = Base64URL.text(JSONDocument.object(header).text.utf8) + "." + Base64URL.text(claims.text.utf8)
        return try input + "." + Base64URL.text(bytes(of: signature, input))
    }

    private static func bytes(of signature: TokenSignature, _ input: String) throws -> [UInt8] {
        switch signature {
        case .key(let key), .mislabelled(let key, _): return try key.signature(of: input)
        case .none: return []
        case .hmac(let secret, _):
            let code = HMAC<SHA256>.authenticationCode(for: Data(input.utf8), using: SymmetricKey(data: secret))
            return Array(code)
        case .corrupted(let key):
            var bytes = try key.signature(of: input)
            bytes[bytes.count / 2] ^= 1
            return bytes
        }
    }
}
