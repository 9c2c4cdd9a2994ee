import Foundation
import HoopxTestSupport
import Testing

/// Interactive programs behave as they would without hoopx.
@Suite struct TerminalTests {
    @Test(arguments: Account.all)
    func theCommandHasTheTerminalAndItsSize(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let (terminal, process) = try Self.start(
                fixture,
                "trap 'stty size' WINCH; test -t 0 -a -t 1 -a -t 2 && stty size; while ! read -t 0.1 x; do :; done")
            try await terminal.waitFor("24 80")
            terminal.resize(columns: 132, rows: 43)
            try await terminal.waitFor("43 132")
            terminal.type("\n")
            #expect(try await process.exit() == .status(0))
        }
    }

    @Test(arguments: Account.all)
    func controlCReachesTheCommandExactlyOnce(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
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

    @Test func controlCEndsACommandThatDoesNotHandleIt() async throws {
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
            let configuration = try fixture.configuration("version: 1")
            let (terminal, shell) = try fixture.terminal(
                ["/bin/bash", "--norc", "--noprofile", "-i"], environment: ["PS1": "prompt> ", "HISTFILE": ""])
            try await terminal.waitFor("prompt> ")
            terminal.type(
                "\(HoopxFixture.hoopx) run --config \(configuration) -- sh -c 'echo in-$((1+1)); read x; echo got-$x'\n"
            )
            try await terminal.waitFor("in-2")
            terminal.type("\u{1a}")
            // What is typed before the prompt is there can get lost.
            try await eventually("the shell to have the terminal again; so far:\n\(terminal.text)") {
                let behind = terminal.text.components(separatedBy: "Stopped").dropFirst().last
                return behind?.contains("prompt> ") == true
            }
            terminal.type("echo shell-$((3+4))\n")
            try await terminal.waitFor("shell-7")
            terminal.type("fg\n")
            terminal.type("word\n")
            try await terminal.waitFor("got-word")
            terminal.type("exit 3\n")
            #expect(try await shell.exit() == .status(3), "\(terminal.text)")
        }
    }

    @Test func anInteractiveShellRunsItsOwnJobs() async throws {
        try await HoopxFixture.run { fixture in
            let (terminal, process) = try Self.start(
                fixture, "PS1='inner> ' HISTFILE= exec bash --norc --noprofile -i")
            try await terminal.waitFor("inner> ")
            terminal.type("sleep 600\n")
            try await eventually("sleep to have the terminal") {
                ProcessTable.commandLine(of: terminal.foregroundGroup).hasPrefix("sleep 600")
            }
            terminal.type("\u{1a}")
            try await terminal.waitFor("Stopped")
            // The stopped job is left behind: it must not keep the run.
            terminal.type("exec sh -c 'exit 6'\n")
            #expect(try await process.exit() == .status(6), "\(terminal.text)")
            #expect(!terminal.text.contains("no job control"), "\(terminal.text)")
            #expect(ProcessTable.pids(marked: fixture.mark).isEmpty)
        }
    }

    @Test func hoopxWritesNothingWhileTheCommandOwnsTheTerminal() async throws {
        try await HoopxFixture.run { fixture in
            let (terminal, process) = try Self.start(
                fixture,
                """
                printf '\\033[?1049hfull-screen'
                curl -s -m 60 https://denied.example.com/
                read x
                printf 'leaving\\033[?1049l'
                """)
            try await terminal.waitFor("full-screen")
            // Give the denial every chance to be shown too early: it is in the record once it happened.
            try await eventually("the denial") { try await fixture.sessionHasDenial() }
            #expect(!terminal.text.contains("hoopx: "))
            terminal.type("\n")
            #expect(try await process.exit() == .status(0))
            try await terminal.waitFor("hoopx: denied: ")
            try await terminal.waitFor("hoopx: hint: ")
            let after = try #require(terminal.text.range(of: "\u{1b}[?1049l")).upperBound
            #expect(terminal.text[after...].contains("hoopx: hint: "), "\(terminal.text)")
        }
    }

    @Test func theCommandsBytesAreTheOnlyBytes() async throws {
        try await HoopxFixture.run { fixture in
            let run = try await fixture.run(
                ["/bin/sh", "-c", "cat; echo err >&2"], configuration: fixture.configuration("version: 1"),
                input: "in\n")
            #expect(run.stdout == "in\n")
            #expect(run.stderr == "err\n")
            let verbose = try await fixture.start([
                "run", "-v", "--config", fixture.configuration("version: 1"), "--", "/bin/echo", "out",
            ]).finish()
            #expect(verbose.stdout == "out\n")
            #expect(!verbose.stderr.isEmpty)
            #expect(verbose.stderr.split(separator: "\n").allSatisfy { $0.hasPrefix("hoopx: ") }, "\(verbose)")
        }
    }

    private static func start(_ fixture: HoopxFixture, _ script: String) throws -> (PseudoTerminal, RunningProcess) {
        try fixture.terminal([
            HoopxFixture.hoopx, "run", "--config", fixture.configuration("version: 1"), "--", "/bin/bash", "-c", script,
        ])
    }
}

extension HoopxFixture {
    fileprivate func sessionHasDenial() async throws -> Bool { try await newestSession().denials?.isEmpty == false }
}
