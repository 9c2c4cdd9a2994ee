import HoopxCore
import Testing

@Suite struct CredentialHeaderTests {
    @Test(arguments: [
        ("Authorization", "Bearer {token}", "Bearer abc"), ("x-api-key", "{token}", "abc"),
        ("X-Auth", "a{token}b", "aabcb"), ("X-Auth", "{x}{token}", "{x}abc"), ("!#$%&'*+-.^_`|~", "{token}", "abc"),
    ])
    func theTokenStandsWhereTheFormatSays(name: String, format: String, value: String) throws {
        let header = try #require(CredentialHeader(name: name, format: format))
        #expect(header.value(for: "abc") == value)
    }

    @Test func aTokenThatLooksLikeAFormatIsNotExpanded() {
        #expect(CredentialHeader.bearer.value(for: "{token}") == "Bearer {token}")
    }

    @Test(arguments: ["", "Authorization:", "a b", "a\r\nb", "b\u{fc}", "a\u{0}", "a/b", "(a)"])
    func whatIsNoHeaderNameIsRefused(name: String) {
        #expect(CredentialHeader(name: name, format: "{token}") == nil)
    }

    @Test(arguments: [
        "", "Bearer", "{token}{token}", "{Token}", "{token", "{token}\r\nX: y", "{token}\u{0}", "b\u{fc} {token}",
    ])
    func aFormatHasTheTokenOnceAndNothingUnprintable(format: String) {
        #expect(CredentialHeader(name: "Authorization", format: format) == nil)
    }

    @Test func theBuiltInHeadersAreWhatTheirNamesSay() {
        #expect(CredentialHeader.bearer == CredentialHeader(name: "Authorization", format: "Bearer {token}"))
        #expect(CredentialHeader.anthropicAPIKey == CredentialHeader(name: "x-api-key", format: "{token}"))
    }
}
