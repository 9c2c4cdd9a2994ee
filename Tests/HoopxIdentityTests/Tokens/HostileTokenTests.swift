import HoopxCore
import HoopxJSON
import Testing

@testable import HoopxIdentity

/// Thousands of tokens that are not quite tokens: none verifies, none crashes. Each run tries others; what fails is shown.
struct HostileTokenTests {
    @Test func noBitOfASignatureCanBeChanged() async throws {
        let keys = try TestKey.each()
        try await TestIssuer.run(keys) { issuer in
            let verifier = try issuer.verifier()
            for key in keys {
                let token = try key.token(issuer.claims([:]))
                let parts = token.split(separator: ".").map(String.init)
                let signature = try #require(Base64.decodeURL(parts[2].utf8))
                for _ in 0..<64 {
                    var changed = signature
                    changed[Int.random(in: changed.indices)] ^= 1 << UInt8.random(in: 0..<8)
                    let hostile = parts[0] + "." + parts[1] + "." + base64url(changed)
                    #expect(await reason(verifier, hostile) == .signature, "\(hostile)")
                }
                #expect(await reason(verifier, token) == nil)
            }
        }
    }

    @Test func noCharacterOfATokenCanBeChanged() async throws {
        let key = TestKey.p256()
        try await TestIssuer.run([key]) { issuer in
            let verifier = try issuer.verifier()
            let token = Array(try key.token(issuer.claims([:])).utf8)
            let alphabet = Array("ABCXYZabcxyz0189-_.".utf8)
            for index in token.indices {
                var changed = token
                repeat { changed[index] = alphabet.randomElement() ?? 0x41 } while changed[index] == token[index]
                let hostile = String(decoding: changed, as: UTF8.self)
                #expect(await reason(verifier, hostile) != nil, "\(hostile)")
            }
        }
    }

    @Test func noPieceOfATokenVerifies() async throws {
        let key = TestKey.p256()
        try await TestIssuer.run([key]) { issuer in
            let verifier = try issuer.verifier()
            let token = try key.token(issuer.claims([:]))
            for length in 0..<token.utf8.count {
                let hostile = String(token.prefix(length))
                #expect(await reason(verifier, hostile) != nil, "\(hostile)")
                #expect(await reason(verifier, String(token.dropFirst(length + 1))) != nil)
            }
            for more in ["A", "AA", "AAA", "AAAA"] { #expect(await reason(verifier, token + more) != nil) }
        }
    }

    @Test func noiseVerifiesNowhere() async throws {
        let key = TestKey.p256()
        try await TestIssuer.run([key]) { issuer in
            let verifier = try issuer.verifier()
            let header = try key.token(issuer.claims([:])).prefix { $0 != "." }
            for _ in 0..<500 {
                let parts = (0..<3).map { _ in
                    base64url((0..<Int.random(in: 0..<200)).map { _ in UInt8.random(in: 0...255) })
                }
                let noise = parts.joined(separator: ".")
                #expect(await reason(verifier, noise) != nil, "\(noise)")
                let behind = "\(header).\(parts[1]).\(parts[2])"
                #expect(await reason(verifier, behind) != nil, "\(behind)")
            }
        }
    }

    /// Signed claims that are JSON of any shape: only the checks of the claims stand in their way.
    @Test func claimsOfAnyShapeAreReadOrRefused() async throws {
        let key = TestKey.ed25519()
        try await TestIssuer.run([key]) { issuer in
            let verifier = try issuer.verifier()
            let names = ["iss", "sub", "aud", "azp", "exp", "iat", "nbf", "groups"]
            for _ in 0..<300 {
                var claims = issuer.claims
                for name in names where Bool.random() { claims[name] = Self.anything() }
                let token = try key.token(.object(claims))
                _ = await reason(verifier, token)
            }
        }
    }

    private static func anything(depth: Int = 0) -> JSONValue {
        switch Int.random(in: 0..<(depth > 3 ? 4 : 6)) {
        case 0: .null
        case 1: .bool(.random())
        case 2: .number([0, -1, 1e308, -1e308, 1e-300, 1.8e9, 9e15, 0.1].randomElement() ?? 0)
        case 3:
            .string(["", "hoopx", "\u{0}", "\u{202e}", "😀", String(repeating: "x", count: 300)].randomElement() ?? "")
        case 4: .array((0..<Int.random(in: 0..<4)).map { _ in anything(depth: depth + 1) })
        default: .object(["hoopx": anything(depth: depth + 1)])
        }
    }
}
