import HoopxCore
import HoopxCredentials
import Testing

@Suite struct EnvironmentSourceTests {
    private let variables = [
        CredentialVariable(name: "KEY", header: .anthropicAPIKey),
        CredentialVariable(name: "TOKEN", header: .bearer),
    ]

    @Test(arguments: [
        (["KEY": "k", "TOKEN": "t"], "k", CredentialHeader.anthropicAPIKey, "the environment variable KEY"),
        (["TOKEN": "t"], "t", .bearer, "the environment variable TOKEN"),
        (["KEY": "", "TOKEN": "t"], "t", .bearer, "the environment variable TOKEN"),
        (["KEY": " k\r\n"], "k", .anthropicAPIKey, "the environment variable KEY"),
    ])
    func theFirstVariableThatIsSetGivesTheCredential(
        environment: [String: String], token: String, header: CredentialHeader, name: String
    ) async throws {
        let source = EnvironmentSource(variables: variables, environment: environment)
        let lease = try await source.lease()
        #expect(lease.token.withValue { $0 } == token)
        #expect(source.injection == .header(header))
        #expect(lease.expiresAt == nil)
        #expect(source.name == name)
    }

    @Test func withoutAnyTheErrorSaysWhatToSet() async {
        let source = EnvironmentSource(variables: variables, environment: ["OTHER": "x"])
        let error = await #expect(throws: HoopxError.self) { try await source.lease() }
        #expect(
            error?.description == "getting the credential from the environment variable KEY or TOKEN: it is not set")
        #expect(error?.hint == "set KEY or TOKEN in the environment that hoopx runs in")
    }

    @Test(arguments: [
        "a\r\nHost: evil", "a\nb", "a b", "a\u{0}b", "b\u{fc}cher", "a\u{7f}", " ",
        String(repeating: "a", count: 16_385),
    ])
    func whatCannotStandInAHeaderIsRefusedAndNotRepeated(value: String) async {
        let source = EnvironmentSource(variables: variables, environment: ["KEY": value, "TOKEN": "t"])
        let error = await #expect(throws: HoopxError.self) { try await source.lease() }
        #expect(error?.description.contains(value) == (value == " "))
    }
}
