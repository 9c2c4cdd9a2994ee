import HoopxCore
import HoopxJSON
import Testing

@testable import HoopxIdentity

struct KeySetTests {
    private func set(_ keys: [TestKey]) throws(DocumentFault) -> KeySet {
        try KeySet(["keys": .array(keys.map { .object($0.jwk) })])
    }

    private func header(_ algorithm: String, _ id: String? = nil) throws -> TokenHeader {
        var members: [String: JSONValue] = ["alg": .string(algorithm)]
        members["kid"] = id.map { .string($0) }
        return try TokenHeader(Array(JSONValue.object(members).json.utf8))
    }

    /// Why the set gives no key for it; nil where it gives one, or has none.
    private func fault(_ set: KeySet, _ algorithm: String, _ id: String? = nil) throws -> TokenFault? {
        do {
            _ = try set.key(for: try header(algorithm, id))
            return nil
        } catch let fault as TokenFault {
            return fault
        }
    }

    @Test func eachKeyIsFoundByItsName() throws {
        let keys = try TestKey.each()
        let set = try set(keys)
        for key in keys { #expect(try set.key(for: header(key.algorithm, key.id))?.id == key.id) }
        #expect(try set.key(for: header("ES256", "unknown")) == nil)
    }

    @Test func aNameThatStandsTwiceSpoilsTheSet() throws {
        #expect(throws: DocumentFault(#"expected each key to have its own name (kid), found "k" twice"#)) {
            try set([.p256("k"), .p384("k")])
        }
        #expect(throws: DocumentFault.self) { try set([.p256("k"), .p256("k").with(["use": "enc"])]) }
        _ = try set([.p256(nil), .p256(nil)])
    }

