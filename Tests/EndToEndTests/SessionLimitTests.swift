import Foundation
import HoopxTestSupport
import Testing

/// The end of a session's credential, with the built binary.
@Suite struct SessionLimitTests {
    /// A request, and its status alone.
    private static let ask = """
        ask() { curl -sS -m 60 -o answer -w '%{http_code}\\n' \(Question.url) -H "x-api-key: $ANTHROPIC_API_KEY" \
        -d '\(Question.body)'; }

        """

    @Test func aSessionEndsWithItsLongestDurationAlsoWhereItIsUsed() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let run = try await fixture.shell(
                Self.ask + """
                    ask
                    while [ "$(ask)" = 200 ]; do :; done
                    cat answer; ask
                    curl -sS -m 60 -o /dev/null -w '%{http_code}\\n' https://api.anthropic.com/v1/models
                    curl -sS -m 60 https://127.0.0.1:9/ || echo "tunnel $?"
                    """,
                configuration: fixture.configuration(
                    for: api, "session: {max_duration: 3s}\negress: {tunnel: [\"127.0.0.1:9\"]}"))
            #expect(run.stdout.hasPrefix("200\n"), "\(run)")
            #expect(run.stdout.contains(#""code":"session_expired","rule":"session.max_duration""#), "\(run)")
            #expect(run.stdout.contains("session.max_duration (3s)"), "\(run)")
            #expect(run.stdout.hasSuffix("403\n403\ntunnel 7\n"), "a read without the placeholder too: \(run)")
            #expect(run.stderr.contains("[session_expired, session.max_duration]"), "\(run)")
            let session = try await fixture.newestSession()
            let denied = session.requests?.filter { $0.denial == "session_expired" } ?? []
            #expect(denied.count == 3 && denied.allSatisfy { $0.credential == "refused" && $0.status == 403 })
            #expect(session.denials?.contains { $0.subject == "a connection to 127.0.0.1:9" } == true)
            let passed = (session.requests?.count ?? 0) - denied.count
            #expect(passed >= 1 && api.requests.count == passed)
        }
    }

    @Test func aSessionThatIsNotUsedEndsForGood() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let run = try await fixture.shell(
                Self.ask + "ask; ask; sleep 3; ask; cat answer; ask",
                configuration: fixture.configuration(for: api, "session: {idle_timeout: 2s}"))
            #expect(run.stdout.hasPrefix("200\n200\n403\n") && run.stdout.hasSuffix("403\n"), "\(run)")
            #expect(run.stdout.contains("session.idle_timeout (2s)"), "\(run)")
            let session = try await fixture.newestSession()
            #expect(session.requests?.map(\.denial) == [nil, nil, "session_idle", "session_idle"])
            #expect(session.denials?.map(\.count) == [2])
            #expect(api.requests.count == 2)
        }
    }

    @Test func aRequestNamesTheLeaseThatItCarried() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let run = try await fixture.shell(Self.ask + "ask; ask", configuration: fixture.configuration(for: api))
            #expect(run.stdout == "200\n200\n", "\(run)")
            let session = try await fixture.newestSession()
            let lease = try #require(session.leases?.first)
            #expect(session.leases?.count == 1 && lease.connection == "claude" && lease.id.hasPrefix("lease-"))
            #expect(lease.source == "the environment variable ANTHROPIC_API_KEY")
            #expect(session.requests?.map(\.lease) == [lease.id, lease.id])
            let shown = try await fixture.start(["sessions", "show", session.session]).finish()
            #expect(shown.stdout.contains(lease.id) && !shown.stdout.contains(fixture.apiKey), "\(shown)")
        }
    }
}
