import Crypto
import Foundation

/// ID tokens signed by a key that a test made (ES256), for services that verify them themselves.
public struct TestIdentityToken: Sendable {
    private let key = P256.Signing.PrivateKey()
    public let issuer: String

    public init(issuer: String = "https://login.example.com") { self.issuer = issuer }

    /// What a service verifies them with.
    public var publicKeyPEM: String { key.publicKey.pemRepresentation }

    public func make(subject: String, audience: String, lifetime: TimeInterval = 300) throws -> String {
        let now = Int(Date().timeIntervalSince1970)
        let header = #"{"alg":"ES256","typ":"JWT"}"#
        let claims = """
            {"iss":"\(issuer)","sub":"\(subject)","aud":"\(audience)","iat":\(now),"nbf":\(now),\
            "exp":\(now + Int(lifetime))}
            """
        let signed = Self.encoded(Data(header.utf8)) + "." + Self.encoded(Data(claims.utf8))
        return signed + "." + Self.encoded(try key.signature(for: Data(signed.utf8)).rawRepresentation)
    }

    private static func encoded(_ data: Data) -> String {
        data.base64EncodedString().replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }
}
