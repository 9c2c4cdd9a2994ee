import Crypto
import CryptoExtras
import Foundation
import HoopxCore
import HoopxJSON

@testable import HoopxIdentity

/// A key pair that tokens are made with, and what an issuer publishes of it.
struct TestKey: Sendable {
    let algorithm: String
    /// As the issuer publishes it; a test may change members.
    var jwk: [String: JSONValue]
    let sign: @Sendable ([UInt8]) throws -> [UInt8]

    // Made once: the search for primes takes time.
    private static let rsaPair = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }

    static func rsa(_ id: String? = "rsa", algorithm: String = "RS256") throws -> TestKey {
        let pair = try rsaPair.get()
        let numbers = try pair.publicKey.getKeyPrimitives()
        let padding: _RSA.Signing.Padding = algorithm == "PS256" ? .PSS : .insecurePKCS1v1_5
        let jwk = ["kty": "RSA", "n": base64url(numbers.modulus), "e": base64url(numbers.publicExponent)]
        return TestKey(algorithm, id, jwk) { bytes in
            Array(try pair.signature(for: SHA256.hash(data: bytes), padding: padding).rawRepresentation)
        }
    }

    static func p256(_ id: String? = "p256") -> TestKey {
        let pair = P256.Signing.PrivateKey()
        let point = pair.publicKey.rawRepresentation
        let jwk = [
            "kty": "EC", "crv": "P-256", "x": base64url(point.prefix(32)), "y": base64url(point.suffix(32)),
        ]
        return TestKey("ES256", id, jwk) { Array(try pair.signature(for: $0).rawRepresentation) }
    }

    static func p384(_ id: String? = "p384") -> TestKey {
        let pair = P384.Signing.PrivateKey()
        let point = pair.publicKey.rawRepresentation
        let jwk = [
            "kty": "EC", "crv": "P-384", "x": base64url(point.prefix(48)), "y": base64url(point.suffix(48)),
        ]
        return TestKey("ES384", id, jwk) { Array(try pair.signature(for: $0).rawRepresentation) }
    }

    static func ed25519(_ id: String? = "ed") -> TestKey {
        let pair = Curve25519.Signing.PrivateKey()
        let jwk = ["kty": "OKP", "crv": "Ed25519", "x": base64url(pair.publicKey.rawRepresentation)]
        return TestKey("EdDSA", id, jwk) { Array(try pair.signature(for: $0)) }
    }

    /// One for each algorithm that hoopx takes.
    static func each() throws -> [TestKey] {
        [try rsa(), try rsa("pss", algorithm: "PS256"), p256(), p384(), ed25519()]
    }

    init(
        _ algorithm: String, _ id: String?, _ jwk: [String: String],
        sign: @escaping @Sendable ([UInt8]) throws -> [UInt8]
    ) {
        self.algorithm = algorithm
        self.jwk = jwk.mapValues { .string($0) }
        self.jwk["kid"] = id.map { .string($0) }
        self.sign = sign
    }

    var id: String? { jwk["kid"]?.string }

    /// With members of its JWK replaced.
    func with(_ members: [String: JSONValue]) -> TestKey {
        var key = self
        key.jwk.merge(members) { $1 }
        return key
    }

    /// A token in compact form, whatever it says.
    func token(_ claims: JSONValue, header: [String: JSONValue] = [:]) throws -> String {
        var members: [String: JSONValue] = ["alg": .string(algorithm), "typ": .string("JWT")]
        members["kid"] = id.map { .string($0) }
        members.merge(header) { $1 }
        return try token(header: JSONValue.object(members).json, claims: claims.json)
    }

    func token(header: String, claims: String) throws -> String {
        let signed = base64url(Array(header.utf8)) + "." + base64url(Array(claims.utf8))
        return signed + "." + base64url(try sign(Array(signed.utf8)))
    }
}

func base64url(_ bytes: some Sequence<UInt8>) -> String {
    Data(Array(bytes)).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
        "=", with: "")
}
