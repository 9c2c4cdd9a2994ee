import HoopxCore
import HoopxJSON
import JWTKit

/// A key of an issuer's set (RFC 7517, 4; RFC 7518, 6; RFC 8037, 2), and what it may be used for.
struct IssuerKey: Sendable {
    /// Longer ones take a verifier's time, not a forger's.
    static let moduliInBits = 2_048...8_192

    enum Material: Sendable {
        case rsa(modulus: String, exponent: String)
        case p256(x: String, y: String)
        case p384(x: String, y: String)
        case ed25519(x: String)
    }

    /// Why a key verifies nothing, for an error's text.
    struct Refusal: Error, Hashable { let why: String }

    let id: String?
    let material: Result<Material, Refusal>
    /// The only algorithm that it is for; nil for all of its type.
    let algorithm: SignatureAlgorithm?
    /// The members that were read, for a snapshot.
    let members: [String: JSONValue]

    init(_ members: [String: JSONValue]) {
        let read = ["kid", "kty", "use", "key_ops", "alg", "crv", "n", "e", "x", "y", "d", "k"]
        var kept = members.filter { read.contains($0.key) }
        // That there is one is all that matters.
        for secret in ["d", "k"] where kept[secret] != nil { kept[secret] = .string("") }
        self.members = kept
        id = members["kid"]?.string
        algorithm = members["alg"]?.string.flatMap(SignatureAlgorithm.init)
        do throws(Refusal) {
            material = .success(try Self.material(kept))
        } catch {
            material = .failure(error)
        }
    }

    /// For errors.
    var name: String { id.map { "the key \(ForeignText($0))" } ?? "a key without a name" }

    /// Whether tokens of this algorithm may be verified with it.
    func fits(_ wanted: SignatureAlgorithm) -> Bool {
        guard algorithm == nil || algorithm == wanted, case .success(let material) = material else { return false }
        return switch (material, wanted) {
        case (.rsa, .rs256), (.rsa, .ps256), (.p256, .es256), (.p384, .es384), (.ed25519, .eddsa): true
        default: false
        }
    }

    /// jwt-kit's verifier with this key and this algorithm, and no other.
    func verifier(for wanted: SignatureAlgorithm) async throws(TokenFault) -> any JWTAlgorithm {
        let keys = JWTKeyCollection()
        do {
            switch (try material.get(), wanted) {
            case (.rsa(let modulus, let exponent), .rs256):
                let key = try Insecure.RSA.PublicKey(modulus: modulus, exponent: exponent)
                await keys.add(rsa: key, digestAlgorithm: .sha256)
            case (.rsa(let modulus, let exponent), .ps256):
                let key = try Insecure.RSA.PublicKey(modulus: modulus, exponent: exponent)
                await keys.add(pss: key, digestAlgorithm: .sha256)
            case (.p256(let x, let y), .es256):
                await keys.add(ecdsa: try ES256PublicKey(parameters: (x, y)))
            case (.p384(let x, let y), .es384):
                await keys.add(ecdsa: try ES384PublicKey(parameters: (x, y)))
            case (.ed25519(let x), .eddsa):
                await keys.add(eddsa: try EdDSA.PublicKey(x: x, curve: .ed25519))
            default: break
            }
            return try await keys.getKey()
        } catch {
            throw TokenFault(.key, "\(name) of the issuer is no valid key for \(wanted.rawValue)")
        }
    }

    private static func material(_ members: [String: JSONValue]) throws(Refusal) -> Material {
        if let kid = members["kid"], (kid.string?.utf8.count ?? .max) > TokenHeader.maximumKeyIDLength {
            throw Refusal(why: "its name (kid) is no short text")
        }
        if let use = members["use"], use.string != "sig" {
            throw Refusal(why: "its use is \(ForeignText(use)), expected \"sig\"")
        }
        if let operations = members["key_ops"], operations.array?.contains(.string("verify")) != true {
            throw Refusal(why: "it is not for verifying (key_ops)")
        }
        if let name = members["alg"], name.string.flatMap(SignatureAlgorithm.init) == nil {
            throw Refusal(why: "it is for \(ForeignText(name)), expected \(SignatureAlgorithm.list)")
        }
        if members["d"] != nil || members["k"] != nil {
            throw Refusal(why: "it is a secret key, which anybody could sign with")
        }
        switch (members["kty"]?.string, members["crv"]?.string) {
        case ("RSA", _): return try rsa(members)
        case ("EC", "P-256"):
            return .p256(x: try coordinate("x", members, length: 32), y: try coordinate("y", members, length: 32))
        case ("EC", "P-384"):
            return .p384(x: try coordinate("x", members, length: 48), y: try coordinate("y", members, length: 48))
        case ("OKP", "Ed25519"): return .ed25519(x: try coordinate("x", members, length: 32))
        default:
            let curve = members["crv"].map { " on \(ForeignText($0))" } ?? ""
            throw Refusal(
                why:
                    "it is of type \(ForeignText(members["kty"]))\(curve), expected RSA, EC (P-256, P-384) or OKP (Ed25519)"
            )
        }
    }

    private static func rsa(_ members: [String: JSONValue]) throws(Refusal) -> Material {
        guard let modulus = members["n"]?.string, let exponent = members["e"]?.string,
            let n = Base64.decodeURL(modulus.utf8)?.drop(while: { $0 == 0 }),
            let e = Base64.decodeURL(exponent.utf8)?.drop(while: { $0 == 0 })
        else { throw Refusal(why: "its modulus or exponent (n, e) is not base64url") }
        let bits = n.count * 8 - (n.first?.leadingZeroBitCount ?? 0)
        guard moduliInBits.contains(bits) else {
            throw Refusal(
                why: "its modulus has \(bits) bits, expected \(moduliInBits.lowerBound) to \(moduliInBits.upperBound)")
        }
        // An exponent of 1 leaves the message as its own signature.
        guard let last = e.last, last & 1 == 1, e.count <= 4, e.elementsEqual([1]) == false, n.last.map({ $0 & 1 }) == 1
        else { throw Refusal(why: "its exponent is no odd number from 3 to 2^32, or its modulus is even") }
        return .rsa(modulus: modulus, exponent: exponent)
    }

    private static func coordinate(
        _ name: String, _ members: [String: JSONValue], length: Int
    ) throws(Refusal) -> String {
        guard let text = members[name]?.string, Base64.decodeURL(text.utf8)?.count == length else {
            throw Refusal(why: "its coordinate \(name) is not \(length) bytes in base64url")
        }
        return text
    }
}
