import Crypto
import Foundation
import HoopxTestSupport
import Testing

/// What is recorded of a session, and how it is shown.
@Suite struct SessionRecordTests {
    @Test(arguments: Account.all)
    func aSessionSaysWhoRanWhatAndWhatItDid(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let api = try await fixture.claudeAPI()
            let run = try await fixture.shell(
                """
                curl -sS -m 60 '\(Question.url)?beta=true' -H "x-api-key: $ANTHROPIC_API_KEY" -d '\(Question.body)'
                curl -sS -m 60 https://denied.example.com/
                exit 7
                """, configuration: fixture.configuration(for: api))
            #expect(run.exit == .status(7), "\(run)")

            let session = try await fixture.newestSession()
            #expect(session.principal.kind == "local_user")
            #expect(session.principal.subject == String(account.uid))
            #expect(session.principal.verified == false)
            #expect(session.arguments.prefix(2) == ["/bin/sh", "-c"])
            #expect(session.workingDirectory == fixture.workDirectory)
            #expect(session.program.sha256 == (try Self.sha256(of: "/bin/sh")))
            #expect(session.state == "ended")
            #expect(session.ending == .init(kind: "exited", status: 7))
            #expect(session.startedAt < (try #require(session.endedAt)))

            let connections = try #require(session.connections)
            #expect(connections.map(\.destination) == ["api.anthropic.com:443"])
            #expect(connections.map(\.verdict) == ["connection"])
            #expect(connections.map(\.command) == ["curl"])
            #expect(connections.allSatisfy { $0.pid != nil })
            let connection = try #require(connections.first)
            #expect(connection.bytesSent ?? 0 > 0 && connection.bytesReceived ?? 0 > 0 && connection.durationUs != nil)

            let request = try #require(session.requests?.first)
            #expect(session.requests?.count == 1)
            #expect(request.method == "POST" && request.path == "/v1/messages?beta=true")
            #expect(request.status == 200)
            #expect(request.requestBytes == Question.body.utf8.count)
            #expect(request.responseBytes > 100)
            let first = try #require(request.firstByteUs)
            let last = try #require(request.durationUs)
            #expect(first > 0 && first <= last)
            let denial = try #require(session.denials?.first)
            #expect(denial.code == "name_not_allowed" && denial.count == 1)
            #expect(denial.subject.contains("denied.example.com") && denial.hint.contains("egress.tunnel"))
        }
    }

    @Test func noBodyAndNoCredentialIsStored() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            // From a file: the command line itself is recorded.
            let body = Question.body.replacingOccurrences(of: "hi", with: "a-word-of-the-body")
            try fixture.directory.file("work/body", body)
            let run = try await fixture.shell(
                """
                curl -sS -m 60 \(Question.url) -H "x-api-key: $ANTHROPIC_API_KEY" -d @body
                echo $ANTHROPIC_API_KEY
                """, configuration: fixture.configuration(for: api))
            #expect(run.stdout.contains(Question.answer), "\(run)")
            let placeholder = try #require(run.stdout.split(separator: "\n").last)
            let files = fixture.directory.contents(of: "state")
            #expect(files.contains("hoopx/audit.sqlite"), "\(files)")
            for name in files {
                let bytes = FileManager.default.contents(atPath: fixture.directory.path + "/state/" + name) ?? Data()
                for word in ["a-word-of-the-body", Question.answer, fixture.apiKey, String(placeholder)] {
                    #expect(bytes.range(of: Data(word.utf8)) == nil, "\(name) holds \(word)")
                }
            }
        }
    }

    @Test func theRecordIsForItsOwnerOnly() async throws {
        try await HoopxFixture.run { fixture in
            _ = try await fixture.shell("true", configuration: fixture.configuration("version: 1"))
            let directory = fixture.directory.path + "/state/hoopx"
            #expect(try Self.mode(directory) == 0o700)
            for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
                #expect(try Self.mode(directory + "/" + name) & 0o077 == 0, "\(name)")
            }
        }
    }

    @Test func sessionsAreListedNewestFirstAndShownByTheStartOfTheirName() async throws {
        try await HoopxFixture.run { fixture in
            let configuration = try fixture.configuration("version: 1")
            for word in ["one", "two", "three"] {
                let run = try await fixture.run(["/bin/echo", word], configuration: configuration)
                #expect(run.stdout == word + "\n")
            }
            let sessions = try await fixture.sessions()
            #expect(sessions.map { $0.arguments.last } == ["three", "two", "one"])
            let limited = try await fixture.start(["sessions", "list", "--limit", "1"]).finish()
            #expect(limited.stdout.contains("echo three") && !limited.stdout.contains("echo two"), "\(limited)")

            let id = try #require(sessions.dropFirst().first).session
            let shown = try await fixture.start(["sessions", "show", id]).finish()
            #expect(shown.exit == .status(0))
            #expect(shown.stdout.contains(id) && shown.stdout.contains("/bin/echo two"), "\(shown)")
            let stranger = try await fixture.start(["sessions", "show", "20000101-zzzzzzzz"]).finish()
            #expect(stranger.exit != .status(0))
            #expect(stranger.stderr.hasPrefix("hoopx: error: "), "\(stranger)")
        }
    }

    @Test func severalRunsAtOnceRecordSideBySide() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let configuration = try fixture.configuration(for: api)
            let command = """
                curl -sS -m 60 \(Question.url) -H "x-api-key: $ANTHROPIC_API_KEY" -d '\(Question.body)'
                """
            let runs = try (0..<8).map { _ in
                try fixture.start(["run", "--config", configuration, "--", "/bin/sh", "-c", command])
            }
            for run in runs {
                let finished = try await run.finish()
                #expect(finished.exit == .status(0) && finished.stdout.contains(Question.answer), "\(finished)")
            }
            let sessions = try await fixture.sessions()
            #expect(sessions.map(\.requestCount) == Array(repeating: 1, count: 8))
            #expect(Set(sessions.map(\.session)).count == 8)
        }
    }

    private static func sha256(of path: String) throws -> String {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        return SHA256.hash(data: data).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private static func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }
}
