import Foundation
import HoopxTestSupport
import Testing

/// What an agent has its tools run: test suites, and programs of languages that bring their own sockets and TLS.
@Suite struct LanguageClientTests {
    @Test(arguments: Account.all)
    func aTestSuiteWithServersOfItsOwnPasses(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let suite = try String(contentsOfFile: Clients.script("test_servers.py"), encoding: .utf8)
            try fixture.directory.file("work/test_servers.py", suite)
            let run = try await fixture.run(
                [Clients.sdkPython(), "-m", "pytest", "-q", "-p", "no:cacheprovider", "--color=no"],
                configuration: fixture.configuration("version: 1"))
            #expect(run.stdout.contains("\n7 passed"), "\(run)")
            #expect(run.exit == .status(0))
            let denials = try await fixture.newestSession().denials
            #expect(denials?.map(\.subject) == ["a lookup of denied.example.com"])
        }
    }

    @Test func aJavaProgramIsAConnectionsClient() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let run = try await fixture.run(
                [Clients.java(), Clients.script("Fetch.java"), Question.url, Question.body],
                configuration: fixture.configuration(for: api))
            #expect(run.stdout.hasPrefix("200 ") && run.stdout.contains(Question.answer), "\(run)")
            #expect(api.messageRequests.first?.headers["x-api-key"] == [fixture.apiKey])
        }
    }

    @Test(arguments: Account.all)
    func aStaticGoProgramResolvesAndIsAConnectionsClient(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let server = try await fixture.httpServer { .answer("\($0.uri) of \($0.headers["host"])\n") }
            let configuration = try fixture.configuration(
                """
                version: 1
                connections:
                  site: {type: http, hosts: [site.example.com], upstream: "\(server.url)"}
                """)
            let run = try await fixture.run(
                [Clients.fetch(), "site.example.com", "https://site.example.com/go"], configuration: configuration)
            #expect(run.stdout.hasPrefix("198.18.0.") && run.stdout.contains("\n/go of "), "\(run)")
            let denied = try await fixture.run(
                [Clients.fetch(), "site.example.com", "https://denied.example.com/"], configuration: configuration)
            #expect(denied.exit == .status(1), "\(denied)")
            #expect(denied.stderr.contains("no such host"), "\(denied)")
        }
    }
}
