import Foundation
import HoopxTestSupport
import Testing

/// A command whose terminal is recorded behaves as it would without, and what is recorded is masked.
@Suite struct RecordedTerminalTests {
    private static let card = "4111111111111111"

    @Test(arguments: Account.all)
    func theCommandHasATerminalOfTheSameSizeAndFollowsIt(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let (terminal, process) = try Self.start(
                fixture,
                "trap 'stty size' WINCH; test -t 0 -a -t 1 -a -t 2 && stty size; while ! read -t 0.1 x; do :; done; exit 5"
            )
            try await terminal.waitFor("24 80")
            terminal.resize(columns: 132, rows: 43)
            try await terminal.waitFor("43 132")
            terminal.type("\n")
            #expect(try await process.exit() == .status(5), "\(terminal.text)")
            let recording = try await Self.recording(fixture)
            #expect(recording.header["width"] as? Int == 80 && recording.header["height"] as? Int == 24)
            #expect(recording.events.contains { $0.code == "r" && $0.data == "132x43" })
            #expect(recording.shown.contains("24 80\r\n") && recording.shown.contains("43 132\r\n"))
        }
    }

    @Test func controlCReachesTheCommandExactlyOnce() async throws {
        try await HoopxFixture.run { fixture in
            let (terminal, process) = try Self.start(
                fixture,
                """
                exec python3 -c '
                import os, signal, sys
                count = 0
                def interrupted(*_):
                    global count
                    count += 1
                    os.write(1, b"interrupt %d\\n" % count)
                signal.signal(signal.SIGINT, interrupted)
                os.write(1, b"ready\\n")
                sys.stdin.readline()
                os.write(1, b"total %d\\n" % count)
                sys.exit(4)'
                """)
            try await terminal.waitFor("ready")
            terminal.type("\u{3}")
            try await terminal.waitFor("interrupt 1")
            terminal.type("\u{3}")
            try await terminal.waitFor("interrupt 2")
            terminal.type("\n")
            #expect(try await process.exit() == .status(4))
            try await terminal.waitFor("total 2")
        }
    }

    @Test func controlCEndsACommandThatDoesNotHandleItAndNothingIsLeft() async throws {
        try await HoopxFixture.run { fixture in
            let (terminal, process) = try Self.start(fixture, "echo ready; exec sleep 600")
            try await terminal.waitFor("ready")
            terminal.type("\u{3}")
            #expect(try await process.exit() == .status(128 + SIGINT))
            #expect(ProcessTable.pids(marked: fixture.mark).isEmpty)
        }
    }

    @Test(arguments: Account.all)
    func jobControlStopsAndContinuesTheCommand(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let (terminal, shell) = try fixture.terminal(
                ["/bin/bash", "--norc", "--noprofile", "-i"], environment: ["PS1": "prompt> ", "HISTFILE": ""])
            try await terminal.waitFor("prompt> ")
            terminal.type(
                "\(try Self.run(fixture)) sh -c 'echo in-$((1+1)); read x; echo got-$x; sleep 0.2; exit 9'; "
                    + "echo status-$?\n")
            try await terminal.waitFor("in-2")
            for stop in 1...2 {
                terminal.type("\u{1a}")
                // What is typed before the prompt is there can get lost.
                try await eventually("the shell to have the terminal again; so far:\n\(terminal.text)") {
                    let parts = terminal.text.components(separatedBy: "Stopped")
                    return parts.count > stop && parts.last?.contains("prompt> ") == true
                }
                // The terminal is the shell's, with the settings that it had.
                terminal.type("stty -a | grep -o ' icanon' | tr c C; echo shell-$((3+\(stop)))\n")
                try await terminal.waitFor("shell-\(3 + stop)")
                terminal.type("fg\n")
                try await eventually("the command to have the terminal") {
                    !ProcessTable.commandLine(of: terminal.foregroundGroup).hasPrefix("/bin/bash")
                }
            }
            #expect(terminal.text.contains(" iCanon"), "\(terminal.text)")
            terminal.type("word\n")
            try await terminal.waitFor("got-word")
            try await eventually("the prompt") { terminal.text.hasSuffix("prompt> ") }
            terminal.type("exit 3\n")
            #expect(try await shell.exit() == .status(3), "\(terminal.text)")
            #expect(try await Self.recording(fixture).shown.contains("got-word"))
        }
    }

    @Test func noControlZIsLostHoweverSoonItComesAfterTheCommandGoesOn() async throws {
        try await HoopxFixture.run { fixture in
            let shell = try fixture.start(program: [
                Clients.python(), Clients.script("stop_again.py"), "120",
                HoopxFixture.hoopx, "run", "--record-terminal", "--config", fixture.configuration("version: 1"), "--",
                "/bin/sh", "-c", "echo ready; read x; exit 7",
            ])
            // On a busy machine a round takes seconds; a Ctrl-Z that had no effect is given up after a minute.
            let end = try await shell.finish(within: .seconds(600))
            #expect(end.exit == .status(7) && end.stdout == "stopped 121 times\n", "\(end)")
        }
    }

    @Test func aFullScreenProgramHasItsModesAndTheShellGetsItsOwnBack() async throws {
        try await HoopxFixture.run { fixture in
            let run = try Self.run(fixture)
            let (terminal, shell) = try fixture.terminal([
                "/bin/sh", "-c",
                """
                echo "before $(stty -g)."
                \(run) python3 -c '
                import os, sys, termios, tty
                saved = termios.tcgetattr(0)
                tty.setraw(0)
                os.write(1, b"\\033[?1049hraw\\r\\n")
                keys = b""
                while not keys.endswith(b"q"): keys += os.read(0, 10)
                os.write(1, b"keys " + keys.hex().encode() + b"\\r\\n\\033[?1049l")
                termios.tcsetattr(0, termios.TCSADRAIN, saved)'
                echo "after $(stty -g)."
                """,
            ])
            try await terminal.waitFor("raw")
            // Ctrl-C, Ctrl-Z, Return and an arrow are bytes like any other to it.
            terminal.type("\u{3}\u{1a}\r\u{1b}[Aq")
            try await terminal.waitFor("keys 031a0d1b5b4171")
            #expect(try await shell.exit() == .status(0))
            // The shell can be gone before its last line is read.
            try await eventually("the shell's last line") { terminal.text.hasSuffix(".\r\n") }
            func settings(_ word: String) throws -> Substring {
                let start = try #require(terminal.text.range(of: word + " ")).upperBound
                return terminal.text[start...].prefix { $0 != "." }
            }
            #expect(try settings("after") == settings("before"), "\(terminal.text)")
        }
    }

    @Test func aValueIsMaskedHoweverItWasWrittenAndNothingThatHoopxWroteHoldsIt() async throws {
        try await HoopxFixture.run { fixture in
            let (terminal, process) = try Self.start(
                fixture,
                """
                exec python3 -c '
                import os, sys, time
                os.write(1, b"card 41111111"); time.sleep(0.1)
                os.write(1, b"11111111 paid\\n")
                for byte in b"again 4111111111111111 paid\\n": os.write(1, bytes([byte])); time.sleep(0.005)
                os.write(1, b"red 4111\\033[31m111111111111\\033[0m paid\\n")
                sys.stdin.readline()'
                """)
            try await terminal.waitFor("red 4111")
            terminal.type("\n")
            #expect(try await process.exit() == .status(0))
            // The user sees it.
            try await terminal.waitFor("card \(Self.card) paid")
            let shown = try await Self.recording(fixture).shown
            for word in ["card", "again", "red"] { #expect(shown.contains("\(word) [CREDIT_CARD]"), "\(shown)") }
            #expect(!shown.contains("4111"))
            let state = fixture.directory.path + "/state"
            let grep = try await fixture.start(program: ["/bin/grep", "-rlaF", Self.card, state]).finish()
            #expect(grep.stdout == "", "\(grep)")
        }
    }

    @Test func whatIsTypedIsNotRecorded() async throws {
        try await HoopxFixture.run { fixture in
            let (terminal, process) = try Self.start(
                fixture, "stty -echo; echo ready; read secret; stty echo; echo done ${#secret}")
            try await terminal.waitFor("ready")
            terminal.type("correct horse battery\n")
            #expect(try await process.exit() == .status(0))
            let shown = try await Self.recording(fixture).shown
            #expect(shown.contains("done 21") && !shown.contains("horse"), "\(shown)")
        }
    }

    @Test func theLastBytesOfAFloodAreShownAndRecorded() async throws {
        try await HoopxFixture.run { fixture in
            let (terminal, process) = try Self.start(fixture, "seq 1 60000; printf last-words")
            #expect(try await process.exit() == .status(0))
            try await terminal.waitFor("last-words")
            let shown = try await Self.recording(fixture).shown
            #expect(shown.hasSuffix("59999\r\n60000\r\nlast-words"))
            #expect(shown.hasPrefix("1\r\n2\r\n"))
        }
    }

    @Test func anIdleCommandCostsNothing() async throws {
        try await HoopxFixture.run { fixture in
            let (terminal, process) = try Self.start(fixture, "echo ready; read x")
            try await terminal.waitFor("ready")
            var before = try Self.processorTime(of: process.pid)
            var spent = Int.max
            // What the start has left to do takes longer on a busy machine; a relay that never rests is busy in each.
            for _ in 0..<5 where spent > 2 {
                try await Task.sleep(for: .seconds(2))
                let now = try Self.processorTime(of: process.pid)
                (spent, before) = (now - before, now)
            }
            #expect(spent <= 2, "in hundredths of a second")
            terminal.type("\n")
            #expect(try await process.exit() == .status(0))
        }
    }

    @Test func withoutATerminalTheCommandRunsUnrecordedAndThatIsSaid() async throws {
        try await HoopxFixture.run { fixture in
            let run = try await fixture.start([
                "run", "--record-terminal", "--config", fixture.configuration("version: 1"), "--", "/bin/sh", "-c",
                "echo out; exit 6",
            ]).finish()
            #expect(run.exit == .status(6) && run.stdout == "out\n", "\(run)")
            #expect(run.stderr == "hoopx: the terminal is not recorded: standard input is not the terminal\n")
            let export = try await fixture.start([
                "sessions", "export", "--format", "asciicast", Self.newest(fixture),
            ]).finish()
            #expect(export.exit == .status(64) && export.stderr.contains("its terminal was not recorded"), "\(export)")
        }
    }

    /// utime and stime of all threads, in clock ticks (proc_pid_stat(5)).
    private static func processorTime(of pid: pid_t) throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        let fields = try #require(text.split(separator: ")").last).split(separator: " ")
        return try #require(Int(fields[11])) + #require(Int(fields[12]))
    }

    private struct Recording {
        let header: [String: Any]
        let events: [(time: Double, code: String, data: String)]

        var shown: String { events.filter { $0.code == "o" }.map(\.data).joined() }
    }

    private static func newest(_ fixture: HoopxFixture) async throws -> String {
        let list = try await fixture.start(["sessions", "list", "--limit", "1", "--json"]).finish()
        let object = try JSONSerialization.jsonObject(with: Data(list.stdout.utf8)) as? [String: Any]
        return try #require(object?["session"] as? String)
    }

    private static func recording(_ fixture: HoopxFixture) async throws -> Recording {
        let export = try await fixture.start([
            "sessions", "export", "--format", "asciicast", newest(fixture),
        ]).finish()
        #expect(export.exit == .status(0), "\(export)")
        let lines = export.stdout.split(separator: "\n").map { Data($0.utf8) }
        let first = try #require(lines.first)
        let header = try #require(try JSONSerialization.jsonObject(with: first) as? [String: Any])
        #expect(header["version"] as? Int == 2)
        let events = try lines.dropFirst().map { line in
            let event = try #require(try JSONSerialization.jsonObject(with: line) as? [Any])
            return (
                time: try #require(event[0] as? Double), code: try #require(event[1] as? String),
                data: try #require(event[2] as? String)
            )
        }
        return Recording(header: header, events: events)
    }

    private static func run(_ fixture: HoopxFixture) throws -> String {
        "\(HoopxFixture.hoopx) run --record-terminal --config \(try fixture.configuration("version: 1")) --"
    }

    private static func start(_ fixture: HoopxFixture, _ script: String) throws -> (PseudoTerminal, RunningProcess) {
        try fixture.terminal([
            HoopxFixture.hoopx, "run", "--record-terminal", "--config", fixture.configuration("version: 1"), "--",
            "/bin/bash", "-c", script,
        ])
    }
}
