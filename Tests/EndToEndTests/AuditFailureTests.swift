import Foundation
import HoopxTestSupport
import Testing

/// While the record cannot be written, nothing leaves; the command goes on, and so do its requests when the record does.
@Suite struct AuditFailureTests {
    /// Asks a question for each line that it reads, and says what came of it.
    private static let client = """
        import http.client, json, os, sys, urllib.parse
        host = urllib.parse.urlsplit(os.environ["ANTHROPIC_BASE_URL"]).netloc
        headers = {"x-api-key": os.environ["ANTHROPIC_API_KEY"], "content-type": "application/json"}
        print("ready", flush=True)
        for number, line in enumerate(sys.stdin):
            question = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": line + "x" * 20_000}]}
            api = http.client.HTTPConnection(host, timeout=60)
            api.request("POST", f"/{line.strip()}/v1/messages", json.dumps(question), headers)
            answer = api.getresponse()
            body = json.loads(answer.read())
            print(line.strip(), answer.status, json.dumps(body.get("error") or body["content"][0]["text"]), flush=True)
            api.close()
        sys.exit(7)
        """

    /// A command that asks, under a hoopx whose state directory is a file system of its own.
    private struct Asking {
        let fixture: HoopxFixture
        let api: LoopbackClaudeAPI
        let process: RunningProcess
        /// The state directory, as this process reaches it.
        let state: String
        let hoopx: pid_t

        init(_ fixture: HoopxFixture, environment: [String: String?] = [:]) async throws {
            self.fixture = fixture
            api = try await fixture.claudeAPI()
            let own = fixture.directory.path
            try fixture.directory.directory("kept")
            let script = """
                mount -t tmpfs -o size=32m,mode=0700 none \(own)/state || exit
                "$@"; status=$?; cp -a \(own)/state/hoopx \(own)/kept/; exit $status
                """
            let namespace = getuid() == 0 ? ["--mount"] : ["--mount", "--user", "--map-root-user"]
            process = try fixture.start(
                program: ["/usr/bin/unshare"] + namespace + [
                    "/bin/sh", "-c", script, "sh", HoopxFixture.hoopx, "run", "--config",
                    fixture.configuration(for: api, entry: "base_url"), "--", Clients.python(), "-c", client,
                ], environment: environment)
            try await process.waitForStdout("ready")
            hoopx = try #require(ProcessTable.children(of: process.pid).first)
            state = "/proc/\(process.pid)/root\(own)/state/hoopx"
        }

        /// - Returns: the line that tells what came of it.
        func ask(_ word: String) async throws -> String {
            process.write(word + "\n")
            var line = ""
            try await eventually("an answer to \(word): \(process.stdout) \(process.stderr)") {
                line = process.stdout.split(separator: "\n").map(String.init).first { $0.hasPrefix(word + " ") } ?? ""
                return !line.isEmpty
            }
            return line
        }

        func isDenied(_ word: String) async throws -> Bool {
            let line = try await ask(word)
            guard line.hasPrefix("\(word) 503 ") else { return false }
            // As the API says that it fails: the client knows what to make of it.
            #expect(line.contains(#""type": "api_error""#), "\(line)")
            #expect(line.contains("audit_unavailable"), "\(line)")
            return true
        }

        /// Asks until it passes again.
        func recover(_ word: String) async throws {
            var count = 0
            try await eventually("a request to pass again: \(process.stdout)") {
                count += 1
                return try await ask("\(word)\(count)").hasPrefix("\(word)\(count) 200 ")
            }
        }

        /// Ends the command, and compares what the upstream received with what was recorded of it.
        func end() async throws {
            let run = try await process.finish()
            #expect(run.exit == .status(7), "the command's own: \(run)")
            #expect(run.stderr.contains("audit_unavailable"), "\(run)")
            let kept = ["XDG_STATE_HOME": fixture.directory.path + "/kept"]
            let verified = try await fixture.start(["audit", "verify"], environment: kept).finish()
            #expect(verified.exit == .status(0), "\(verified)")
            #expect(api.messageRequests.count >= 2)
            try await expectRecorded(in: fixture.directory.path + "/kept/hoopx")
        }

        /// As below, while it goes on: of a copy, since sqlite3(1) does not reach the file system.
        func expectRecordedByNow() async throws {
            let copy = try fixture.directory.directory("copy")
            for name in try FileManager.default.contentsOfDirectory(atPath: state) where name.hasPrefix("audit.sqlite")
            {
                try FileManager.default.copyItem(atPath: "\(state)/\(name)", toPath: "\(copy)/\(name)")
            }
            try await expectRecorded(in: copy)
        }

        /// Whatever the upstream has received by now is in the record, with its body.
        func expectRecorded(in directory: String) async throws {
            let rows = try await fixture.start(program: [
                "/usr/bin/sqlite3", directory + "/audit.sqlite",
                """
                SELECT path FROM request r JOIN body b ON b.session = r.session AND b.request = r.number
                WHERE direction = 'request'
                """,
            ]).finish()
            #expect(rows.exit == .status(0), "\(rows)")
            let recorded = rows.stdout.split(separator: "\n").map(String.init)
            #expect(Set(api.messageRequests.map(\.uri)).subtracting(recorded) == [], "\(rows)")
        }
    }