    @Test func whatIsNoSetIsRefused() throws {
        for document: JSONValue in [[:], [], ["keys": [:]], ["keys": .null], ["keys": ["x"]], ["keys": [[]]]] {
            #expect(throws: DocumentFault.self) { try KeySet(document) }
        }
        #expect(try KeySet(["keys": []]).keys.isEmpty)
        #expect(try set((0..<100).map { _ in .ed25519(nil) }).keys.count == 100)
        #expect(throws: DocumentFault("expected at most 100 keys, found 101")) {
            try set((0..<101).map { _ in .ed25519(nil) })
        }
    }

    @Test func withoutANameTheOnlyFittingKeyIsMeant() throws {
        let set = try set([.p256("a"), .p384("b"), .p384("c"), .p256("d").with(["use": "enc"]), TestKey.rsa("e")])
        #expect(try set.key(for: header("ES256"))?.id == "a")
        #expect(try set.key(for: header("RS256"))?.id == "e")
        #expect(try set.key(for: header("EdDSA")) == nil)
        let fault = try fault(set, "ES384")
        #expect(fault?.reason == .key)
        #expect(fault?.found == "it names no key (kid), and 2 keys of the issuer fit ES384")
    }

    @Test func aKeyForAnotherUseIsNamedInVain() throws {
        let cases: [([String: JSONValue], String)] = [
            (["use": "enc"], "its use is \"enc\""), (["use": 1], "its use is the number 1"),
            (["key_ops": ["sign"]], "key_ops"), (["key_ops": "verify"], "key_ops"),
            (["alg": "ES512"], "it is for \"ES512\""), (["alg": "HS256"], "it is for \"HS256\""),
            (["alg": "RSA-OAEP"], "it is for \"RSA-OAEP\""), (["alg": 256], "it is for the number 256"),
            (["kty": "oct"], "it is of type \"oct\""), (["kty": "RSA"], "modulus"), (["kty": 1], "it is of type"),
            (["crv": "P-521"], "it is of type \"EC\" on \"P-521\""), (["crv": "secp256k1"], "\"secp256k1\""),
            (["crv": "P-384"], "its coordinate x is not 48 bytes"), (["y": ""], "its coordinate y is not 32 bytes"),
            (["d": "AAAA"], "it is a secret key"),
        ]
        for (members, why) in cases {
            let set = try set([TestKey.p256("k").with(members), .p256("good")])
            let found = try fault(set, "ES256", "k")
            #expect(found?.reason == .key)
            #expect(found?.found.contains(why) == true, "\(found?.found ?? "") for \(members)")
            #expect(try set.key(for: header("ES256"))?.id == "good")
        }
        #expect(try fault(set([TestKey.p256("k").with(["key_ops": ["verify"], "use": "sig"])]), "ES256", "k") == nil)
    }

    @Test func aSharedSecretIsNeverAKey() throws {
        let secret = TestKey("HS256", "k", ["kty": "oct", "k": "AAAA"]) { $0 }
        #expect(try fault(set([secret]), "ES256", "k")?.found.contains("it is a secret key") == true)
        #expect(try set([secret]).document.json.contains("AAAA") == false)
    }

    @Test func aWeakRSAKeyIsRefused() throws {
        let good = try TestKey.rsa("k")
        for (bits, isGood) in [
            (512, false), (1_024, false), (2_047, false), (2_048, true), (8_192, true), (8_193, false),
        ] {
            var modulus = [UInt8](repeating: 0xff, count: (bits + 7) / 8)
            if bits % 8 != 0 { modulus[0] = 0xff >> (8 - UInt8(bits % 8)) }
            // As some issuers write it, with a zero in front.
            for bytes in [modulus, [0] + modulus] {
                let found = try fault(set([good.with(["n": .string(base64url(bytes))])]), "RS256", "k")
                #expect((found == nil) == isGood, "\(bits) bits")
                if !isGood {
                    #expect(found?.found.contains("its modulus has \(bits) bits, expected 2048 to 8192") == true)
                }
            }
        }
    }

    @Test func anRSAKeyWithAnUnsafeExponentIsRefused() throws {
        let good = try TestKey.rsa("k")
        for bytes: [UInt8] in [[], [0], [1], [0, 0, 1], [2], [1, 0, 0], [1, 0, 0, 0, 1]] {
            let found = try fault(set([good.with(["e": .string(base64url(bytes))])]), "RS256", "k")
            #expect(found?.reason == .key)
        }
        for text in ["AQAB=", "AQA+", "A", "ä"] {
            #expect(try fault(set([good.with(["e": .string(text)])]), "RS256", "k")?.reason == .key)
        }
        var even = try #require(Base64.decodeURL(good.jwk["n"]?.string?.utf8 ?? "".utf8))
        even[even.count - 1] &= 0xfe
        #expect(try fault(set([good.with(["n": .string(base64url(even))])]), "RS256", "k")?.reason == .key)
    }

    @Test func aPointThatIsNotOnItsCurveVerifiesNothing() async throws {
        let key = TestKey.p256("k").with(["x": .string(base64url([UInt8](repeating: 1, count: 32)))])
        try await TestIssuer.run([key]) { issuer in
            let found = await reason(try issuer.verifier(), try key.token(issuer.claims([:])))
            #expect(found == .key)
        }
    }

    @Test func aKeyOfAnotherCurveDoesNotFit() throws {
        let set = try set([.p384("k")])
        let found = try fault(set, "ES256", "k")
        #expect(found?.reason == .algorithm)
        #expect(found?.found == #"its signature is said to be ES256, which does not fit the key "k""#)
    }

    @Test func aKeyThatIsForOneAlgorithmServesNoOtherOfItsType() throws {
        for (key, other) in [(try TestKey.rsa("k"), "PS256"), (try TestKey.rsa("k", algorithm: "PS256"), "RS256")] {
            let set = try set([key.with(["alg": .string(key.algorithm)])])
            #expect(try set.key(for: header(key.algorithm, "k"))?.id == "k")
            #expect(try fault(set, other, "k")?.reason == .algorithm)
            #expect(try set.key(for: header(other)) == nil)
        }
    }

    @Test func aKeyWithAnEndlessNameVerifiesNothing() throws {
        let set = try set([.p256(String(repeating: "k", count: 257))])
        #expect(try set.key(for: header("ES256")) == nil)
    }

    @Test func aNameIsComparedByItsBytes() throws {
        #expect(try set([.p256("\u{212a}")]).key(for: header("ES256", "K")) == nil)
    }
}
