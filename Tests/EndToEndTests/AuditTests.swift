import Foundation
import HoopxTestSupport
import Testing

/// What `hoopx run` records, as somebody sees it who does not trust the machine.
struct AuditTests {
    private static func request(_ api: LoopbackClaudeAPI) -> [String] {
        [
            "curl", "-sS", "--max-time", "20", "-H", "content-type: application/json", "-d",
            #"{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"hello"}]}"#,
            "https://api.anthropic.com/v1/messages",
        ]
    }

    private static func audit(
        _ fixture: HoopxFixture, _ arguments: String...
    ) async throws -> FinishedProcess {
        try await fixture.start(["audit"] + arguments).finish()
    }

    private static func database(_ fixture: HoopxFixture) -> String {
        fixture.directory.path + "/state/hoopx/audit.sqlite"
    }

    private static func edit(_ fixture: HoopxFixture, _ sql: String) async throws {
        let result = try await fixture.start(program: ["/usr/bin/sqlite3", "-bail", database(fixture), sql]).finish()
        try #require(result.exit == .status(0), "\(result)")
    }

    @Test func aRunIsInOrderAndAnEventOfItConvincesAThirdParty() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let run = try await fixture.run(Self.request(api), configuration: try fixture.configuration(for: api))
            #expect(run.exit == .status(0), "\(run)")

            let verified = try await Self.audit(fixture, "verify")
            #expect(verified.exit == .status(0), "\(verified)")
            #expect(verified.stdout.hasSuffix("All of it is in order.\n"))

