import Crypto
import CryptoExtras
import Foundation

/// A signature algorithm of JOSE (RFC 7518, 3.1; RFC 8037, 3.1) that the loopback identity provider signs with.
public enum SigningAlgorithm: String, CaseIterable, Sendable {
    case rs256 = "RS256"
    case ps256 = "PS256"
    case es256 = "ES256"
    case es384 = "ES384"
    case edDSA = "EdDSA"
}

/// A private key with its algorithm and its name in the key set.
public struct SigningKey: Sendable {
    private enum Private: Sendable {
        case rsa(_RSA.Signing.PrivateKey)
        case p256(P256.Signing.PrivateKey)
        case p384(P384.Signing.PrivateKey)
        case ed25519(Curve25519.Signing.PrivateKey)
    }

    public let id: String
    public let algorithm: SigningAlgorithm
    private let key: Private

    /// Makes a new key.
    ///
    /// - Parameters:
    ///   - id: its `kid`; nil for a random one.
    ///   - rsaBits: the size of an RSA key; under 2048 for what a client must refuse, 1024 at least.
    public init(_ algorithm: SigningAlgorithm, id: String? = nil, rsaBits: Int = 2048) throws {
        self.id = id ?? RandomText.token(bytes: 8)
        self.algorithm = algorithm
        key =
            switch algorithm {
            case .rs256, .ps256: .rsa(try .init(unsafeKeySize: .init(bitCount: rsaBits)))
            case .es256: .p256(.init())
            case .es384: .p384(.init())
            case .edDSA: .ed25519(.init())
            }
    }

    /// The signature of a JWS's signing input, as RFC 7518, 3.3 to 3.5, and RFC 8037, 3.1, have it.
    public func signature(of input: String) throws -> [UInt8] {
        let data = Data(input.utf8)
        switch key {
        case .rsa(let key):
            let padding: _RSA.Signing.Padding = algorithm == .ps256 ? .PSS : .insecurePKCS1v1_5
            return Array(try key.signature(for: SHA256.hash(data: data), padding: padding).rawRepresentation)
        case .p256(let key): return Array(try key.signature(for: data).rawRepresentation)
        case .p384(let key): return Array(try key.signature(for: data).rawRepresentation)
        case .ed25519(let key): return Array(try key.signature(for: data))
        }
    }

    /// The public key as a JWK (RFC 7517), with `kid`, `alg` and `use`.
    public func publicJWK() throws -> JSONDocument {
        var members: [String: JSONDocument] = [
            "kid": .string(id), "alg": .string(algorithm.rawValue), "use": "sig",
        ]
        switch key {
        case .rsa(let key):
            let primitives = try key.publicKey.getKeyPrimitives()
            members["kty"] = "RSA"
            members["n"] = .string(Base64URL.text(primitives.modulus))
            members["e"] = .string(Base64URL.text(primitives.publicExponent))
        case .p256(let key): members.merge(Self.curve("P-256", key.publicKey.rawRepresentation)) { $1 }
        case .p384(let key): members.merge(Self.curve("P-384", key.publicKey.rawRepresentation)) { $1 }
        case .ed25519(let key):
            members["kty"] = "OKP"
            members["crv"] = "Ed25519"
            members["x"] = .string(Base64URL.text(key.publicKey.rawRepresentation))
        }
        return .object(members)
    }

    /// The public key as a PEM file: what an attacker signs with where a verifier confuses HMAC and RSA.
    public var publicPEM: String {
        switch key {
        case .rsa(let key): key.publicKey.pemRepresentation
        case .p256(let key): key.publicKey.pemRepresentation
        case .p384(let key): key.publicKey.pemRepresentation
        case .ed25519(let key): Base64URL.text(key.publicKey.rawRepresentation)
        }
    }

    private static func curve(_ name: String, _ point: Data) -> [String: JSONDocument] {
        let half = point.count / 2
        return [
            "kty": "EC", "crv": .string(name), "x": .string(Base64URL.text(point.prefix(half))),
            "y": .string(Base64URL.text(point.suffix(half))),
        ]
    }
}

/// Base64url without padding (RFC 7515, 2).
public enum Base64URL {
    public static func text(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// - Returns: nil for what is not base64url without padding.
    public static func bytes(_ text: String) -> [UInt8]? {
        guard !text.contains(where: { "+/=".contains($0) }) else { return nil }
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)
        return Data(base64Encoded: plain + padding).map(Array.init)
    }
}

/// Codes and tokens that nobody guesses.
enum RandomText {
    static func token(bytes count: Int = 32) -> String {
        Base64URL.text((0..<count).map { _ in UInt8.random(in: .min ... .max) })
    }

    /// A user code as RFC 8628, 6.1, recommends it: eight consonants, `BCDF-GHJK`.
    static func userCode() -> String {
        let letters = Array("BCDFGHJKLMNPQRSTVWXZ")
        let text = String((0..<8).map { _ in letters[Int.random(in: 0..<letters.count)] })
        return text.prefix(4) + "-" + text.suffix(4)
    }
}