    @Test func aFullDiskDeniesRequestsUntilThereIsRoomAgain() async throws {
        try await HoopxFixture.run(as: .current) { fixture in
            let asking = try await Asking(fixture)
            #expect(try await asking.ask("first").hasPrefix("first 200 "))
            let filling = try await fixture.start(program: ["/bin/dd", "if=/dev/zero", "of=\(asking.state)/filling"])
                .finish()
            #expect(filling.stderr.contains("No space left"), "\(filling)")
            try await Self.expectDenials(asking)
            try await asking.expectRecordedByNow()
            try FileManager.default.removeItem(atPath: asking.state + "/filling")
            try await asking.recover("again")
            try await asking.end()
        }
    }

    @Test func aFileThatMayNotGrowDeniesRequestsUntilItMay() async throws {
        try await HoopxFixture.run(as: .current) { fixture in
            let asking = try await Asking(fixture)
            #expect(try await asking.ask("first").hasPrefix("first 200 "))
            func limit(_ size: String) async throws {
                let set = try await fixture.start(program: [
                    "/usr/bin/prlimit", "--fsize=\(size):", "--pid", String(asking.hoopx),
                ]).finish()
                #expect(set.exit == .status(0), "\(set)")
            }
            try await limit("1")
            try await Self.expectDenials(asking)
            try await asking.expectRecordedByNow()
            try await limit("unlimited")
            try await asking.recover("again")
            try await asking.end()
        }
    }

    @Test func aDiskThatFailsDeniesRequestsUntilItWorks() async throws {
        try await HoopxFixture.run(as: .current) { fixture in
            let isFailing = try fixture.directory.directory("disk") + "/fails"
            let asking = try await Asking(
                fixture, environment: ["LD_PRELOAD": try Clients.failingSync(), "FAILING_SYNC": isFailing])
            #expect(try await asking.ask("first").hasPrefix("first 200 "))
            try Data().write(to: URL(fileURLWithPath: isFailing))
            try await Self.expectDenials(asking)
            try await asking.expectRecordedByNow()
            try FileManager.default.removeItem(atPath: isFailing)
            try await asking.recover("again")
            try await asking.end()
        }
    }

    @Test func aDamagedDatabaseDeniesRequestsAndTheCommandGoesOn() async throws {
        try await HoopxFixture.run(as: .current) { fixture in
            let asking = try await Asking(fixture)
            #expect(try await asking.ask("first").hasPrefix("first 200 "))
            for name in ["audit.sqlite", "audit.sqlite-wal", "audit.sqlite-shm"] {
                let file = try FileHandle(forUpdating: URL(fileURLWithPath: "\(asking.state)/\(name)"))
                let size = try file.seekToEnd()
                try file.seek(toOffset: 0)
                try file.write(contentsOf: Data(repeating: 0xa5, count: Int(size)))
                try file.close()
            }
            try await Self.expectDenials(asking)
            let run = try await asking.process.finish()
            #expect(run.exit == .status(7), "the command's own: \(run)")
            #expect(asking.api.messageRequests.map(\.uri) == ["/first/v1/messages"])
        }
    }

    @Test func withoutARecordNoCommandStarts() async throws {
        try await HoopxFixture.run(as: .current) { fixture in
            let state = fixture.directory.path + "/state"
            let script = #"mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@""#
            let namespace = getuid() == 0 ? ["--mount"] : ["--mount", "--user", "--map-root-user"]
            for hasRecord in [false, true] {
                if hasRecord {
                    let run = try await fixture.run(["true"], configuration: fixture.configuration("version: 1"))
                    #expect(run.exit == .status(0), "\(run)")
                }
                let run = try await fixture.start(
                    program: ["/usr/bin/unshare"] + namespace + [
                        "/bin/sh", "-c", script, state, HoopxFixture.hoopx, "run", "--config",
                        fixture.configuration("version: 1"), "--", "/bin/echo", "it runs",
                    ]
                ).finish()
                #expect(run.exit == .status(125) && run.stdout == "", "\(run)")
                #expect(run.stderr.hasPrefix("hoopx: error: "), "\(run)")
            }
        }
    }

    /// Denied for as long as it lasts, and not a byte leaves.
    private static func expectDenials(_ asking: Asking) async throws {
        var count = 0
        // What hoopx has room for already may still be written.
        try await eventually("a denial: \(asking.process.stdout)") {
            count += 1
            return try await asking.isDenied("late\(count)")
        }
        let received = asking.api.requests.count
        for number in 1...5 { #expect(try await asking.isDenied("denied\(number)"), "\(asking.process.stdout)") }
        #expect(asking.api.requests.count == received)
    }
}
