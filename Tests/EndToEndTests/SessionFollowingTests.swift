import Foundation
import HoopxTestSupport
import Testing

/// `hoopx sessions tail` and the filters of `hoopx sessions list`.
@Suite struct SessionFollowingTests {
    /// `hoopx run` of a shell that waits for a line before it goes on.
    private static func startWaiting(_ fixture: HoopxFixture, _ configuration: String) async throws -> RunningProcess {
        let process = try fixture.start([
            "run", "--config", configuration, "--", "/bin/sh", "-c",
            "echo ready; read line; /bin/echo $line; curl -sS -m 20 https://denied.example.com/; exit 3",
        ])
        try await process.waitForStdout("ready")
        return process
    }

    private static func objects(_ text: String) throws -> [[String: Any]] {
        try text.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }

    @Test func aSessionIsFollowedFromItsBeginningToItsEnd() async throws {
        try await HoopxFixture.run { fixture in
            let running = try await Self.startWaiting(fixture, fixture.configuration("version: 1"))
            let name = try #require(try await fixture.sessions().first).session
            let page = try fixture.start(["sessions", "tail", name])
            let lines = try fixture.start(["sessions", "tail", "--json", name])
            for tail in [page, lines] { try await tail.waitForStdout("session_start") }
            // It is there before the session is over.
            running.write("a-word-of-the-command\n")
            for tail in [page, lines] { try await tail.waitForStdout("a-word-of-the-command") }
            #expect(try await running.finish().exit == .status(3))
            let shown = try await page.finish()
            #expect(shown.exit == .status(0) && shown.stderr == "", "\(shown)")
            let last = try #require(shown.stdout.split(separator: "\n").last)
            #expect(last.hasSuffix("  session_end  exit 3"), "\(shown)")
            #expect(shown.stdout.contains("  egress_denied  "), "\(shown)")

            // Line by line what is in the log.
            let followed = try await lines.finish()
            let exported = try await fixture.start(["sessions", "export", name, "--format", "jsonl"]).finish()
            #expect(followed.stdout == exported.stdout)
            let events = try Self.objects(followed.stdout)
            #expect(events.map { $0["sequence"] as? Int } == (1...events.count).map { $0 })
            #expect(events.allSatisfy { $0["session"] as? String == name })
        }
    }

