import HoopxTestSupport
import Testing

/// What the verbs of `hoopx audit` say where they have nothing to work on.
@Suite struct AuditErrorTests {
    @Test func whereNothingIsRecordedEveryVerbSaysSo() async throws {
        try await HoopxFixture.run { fixture in
            let configuration = try fixture.configuration("version: 1\naudit: {retention: 1d}")
            for verb in [
                ["verify"], ["prove", "1"], ["key"], ["checkpoints"], ["prune", "--config", configuration],
                ["hold", "--reason", "case 4711", "x"], ["release", "x"],
            ] {
                let finished = try await fixture.start(["audit"] + verb).finish()
                #expect(finished.exit == .status(64), "\(verb): \(finished)")
                #expect(finished.stderr.contains("nothing is recorded yet"), "\(verb): \(finished)")
                #expect(fixture.directory.contents(of: "state") == [], "\(verb) makes nothing")
            }
        }
    }

    @Test func whatIsNotThereIsTold() async throws {
        try await HoopxFixture.run { fixture in
            let configuration = try fixture.configuration("version: 1")
            let run = try await fixture.run(["true"], configuration: configuration)
            #expect(run.exit == .status(0), "\(run)")
            let name = try #require(try await fixture.sessions().first).session
            for (verb, words) in [
                (["prove", "9999"], "9999"), (["prove", "\(name):9999"], "9999"), (["prove", "no event"], "no event"),
                (["prove", "20000101-zzzzzzzz:1"], "20000101-zzzzzzzz"),
                (["hold", "--reason", "case 4711", "20000101-zzzzzzzz"], "20000101-zzzzzzzz"),
                (["prune", "--config", configuration], "audit.retention"),
            ] {
                let finished = try await fixture.start(["audit"] + verb).finish()
                #expect(finished.exit == .status(64), "\(verb): \(finished)")
                #expect(finished.stderr.hasPrefix("hoopx: error: ") && finished.stderr.contains(words), "\(finished)")
                #expect(finished.stdout == "", "\(verb): \(finished)")
            }
            let reasonless = try await fixture.start(["audit", "hold", name]).finish()
            #expect(reasonless.exit == .status(64), "\(reasonless)")
            // Not an error: it is as was asked for.
            let release = try await fixture.start(["audit", "release", name]).finish()
            #expect(release.exit == .status(0) && release.stderr.contains("not on legal hold"), "\(release)")

            let key = try await fixture.start(["audit", "key"]).finish()
            #expect(key.exit == .status(0), "\(key)")
            // NAME+ID+KEY (C2SP signed-note)
            #expect(key.stdout.wholeMatch(of: /hoopx\.local\/[0-9a-f]{32}\+[0-9a-f]{8}\+[A-Za-z0-9+\/]{44}\n/) != nil)
            // By the event's own name too: the same leaf.
            let byName = try await fixture.start(["audit", "prove", "\(name):1"]).finish()
            #expect(byName.exit == .status(0) && byName.stdout.hasPrefix("c2sp.org/tlog-proof@v1\n"), "\(byName)")
        }
    }
}
