import Foundation
import HoopxTestSupport
import Testing

/// `source: client`: who logs in with a Claude subscription keeps their own token.
@Suite struct ClientTokenTests {
    private static let token = "sk-ant-oat01-" + String(repeating: "Ab3_-x9Z", count: 11) + "AA"

    private func configuration(_ fixture: HoopxFixture, _ api: LoopbackClaudeAPI) throws -> String {
        try fixture.configuration(
            """
            version: 1
            connections:
              claude:
                type: anthropic
                hosts: [api.anthropic.com]
                upstream: \(api.url)
                upstream_ca: \(try fixture.authorityFile())
                credential: {source: client}
            """)
    }

    @Test func theClaudeCLIKeepsItsOwnTokenAndTheSessionIsMarked() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI(credential: .bearer(Self.token))
            // With all its other requests: each that has a credential has the token.
            let run = try await fixture.run(
                [Clients.claude(), "-p", "hi"], configuration: configuration(fixture, api),
                environment: ["CLAUDE_CODE_OAUTH_TOKEN": Self.token, "ANTHROPIC_API_KEY": nil])
            #expect(run.exit == .status(0), "\(run)")
            #expect(run.stdout == "Hello from the loopback Claude API.\n", "\(run)")
            let message = try #require(api.messageRequests.first)
            #expect(message.headers["authorization"] == ["Bearer \(Self.token)"])
            #expect(message.headers["x-api-key"] == [])

            let session = try await fixture.newestSession()
            #expect(session.weakenings == ["connections.claude.credential.source: client"])
            let requests = session.requests ?? []
            let hashes = Set(requests.compactMap(\.clientToken))
            #expect(
                hashes.count == 1 && requests.contains { $0.path.hasPrefix("/v1/messages") && $0.clientToken != nil })
            #expect(requests.allSatisfy { ($0.credential == "client_token") == ($0.clientToken != nil) })
            #expect(session.leases?.isEmpty == true)
            for name in fixture.directory.contents(of: "state") {
                let bytes = FileManager.default.contents(atPath: fixture.directory.path + "/state/" + name) ?? Data()
                #expect(bytes.range(of: Data(Self.token.utf8)) == nil, "\(name) holds the token")
            }
        }
    }

    @Test(arguments: [
        "x-api-key: sk-ant-api03-own-0123456789", "Authorization: Bearer sk-ant-api03-own-0123456789-abcdef",
    ])
    func anAPIKeyNeverPasses(header: String) async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI(credential: .any)
            let run = try await fixture.shell(
                "curl -sS -m 60 -w '\\n%{http_code}' \(Question.url) -H '\(header)' -d '\(Question.body)'",
                configuration: configuration(fixture, api))
            #expect(run.stdout.hasSuffix("\n403"), "\(run)")
            #expect(run.stdout.contains("foreign_credential") && run.stdout.contains("sk-ant-oat"), "\(run)")
            #expect(api.requests.isEmpty)
            #expect(try await fixture.newestSession().requests?.map(\.credential) == ["refused"])
        }
    }

    @Test func withoutTheOptInTheTargetDoesNotGetTheToken() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let run = try await fixture.shell(
                #"echo "token=$CLAUDE_CODE_OAUTH_TOKEN""#, configuration: fixture.configuration(for: api),
                environment: ["CLAUDE_CODE_OAUTH_TOKEN": Self.token])
            #expect(run.stdout == "token=\n", "\(run)")
        }
    }
}