    @Test func withoutANameWhatHappensFromNowOnIsFollowedInEverySession() async throws {
        try await HoopxFixture.run { fixture in
            let configuration = try fixture.configuration("version: 1")
            let first = try await Self.startWaiting(fixture, configuration)
            let tail = try fixture.start(["sessions", "tail"])
            // It has begun to follow when it tells of something new.
            try await eventually("a session that is told of") {
                _ = try await fixture.run(["true"], configuration: configuration)
                return tail.stdout.contains("session_end")
            }
            let second = try await Self.startWaiting(fixture, configuration)
            for (number, run) in [first, second].enumerated() { run.write("word-\(number)\n") }
            for number in 0..<2 { try await tail.waitForStdout("word-\(number)") }
            for run in [first, second] { #expect(try await run.finish().exit == .status(3)) }
            let names = try await fixture.sessions()
            try await eventually("the end of both: \(tail.stdout)") {
                tail.stdout.components(separatedBy: "session_end  exit 3").count == 3
            }
            // What the first had done before is not told.
            let oldest = try #require(names.last?.session)
            let told = tail.stdout.split(separator: "\n").filter { $0.hasPrefix(oldest) }
            #expect(!told.isEmpty && !told.contains { $0.contains("  exec  1: ") }, "\(tail.stdout)")
            tail.send(SIGINT)
            #expect(try await tail.exit() == .signal(SIGINT))
        }
    }

    @Test func aSessionWhoseHoopxWasKilledIsFollowedToItsEndToo() async throws {
        try await HoopxFixture.run { fixture in
            let running = try await Self.startWaiting(fixture, fixture.configuration("version: 1"))
            let name = try #require(try await fixture.sessions().first).session
            let tail = try fixture.start(["sessions", "tail", name])
            try await tail.waitForStdout("session_start")
            running.send(SIGKILL)
            #expect(try await tail.exit(within: .seconds(30)) == .status(0))
        }
    }

    @Test func whoeverClosesThePipeEndsTheFollowing() async throws {
        try await HoopxFixture.run { fixture in
            let configuration = try fixture.configuration("version: 1")
            let running = try await Self.startWaiting(fixture, configuration)
            let tail = try fixture.start(
                program: ["/bin/sh", "-c", #"{ "$0" sessions tail; echo ended >&2; } | true"#, HoopxFixture.hoopx])
            try await eventually("the end: \(tail.stderr)", { tail.stderr.contains("ended") })
            running.write("\n")
            _ = try await running.finish()
        }
    }

    @Test func whatIsNotRecordedCannotBeFollowed() async throws {
        try await HoopxFixture.run { fixture in
            let nothing = try await fixture.start(["sessions", "tail"]).finish()
            #expect(nothing.exit == .status(64) && nothing.stderr.contains("no session is recorded yet"), "\(nothing)")
            _ = try await fixture.run(["true"], configuration: fixture.configuration("version: 1"))
            let stranger = try await fixture.start(["sessions", "tail", "20000101-zzzzzzzz"]).finish()
            #expect(stranger.exit == .status(64) && stranger.stderr.hasPrefix("hoopx: error: "), "\(stranger)")
        }
    }

    @Test func sessionsAreListedByWhoWhenAndWhatHappened() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let server = try await fixture.httpServer { _ in .answer("{}") }
            let configuration = try fixture.configuration(for: api, "egress: {tunnel: [\"127.0.0.1:\(server.port)\"]}")
            let commands = [
                "true", "curl -sS -m 20 https://denied.example.com/",
                #"curl -sS -m 60 \#(Question.url) -H "x-api-key: $ANTHROPIC_API_KEY" -d @body"#,
                "curl -sS -m 20 \(server.url)/",
            ]
            let card = Question.body.replacingOccurrences(of: "hi", with: "4111111111111111")
            try fixture.directory.file("work/body", card)
            for command in commands { _ = try await fixture.shell(command, configuration: configuration) }
            let names = Array(try await fixture.sessions().map(\.session).reversed())
            try #require(names.count == 4)
            let user = try #require(try await fixture.sessions().first?.principal.name)

            func expect(_ filter: [String], _ expected: [Int]) async throws {
                let listed = try await fixture.start(["sessions", "list", "--json"] + filter).finish()
                #expect(listed.exit == .status(0), "\(listed)")
                let found = try Self.objects(listed.stdout).map { $0["session"] as? String }
                #expect(found == expected.reversed().map { names[$0] }, "\(filter)")
            }
            try await expect([], [0, 1, 2, 3])
            try await expect(["--verdict", "denied"], [1])
            try await expect(["--verdict", "connection"], [2])
            try await expect(["--verdict", "tunnel"], [3])
            try await expect(["--connection", "claude"], [2])
            try await expect(["--connection", "other"], [])
            try await expect(["--entity", "credit_card"], [2])
            try await expect(["--entity", "US_SSN"], [])
            try await expect(["--principal", user], [0, 1, 2, 3])
            try await expect(["--principal", "someone-else"], [])
            try await expect(["--since", "1h"], [0, 1, 2, 3])
            try await expect(["--until", "1h"], [])
            let third = try #require(try await fixture.sessions().dropFirst().first).startedAt
            try await expect(["--since", third], [2, 3])
            try await expect(["--until", third], [0, 1])
            try await expect(["--since", third, "--verdict", "connection", "--entity", "CREDIT_CARD"], [2])
            try await expect(["--limit", "2"], [2, 3])

            let none = try await fixture.start(["sessions", "list", "--entity", "US_SSN"]).finish()
            #expect(none.exit == .status(0) && none.stdout == "", "\(none)")
            #expect(none.stderr.contains("no session is recorded to which all of this applies"), "\(none)")
            let wrong = try await fixture.start(["sessions", "list", "--since", "yesterday"]).finish()
            #expect(wrong.exit == .status(64), "\(wrong)")
        }
    }
}
