import Crypto
import Foundation
import HoopxCore
import HoopxJSON
import Testing

@testable import HoopxIdentity

struct IDTokenVerifierTests {
    @Test func eachAlgorithmVerifies() async throws {
        let keys = try TestKey.each()
        try await TestIssuer.run(keys) { issuer in
            let verifier = try issuer.verifier()
            for key in keys {
                let text = try key.token(issuer.claims(["groups": ["a", "b"]]))
                let token = try await verifier.verify(try #require(UnverifiedIDToken(text)))
                #expect(token.algorithm == key.algorithm)
                #expect(token.keyID == key.id)
                #expect(token.subject == "u-1")
                #expect(token.issuer == issuer.url)
                #expect(token.audience == ["hoopx"])
                #expect(token.claims["groups"] == ["a", "b"])
                #expect(token.issuedAt == issuer.clock.timestamp())
                #expect(token.token.withValue { $0 } == text)
            }
            #expect(issuer.keyFetches == 1)
            #expect(issuer.count(TestIssuer.discoveryPath) == 1)
        }
    }

    @Test func aSignatureByAnotherKeyIsRefused() async throws {
        for (key, forger) in zip(
            [TestKey.p256("k"), .p384("k"), .ed25519("k")], [TestKey.p256("k"), .p384("k"), .ed25519("k")])
        {
            try await TestIssuer.run([key]) { issuer in
                let verifier = try issuer.verifier()
                #expect(await reason(verifier, try forger.token(issuer.claims([:]))) == .signature)
                #expect(await reason(verifier, try key.token(issuer.claims([:]))) == nil)
            }
        }
    }

    @Test func changedClaimsAreRefused() async throws {
        let key = TestKey.p256()
        try await TestIssuer.run([key]) { issuer in
            let parts = try key.token(issuer.claims([:])).split(separator: ".")
            let other = base64url(Array(issuer.claims(["sub": "root"]).json.utf8))
            #expect(await reason(try issuer.verifier(), "\(parts[0]).\(other).\(parts[2])") == .signature)
        }
    }

    @Test(arguments: [
        "none", "None", "NONE", "", "HS256", "HS384", "HS512", "RS384", "RS512", "ES512", "es256", "ES256K",
    ])
    func otherAlgorithmsAreRefused(name: String) async throws {
        let key = TestKey.p256()
        try await TestIssuer.run([key]) { issuer in
            let token = try key.token(issuer.claims([:]), header: ["alg": .string(name)])
            #expect(await reason(try issuer.verifier(), token) == .algorithm)
            #expect(issuer.keyFetches == 0)
        }
    }

    @Test func aTokenWithoutSignatureIsRefused() async throws {
        let key = TestKey.p256()
        try await TestIssuer.run([key]) { issuer in
            let signed = try key.token(issuer.claims([:])).split(separator: ".").prefix(2).joined(separator: ".")
            #expect(await reason(try issuer.verifier(), signed + ".") == .signature)
            let header = base64url(Array(#"{"alg":"none"}"#.utf8))
            let claims = signed.split(separator: ".")[1]
            #expect(await reason(try issuer.verifier(), "\(header).\(claims).") == .algorithm)
        }
    }

    /// The classic confusion: the public key, in any of its spellings, as the secret of an HMAC.
    @Test func aPublicKeyIsNoSharedSecret() async throws {
        let key = try TestKey.rsa()
        try await TestIssuer.run([key]) { issuer in
            let modulus = try #require(key.jwk["n"]?.string)
            for secret in [Array(modulus.utf8), try #require(Base64.decodeURL(modulus.utf8))] {
                let forger = TestKey("HS256", key.id, [:]) { bytes in
                    Array(HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: secret)))
                }
                for name in ["HS256", "RS256"] {
                    let token = try forger.token(issuer.claims([:]), header: ["alg": .string(name)])
                    #expect(
                        await reason(try issuer.verifier(), token) == (name == "HS256" ? .algorithm : .signature))
                }
            }
        }
    }

    @Test func anAlgorithmThatDoesNotFitTheKeyIsRefused() async throws {
        let keys = try TestKey.each()
        try await TestIssuer.run(keys) { issuer in
            let verifier = try issuer.verifier()
            for key in keys {
                for other in SignatureAlgorithm.allCases.map(\.rawValue) where other != key.algorithm {
                    // One RSA key can be for both RSA algorithms; then the signature decides.
                    let isRSA = ["RS256", "PS256"].contains(key.algorithm) && ["RS256", "PS256"].contains(other)
                    let token = try key.token(issuer.claims([:]), header: ["alg": .string(other)])
                    #expect(await reason(verifier, token) == (isRSA ? .signature : .algorithm))
                }
            }
        }
    }