            let key = try await Self.audit(fixture, "key")
            let leafFile = fixture.directory.path + "/work/leaf"
            let proof = try await Self.audit(fixture, "prove", "--leaf", leafFile, "1")
            #expect(proof.exit == .status(0), "\(proof)")
            let verdict = try await ThirdPartyVerifier.verify(
                proof.stdout, leafFile: leafFile, key: key.stdout.trimmingCharacters(in: .newlines))
            #expect(verdict.exit == .status(0), "\(verdict)")
            #expect(verdict.stdout.hasPrefix("leaf 1 of "))
        }
    }

    @Test func aRecordThatWasChangedIsNotInOrder() async throws {
        try await HoopxFixture.run { fixture in
            let run = try await fixture.run(["true"], configuration: try fixture.configuration("version: 1"))
            #expect(run.exit == .status(0), "\(run)")
            #expect(try await Self.audit(fixture, "verify").exit == .status(0))
            try await Self.edit(fixture, "UPDATE session SET working_directory = '/elsewhere'")
            let verified = try await Self.audit(fixture, "verify", "--json")
            #expect(verified.exit == .status(1), "\(verified)")
            #expect(verified.stdout.contains("its working_directory is not what the events say"))
            let page = try await Self.audit(fixture, "verify")
            #expect(page.stdout.contains("WRONG: row ("))
        }
    }

    @Test func eachSessionsLastCheckpointIsPublishedAtEachAnchor() async throws {
        try await HoopxFixture.run { fixture in
            let work = fixture.directory
            for name in ["anchors", "evidence"] { try work.directory(name) }
            // Whoever answers for the time is no process of the fixture's user.
            let authority = try TimestampAuthority(directory: try work.directory("tsa"))
            let tsa = try await authority.server()
            fixture.scope.atEnd { await tsa.close() }
            let certificates = try work.file(
                "tsa.pem", try String(contentsOfFile: authority.authorities, encoding: .utf8))

            let first = try await fixture.run(["true"], configuration: try fixture.configuration("version: 1"))
            #expect(first.exit == .status(0), "\(first)")
            let key = try await Self.audit(fixture, "key").stdout.trimmingCharacters(in: .newlines)
            let witness = try await WitnessServer(logKey: key)
            fixture.scope.atEnd { witness.stop() }
            let configuration = try fixture.configuration(
                """
                version: 1
                audit:
                  anchors:
                    - file: \(work.path)/anchors/log
                    - directory: \(work.path)/anchors
                    - tsa: \(tsa.url)
                      tsa_ca: \(certificates)
                    - witness: \(witness.url)
                      key: "\(witness.key)"
                """)
            for _ in 0..<2 {
                let run = try await fixture.run(["true"], configuration: configuration)
                #expect(run.exit == .status(0) && run.stderr == "", "\(run)")
            }
            let verified = try await Self.audit(fixture, "verify", "--config", configuration, "--json")
            #expect(verified.exit == .status(0), "\(verified)")
            let report = try #require(
                try JSONSerialization.jsonObject(with: Data(verified.stdout.utf8)) as? [String: Any])
            #expect(report["timestamp_count"] as? Int == 2)
            #expect(report["cosignature_count"] as? Int == 2)
            // Two in the file, two in the directory.
            #expect(report["outside_checkpoint_count"] as? Int == 4)

            // openssl(1) says the same of the time stamps.
            let export = try await Self.audit(fixture, "checkpoints", "--export", work.path + "/evidence")
            #expect(export.exit == .status(0), "\(export)")
            let stamps = work.contents(of: "evidence").filter { $0.hasSuffix(".tsr") }
            #expect(stamps.count == 2)
            for stamp in stamps {
                let data = stamp.replacingOccurrences(of: ".tsr", with: ".checkpoint")
                let checked = try await fixture.start(program: [
                    "/usr/bin/openssl", "ts", "-verify", "-data", "\(work.path)/evidence/\(data)",
                    "-in", "\(work.path)/evidence/\(stamp)", "-CAfile", certificates,
                ]).finish()
                #expect(checked.exit == .status(0), "\(checked)")
            }

            // An older copy in the place of the database: its anchors have seen more.
            try await Self.edit(
                fixture,
                "DELETE FROM event WHERE leaf > 2; DELETE FROM checkpoint; DELETE FROM anchor")
            let spoiled = try await Self.audit(fixture, "verify", "--config", configuration)
            #expect(spoiled.exit == .status(1), "\(spoiled)")
            #expect(spoiled.stdout.contains("\(work.path)/anchors/log, line 1: it has "))
        }
    }

    @Test func aPlaceThatTakesNoCheckpointIsToldAndTheRunGoesOn() async throws {
        try await HoopxFixture.run { fixture in
            let place = fixture.directory.path + "/not-mounted"
            let configuration = try fixture.configuration(
                """
                version: 1
                audit:
                  anchors: [{directory: \(place)}]
                """)
            let run = try await fixture.run(["echo", "done"], configuration: configuration)
            #expect(run.exit == .status(0) && run.stdout == "done\n", "\(run)")
            #expect(run.stderr.hasPrefix("hoopx: error: writing the checkpoint \(place)/"), "\(run)")
            // And it is an event.
            let events = try await fixture.start(program: [
                "/usr/bin/sqlite3", Self.database(fixture),
                "SELECT CAST(payload AS TEXT) FROM event WHERE kind = 'error'",
            ]).finish()
            #expect(events.stdout.contains(#""doing":"writing the checkpoint \#(place)/"#), "\(events)")
            #expect(try await Self.audit(fixture, "verify").exit == .status(0))
        }
    }

    @Test func anAnchorThatTheCommandCouldReachIsRefusedAndGetsNothing() async throws {
        try await HoopxFixture.run { fixture in
            let anchors = fixture.workDirectory + "/anchors"
            try fixture.directory.directory("work/anchors")
            let configuration = try fixture.configuration(
                """
                version: 1
                audit:
                  anchors: [{file: \(anchors)/log}, {directory: \(anchors)}]
                """)
            let run = try await fixture.run(["echo", "ran"], configuration: configuration)
            #expect(run.exit == .status(64) && run.stdout == "", "\(run)")
            #expect(run.stderr.contains("it lies in the working directory"), "\(run)")
            #expect(fixture.directory.contents(of: "work/anchors") == [])
            // Nothing had begun.
            let sessions = try await fixture.start(["sessions", "list", "--json"]).finish()
            #expect(sessions.stdout == "", "\(sessions)")
        }
    }

    @Test(arguments: [
        ["verify", "--checkpoint", "/no/such/place"], ["verify", "--checkpoint", "empty"],
        ["verify", "--checkpoint", "."], ["verify", "--tsa-ca", "/no/such/place"], ["verify", "--tsa-ca", "empty"],
        ["verify", "--key", "key"], ["verify", "--witness-key", "key"],
        ["prove", "--checkpoint", "/no/such/place", "1"], ["prove", "--checkpoint", "empty", "1"],
    ])
    func whatAnOptionNamesAndIsNotThereIsAWrongCall(arguments: [String]) async throws {
        try await HoopxFixture.run { fixture in
            let run = try await fixture.run(["true"], configuration: try fixture.configuration("version: 1"))
            #expect(run.exit == .status(0), "\(run)")
            try fixture.directory.file("work/empty", "")
            let audit = try await fixture.start(["audit"] + arguments).finish()
            #expect(audit.exit == .status(64) && audit.stdout == "", "\(audit)")
            #expect(audit.stderr.hasPrefix("hoopx: error: reading "), "\(audit)")
            #expect(audit.stderr.contains("\nhoopx: hint: "), "\(audit)")
        }
    }

    @Test func whatIsOldIsDeletedAndWhatIsHeldIsNot() async throws {
        try await HoopxFixture.run { fixture in
            let configuration = try fixture.configuration(
                """
                version: 1
                audit: {retention: 1s}
                """)
            for _ in 0..<2 {
                let run = try await fixture.run(["true"], configuration: configuration)
                #expect(run.exit == .status(0), "\(run)")
            }
            let names = try await fixture.start(program: [
                "/usr/bin/sqlite3", Self.database(fixture), "SELECT id FROM session ORDER BY started_at",
            ]).finish().stdout.split(separator: "\n").map(String.init)
            try #require(names.count == 2)
            let held = try await Self.audit(fixture, "hold", "--reason", "case 4711", names[0])
            #expect(held.exit == .status(0), "\(held)")
            try await eventually("both are old enough") {
                let preview = try await Self.audit(fixture, "prune", "--dry-run", "--config", configuration)
                return preview.stdout == names[1] + "\n"
            }
            let pruned = try await Self.audit(fixture, "prune", "--config", configuration)
            #expect(pruned.exit == .status(0) && pruned.stdout == names[1] + "\n", "\(pruned)")
            #expect(pruned.stderr.contains("kept: 1 session of that age on legal hold"))
            #expect(try await Self.audit(fixture, "verify").exit == .status(0))
            #expect(try await Self.audit(fixture, "release", names[0]).exit == .status(0))
            #expect(try await Self.audit(fixture, "prune", "--config", configuration).stdout == names[0] + "\n")
            let verified = try await Self.audit(fixture, "verify")
            #expect(verified.exit == .status(0), "\(verified)")
            #expect(verified.stdout.contains("without payload, for their age"))
        }
    }
}
