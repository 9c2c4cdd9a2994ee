import Foundation
import HoopxTestSupport
import Testing

/// `hoopx login` with a provider that hoopx did not write: django-oauth-toolkit.
///
/// It gives its first ID token with a refresh, revokes with a page, and its ID tokens end so soon that each start of
/// hoopx refreshes.
@Suite struct IdentityInteroperabilityTests {
    @Test func aPersonLogsInAtDjangoOAuthToolkitIsRefreshedAndLogsOut() async throws {
        try await HoopxFixture.run { fixture in
            let provider = try await DjangoProvider(fixture)
            let end = try await provider.logIn("accept", page: "Device Authorized")
            #expect(end.exit == .status(0), "\(end)")
            #expect(end.stderr.hasSuffix("hoopx: logged in to \(provider.issuer) as alice@example.org\n"), "\(end)")
            #expect(try await provider.liveRefreshTokens() == 1)

            let first = try await provider.tokenCount()
            let whoami = try await fixture.start(["whoami", "--json"] + provider.options).finish()
            #expect(whoami.exit == .status(0) && whoami.stderr == "", "\(whoami)")
            let who = try #require(JSONDocument(text: whoami.stdout))
            #expect(who["kind"] == "user" && who["verified"] == true, "\(whoami)")
            #expect(who["subject"] == "1" && who["issuer"]?.string == provider.issuer, "\(whoami)")
            #expect(who["email"] == "alice@example.org" && who["groups"] == ["engineering"], "\(whoami)")
            #expect(who["verification"]?["algorithm"] == "RS256", "\(whoami)")
            #expect(try await provider.tokenCount() == first + 1, "it was refreshed")

            let logout = try await fixture.start(["logout"] + provider.options).finish()
            #expect(logout.exit == .status(0), "\(logout)")
            #expect(try await provider.liveRefreshTokens() == 0)
            let nobody = try await fixture.start(["whoami"] + provider.options).finish()
            #expect(nobody.exit == .status(1) && nobody.stderr.contains("nobody is logged in"), "\(nobody)")
        }
    }

    @Test func whoDeniesAtDjangoOAuthToolkitIsNotLoggedIn() async throws {
        try await HoopxFixture.run { fixture in
            let provider = try await DjangoProvider(fixture)
            let end = try await provider.logIn("deny", page: "Device Denied")
            #expect(end.exit == .status(125) && end.stderr.contains("access_denied"), "\(end)")
            #expect(try await provider.liveRefreshTokens() == 0)
        }
    }
}

/// The provider of identity_provider.py, and a person at its pages.
private struct DjangoProvider {
    let fixture: HoopxFixture
    let issuer: String
    let options: [String]
    private let database: String

    init(_ fixture: HoopxFixture) async throws {
        self.fixture = fixture
        let directory = try fixture.directory.directory("provider")
        database = directory + "/provider.sqlite3"
        let process = try fixture.start(program: [
            Clients.providerPython(), Clients.script("identity_provider.py"), directory,
        ])
        try await eventually("django-oauth-toolkit to serve: \(process.stderr)") { process.stdout.contains("\n") }
        issuer = process.stdout.trimmingCharacters(in: .newlines)
        // It answers invalid_scope for one that it does not know: offline_access is not its custom.
        options = [
            "--config",
            try fixture.configuration(
                """
                version: 1
                identity:
                  issuer: \(issuer)
                  client_id: hoopx
                  scopes: [openid, email]
                """),
        ]
    }

    /// Logs in while a person answers on the provider's pages, the last of which has this heading.
    func logIn(_ answer: String, page heading: String) async throws -> FinishedProcess {
        let login = try fixture.start(["login"] + options)
        try await eventually("the code: \(login.stderr)") { login.stderr.contains("waiting for your") }
        let lines = login.stderr.split(separator: "\n")
        let mark = try #require(lines.firstIndex { $0.hasSuffix("and enter the code:") })
        let code = try #require(lines[mark + 1].split(separator: " ").last)
        let person = try await fixture.start(program: [
            Clients.python(), Clients.script("confirm_login.py"), issuer + "/device/", "alice", "wonderland",
            String(code), answer,
        ]).finish()
        #expect(person.stdout == heading + "\n", "\(person)")
        return try await login.finish()
    }

    func liveRefreshTokens() async throws -> Int {
        try await count("oauth2_provider_refreshtoken WHERE revoked IS NULL")
    }

    /// How many ID tokens it has signed.
    func tokenCount() async throws -> Int { try await count("oauth2_provider_idtoken") }

    private func count(_ rows: String) async throws -> Int {
        let question =
            "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM ' + sys.argv[2]).fetchone()[0])"
        let answer = try await fixture.start(program: [Clients.python(), "-c", question, database, rows]).finish()
        return try #require(Int(answer.stdout.trimmingCharacters(in: .newlines)), "\(answer)")
    }
}