    @Test func theKeysOwnAlgorithmIsTheOnlyOne() async throws {
        let key = try TestKey.rsa("k", algorithm: "PS256").with(["alg": "RS256"])
        try await TestIssuer.run([key]) { issuer in
            let found = await reason(try issuer.verifier(), try key.token(issuer.claims([:])))
            #expect(found == .algorithm)
        }
    }

    @Test func aKeyInTheHeaderIsNeverUsed() async throws {
        let key = TestKey.p256("k")
        let forger = TestKey.p256("k")
        try await TestIssuer.run([key]) { issuer in
            let header: [String: JSONValue] = [
                "jwk": .object(forger.jwk), "jku": .string(issuer.url + "/forged"), "x5u": .string(issuer.url + "/x"),
            ]
            let found = await reason(try issuer.verifier(), try forger.token(issuer.claims([:]), header: header))
            #expect(found == .signature)
            #expect(issuer.count("/forged") == 0)
        }
    }

    @Test(arguments: [
        #"{"alg":"ES256","kid":"p256","crit":["exp"]}"#, #"{"alg":"ES256","alg":"ES256","kid":"p256"}"#,
        #"{"alg":"ES256","kid":7}"#, #"{"alg":"ES256","kid":null}"#, #"{"alg":"ES256","kid":"p\u009b31m256"}"#,
        #"["ES256"]"#, #"{"alg":"ES256""#, "",
        #"{"alg":"ES256","kid":"p256","typ":"at+jwt"}"#, #"{"alg":"ES256","kid":"p256","typ":"logout+jwt"}"#,
        #"{"alg":"ES256","kid":""# + String(repeating: "k", count: 257) + #""}"#,
        #"{"alg":"ES256","kid":"p256","pad":""# + String(repeating: "x", count: 4_096) + #""}"#,
    ])
    func aHostileHeaderIsRefused(header: String) async throws {
        let key = TestKey.p256()
        try await TestIssuer.run([key]) { issuer in
            let token = try key.token(header: header, claims: issuer.claims([:]).json)
            #expect(await reason(try issuer.verifier(), token) == .malformed)
        }
    }

    @Test func claimsThatStandTwiceAreRefused() async throws {
        let key = TestKey.p256()
        try await TestIssuer.run([key]) { issuer in
            let claims = issuer.claims([:]).json.dropLast() + #","sub":"root"}"#
            let token = try key.token(header: #"{"alg":"ES256","kid":"p256"}"#, claims: String(claims))
            #expect(await failure(try issuer.verifier(), token).contains(#"it has the member "sub" twice"#))
        }
    }

    @Test func theErrorOfAForeignTokenNamesBothIssuersAndAsksNobody() async throws {
        let key = TestKey.p256("other")
        try await TestIssuer.run([TestKey.p256()]) { issuer in
            let token = try key.token(issuer.claims(["iss": "https://evil.example.com"]))
            let text = await failure(try issuer.verifier(), token)
            #expect(
                text == "verifying the ID token of \(issuer.url): expected issuer \"\(issuer.url)\", "
                    + "found \"https://evil.example.com\"")
            #expect(issuer.keyFetches == 0)
        }
    }

    @Test func anIssuerIsComparedByItsBytes() async throws {
        let key = TestKey.p256()
        try await TestIssuer.run([key]) { issuer in
            // The sign for Kelvin is the letter K to Swift's ==.
            let url = issuer.url + "/K"
            let found = issuer.claims(["iss": .string(issuer.url + "/\u{212a}")])
            #expect("/K" == "/\u{212a}")
            let verifier = try issuer.verifier(try issuer.issuer(url))
            #expect(await reason(verifier, try key.token(found)) == .issuer)
        }
    }

    @Test func noErrorHoldsAPartOfTheToken() async throws {
        let key = TestKey.p256()
        try await TestIssuer.run([key]) { issuer in
            let verifier = try issuer.verifier()
            let changes: [[String: JSONValue?]] = [
                ["aud": "other"], ["exp": 5], ["exp": "x"], ["sub": ""], ["sub": nil], ["azp": "x"], ["iss": "x"],
            ]
            for change in changes {
                let token = try key.token(issuer.claims(change))
                let error = await failure(verifier, token)
                #expect(error.hasPrefix("verifying the ID token of \(issuer.url): "))
                for part in token.split(separator: ".") { #expect(!error.contains(part.prefix(12))) }
            }
        }
    }
}
