import HoopxTestSupport
import Testing

/// The endpoint of a CI job's identity.
@Suite struct JobIdentityTests {
    @Test func aJobGetsATokenForTheAudienceThatItNames() async throws {
        try await withProvider { questions in
            let bearer = "authorization: Bearer " + Self.requestToken(questions)
            let answer = try await questions.ask(
                .jobIdentity, ["-H", bearer], query: "?api-version=2.0&audience=https%3A%2F%2Fapi.example.com")
            let token = try #require(answer.body["value"]?.string)
            #expect(answer.body["count"]?.integer == token.utf8.count)
            let claims = Self.claims(token)
            #expect(claims["aud"] == "https://api.example.com")
            #expect(claims["repository"] == "octo-org/octo-repo")
            #expect(claims["iss"]?.string == questions.provider.issuer)
            let usual = try await questions.ask(.jobIdentity, ["-H", bearer], query: "?api-version=2.0")
            #expect(Self.claims(try #require(usual.body["value"]?.string))["aud"] == "https://github.com/octo-org")
        }
    }

    @Test func whoIsNotTheJobGetsNoToken() async throws {
        try await withProvider { questions in
            let token = Self.requestToken(questions)
            for words in [[], ["-H", "authorization: Bearer x\(token)"], ["-H", "authorization: \(token)"]] {
                let answer = try await questions.ask(.jobIdentity, words)
                #expect(answer.status == 401 && answer.body["value"] == nil, "\(words)")
            }
        }
    }

    private static func requestToken(_ questions: OAuthQuestions) -> String {
        questions.provider.jobEnvironment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] ?? ""
    }

    private static func claims(_ token: String) -> JSONDocument {
        let parts = token.split(separator: ".")
        return JSONDocument(text: String(decoding: Base64URL.bytes(String(parts[1])) ?? [], as: UTF8.self)) ?? .null
    }
}
