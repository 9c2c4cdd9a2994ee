import Crypto
import Foundation

/// A workload with a signing key of its own: what an identity platform is to a token service in a test.
public struct TestWorkload: Sendable {
    public let issuer = "https://identity.example.com"
    public let subject: String
    private let key = P256.Signing.PrivateKey()

    public init(subject: String = "repo:acme/agent:ref:refs/heads/main") { self.subject = subject }

    /// A JWT (RFC 7519) with an ES256 signature.
    ///
    /// - Parameter padding: bytes of a further claim, to make it long.
    public func token(audience: String, validFor seconds: Int = 600, padding: Int = 0) throws -> String {
        let now = Int(Date().timeIntervalSince1970)
        let header = jsonText(["alg": "ES256", "kid": "test", "typ": "JWT"])
        var claims: [String: Any] = [
            "iss": issuer, "sub": subject, "aud": audience, "iat": now, "exp": now + seconds, "jti": UUID().uuidString,
        ]
        if padding > 0 { claims["padding"] = String(repeating: "x", count: padding) }
        let signed = Self.encode(Data(header.utf8)) + "." + Self.encode(Data(jsonText(claims).utf8))
        let signature = try key.signature(for: Data(signed.utf8)).rawRepresentation
        return signed + "." + Self.encode(signature)
    }

    /// Why a token service would not take a token, or nil where it would.
    public func refusal(of token: String, audience: String) -> String? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let signature = Self.decode(parts[2]), let payload = Self.decode(parts[1]),
            let signed = try? P256.Signing.ECDSASignature(rawRepresentation: signature),
            let claims = try? JSONSerialization.jsonObject(with: payload) as? [String: Any]
        else { return "the assertion is no JWT" }
        guard key.publicKey.isValidSignature(signed, for: Data("\(parts[0]).\(parts[1])".utf8)) else {
            return "the signature does not verify"
        }
        guard claims["iss"] as? String == issuer else { return "the issuer is not known" }
        guard claims["aud"] as? String == audience else { return "the audience does not match" }
        guard let end = claims["exp"] as? Int, Double(end) > Date().timeIntervalSince1970 else {
            return "the assertion has expired"
        }
        return claims["sub"] as? String == subject ? nil : "the subject does not match the rule"
    }

    private static func encode(_ data: Data) -> String {
        data.base64EncodedString().replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }

    private static func decode(_ text: String) -> Data? {
        let standard = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        return Data(base64Encoded: standard + String(repeating: "=", count: (4 - standard.count % 4) % 4))
    }
}
