import Foundation
import HoopxTestSupport
import Testing

/// What a command starts is recorded, unless that is turned off.
@Suite struct ExecutionAuditTests {
    @Test(arguments: Account.all)
    func whatTheCommandStartsIsRecordedAndShown(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let run = try await fixture.shell(
                "echo $$; PATH=/nonexistent:/usr/bin; ls -d /; true",
                configuration: fixture.configuration("version: 1"))
            #expect(run.exit == .status(0), "\(run)")
            let shell = try #require(Int(run.stdout.prefix { $0 != "\n" }))
            let session = try await fixture.newestSession()
            let executions = try #require(session.advisoryExecutions)
            let ls = try #require(executions.recorded.last)
            #expect(executions.recorded.map(\.path) == ["/bin/sh", "/usr/bin/ls"])
            #expect(executions.recorded.first?.pid == shell)
            #expect(ls.arguments == ["ls", "-d", "/"] && ls.parentPid == shell && !ls.truncated)
            #expect(executions.unrecordedCount == 0)

            let page = try await fixture.start(["sessions", "show", session.session]).finish()
            #expect(page.stdout.contains("Executed (advisory)"), "\(page)")
            #expect(page.stdout.contains("/usr/bin/ls  ls -d /"), "\(page)")
            #expect(!page.stdout.contains("more"), "\(page)")
        }
    }

    @Test func aLongListIsCutOnThePageAndWholeAsJSON() async throws {
        try await HoopxFixture.run { fixture in
            let run = try await fixture.shell(
                "for i in $(seq 30); do /bin/true $i; done", configuration: fixture.configuration("version: 1"))
            #expect(run.exit == .status(0), "\(run)")
            let session = try await fixture.newestSession()
            #expect(session.advisoryExecutions?.recorded.count == 32)
            let page = try await fixture.start(["sessions", "show", session.session]).finish()
            #expect(page.stdout.contains("  and 12 more (--json shows them)\n"), "\(page)")
            #expect(page.stdout.contains("true 18") && !page.stdout.contains("true 19"), "\(page)")
        }
    }

    @Test(arguments: ["off", "false"]) func turnedOffNothingIsRecorded(word: String) async throws {
        try await HoopxFixture.run { fixture in
            let run = try await fixture.shell(
                "ls -d /", configuration: fixture.configuration("version: 1\naudit: {exec: \(word)}\n"))
            #expect(run.exit == .status(0), "\(run)")
            let session = try await fixture.newestSession()
            #expect(session.advisoryExecutions == nil)
            let page = try await fixture.start(["sessions", "show", session.session]).finish()
            #expect(!page.stdout.contains("Executed"), "\(page)")
        }
    }

    @Test func secretsOfCommandLinesAreNotStored() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let run = try await fixture.shell(
                """
                true; /bin/true --password hunter2-one "https://ada:hunter2-two@h/" "x-api-key: $ANTHROPIC_API_KEY"
                /bin/sh -c 'API_TOKEN=hunter2-three /bin/true'
                """, configuration: fixture.configuration(for: api))
            #expect(run.exit == .status(0), "\(run)")
            let executions = try #require(try await fixture.newestSession().advisoryExecutions?.recorded)
            let seen = executions.map { Array($0.arguments.dropFirst()) }
            #expect(seen.contains(["--password", "***", "https://***@h/", "x-api-key: ***"]), "\(seen)")
            let files = fixture.directory.contents(of: "state")
            #expect(files.contains("hoopx/audit.sqlite"), "\(files)")
            for name in files {
                let bytes = FileManager.default.contents(atPath: fixture.directory.path + "/state/" + name) ?? Data()
                for word in ["hunter2-one", "hunter2-two", "hunter2-three", "placeholder-of-hoopx-run"] {
                    #expect(bytes.range(of: Data(word.utf8)) == nil, "\(name) holds \(word)")
                }
            }
        }
    }
}
