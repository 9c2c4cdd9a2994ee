import Foundation
import HoopxTestSupport
import JWTKit
import Testing

/// The loopback provider's documents and signatures, read by a JWT library.
@Suite struct PublishedKeyTests {
    @Test(arguments: ["", "/realms/demo"])
    func discoveryNamesTheIssuerAndAddressesThatAnswer(_ path: String) async throws {
        try await withProvider(path: path) { questions in
            let document = try await questions.ask(.discovery).body
            #expect(document["issuer"]?.string == questions.provider.issuer)
            #expect(questions.provider.issuer.hasSuffix(path))
            let keys = try await questions.ask(.keys)
            #expect(keys.status == 200)
            #expect(document["jwks_uri"]?.string == questions.provider.issuer + ProviderEndpoint.keys.rawValue)
            #expect(document["code_challenge_methods_supported"] == ["S256"])
        }
    }

    @Test(arguments: SigningAlgorithm.allCases)
    func aTokenOfEveryAlgorithmVerifiesByThePublishedKeys(_ algorithm: SigningAlgorithm) async throws {
        try await withProvider { questions in
            try questions.provider.rotateKeys(to: algorithm)
            let answer = try await questions.login(scope: "openid groups", nonce: "n-1")
            let token = try #require(answer["id_token"]?.string)
            let claims = try await Self.verify(token, by: questions)
            #expect(claims.sub == "alice")
            #expect(claims.nonce == "n-1")
            #expect(claims.groups == ["engineering", "on-call"])
            #expect(claims.exp - claims.iat == 300)
            #expect(Self.header(token)["alg"]?.string == algorithm.rawValue)
        }
    }

    @Test func rotationKeepsTheOldKeyOrTakesItOut() async throws {
        try await withProvider { questions in
            let old = try questions.provider.mint()
            try questions.provider.rotateKeys()
            let new = try questions.provider.mint()
            #expect(try await Self.verify(old, by: questions).sub == "alice")
            #expect(try await Self.verify(new, by: questions).sub == "alice")
            #expect(Self.header(old)["kid"] != Self.header(new)["kid"])
            try questions.provider.rotateKeys(keepsOld: false)
            for token in [old, new] {
                await #expect(throws: JWTError.self) { try await Self.verify(token, by: questions) }
            }
        }
    }

    @Test func everyBadTokenIsBad() async throws {
        try await withProvider { questions in
            let provider = questions.provider
            let key = try provider.rotateKeys(to: .rs256)
            let stranger = try SigningKey(.rs256, id: key.id)
            let bad: [TokenSignature] = [
                .none, .hmac(Array(key.publicPEM.utf8), keyID: key.id), .corrupted(key), .key(stranger),
            ]
            for signature in bad {
                let token = try provider.mint(signature: signature)
                await #expect(throws: (any Error).self, "\(Self.header(token))") {
                    try await Self.verify(token, by: questions)
                }
            }
            // This library goes by the key's algorithm alone; a client of the provider should not.
            let mislabelled = try provider.mint(signature: .mislabelled(key, algorithm: "PS256"))
            #expect(Self.header(mislabelled)["alg"] == "PS256")
            let bare = try provider.mint(["nbf": 1, "sub": nil], header: ["kid": nil, "typ": "at+jwt"])
            #expect(Self.header(bare)["kid"] == nil && Self.header(bare)["typ"] == "at+jwt")
        }
    }

    @Test func theKeySetsLifetimeAndContentCanBeChanged() async throws {
        try await withProvider { questions in
            let weak = try SigningKey(.rs256, rsaBits: 1024)
            questions.provider.sign(with: weak)
            let keys = try await questions.ask(.keys).body
            guard case .array(let set)? = keys["keys"] else { throw TestSupportError("no keys: \(keys)") }
            #expect(set.count == 2)
            #expect(set[1]["n"]?.string.flatMap(Base64URL.bytes)?.count == 128)
            questions.provider.configure { settings in
                settings.jwksCacheControl = "no-store"
                settings.changeKeys = { $0 = $0 + $0 }
            }
            guard case .array(let doubled)? = try await questions.ask(.keys).body["keys"] else {
                throw TestSupportError("no keys")
            }
            #expect(doubled.count == 4)
            let head = try await Self.curl("-D-", questions.provider.issuer + ProviderEndpoint.keys.rawValue)
            #expect(head.contains("cache-control: no-store"))
        }
    }

    @Test func itServesTLSWithTheTestAuthority() async throws {
        let authority = try TestCertificateAuthority()
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let ca = try directory.file("ca.pem", authority.pem)
        let provider = try await LoopbackIdentityProvider(tls: authority.serverContext(for: ["127.0.0.1"]))
        let url = provider.issuer + ProviderEndpoint.discovery.rawValue
        #expect(url.hasPrefix("https://"))
        #expect(try await Self.curl("--cacert", ca, url).contains(provider.issuer))
        await provider.close()
    }

    private struct Claims: JWTPayload {
        let sub: String
        let iss: String
        let exp: Int
        let iat: Int
        let nonce: String?
        let groups: [String]?

        func verify(using algorithm: some JWTAlgorithm) throws {}
    }

    @discardableResult
    private static func verify(_ token: String, by questions: OAuthQuestions) async throws -> Claims {
        let set = try await questions.ask(.keys).body
        let keys = JWTKeyCollection()
        try await keys.add(jwksJSON: set.text)
        return try await keys.verify(token, as: Claims.self)
    }

    private static func header(_ token: String) -> JSONDocument {
        let part = String(token.prefix { $0 != "." })
        return JSONDocument(text: String(decoding: Base64URL.bytes(part) ?? [], as: UTF8.self)) ?? .null
    }

    private static func curl(_ words: String...) async throws -> String {
        let curl = ["/usr/bin/curl", "-sS", "-m", "60"] + words
        return try await RunningProcess(curl, environment: [:], directory: "/").finish().stdout
    }
}
