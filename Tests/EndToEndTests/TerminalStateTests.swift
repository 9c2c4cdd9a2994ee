import Foundation
import HoopxTestSupport
import Testing

/// What a shell would do for the command, and hoopx does in its place because the shell sees hoopx.
@Suite struct TerminalStateTests {
    @Test(arguments: Account.all)
    func aCommandThatStopsItselfStopsHoopxAndGoesOnWithIt(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let (terminal, shell) = try await Self.interactiveShell(fixture)
            try Self.type(
                "sh -c 'kill -STOP $$; echo first-$((1+1)); kill -STOP $$; echo second-$((2+2))'", terminal, fixture)
            try await Self.waitForStops(1, terminal)
            #expect(!terminal.text.contains("first-2"))
            terminal.type("fg\n")
            try await terminal.waitFor("first-2")
            // The shell learns of each stop, however soon it comes after the last.
            try await Self.waitForStops(2, terminal)
            #expect(!terminal.text.contains("second-4"))
            terminal.type("fg\n")
            try await terminal.waitFor("second-4")
            terminal.type("exit 3\n")
            #expect(try await shell.exit() == .status(3), "\(terminal.text)")
        }
    }

    @Test func aStoppedCommandGoesOnWhenHoopxIsContinuedWithoutAShell() async throws {
        try await HoopxFixture.run { fixture in
            let process = try fixture.start([
                "run", "--config", fixture.configuration("version: 1"), "--", "/bin/sh", "-c",
                "kill -STOP $$; echo went on",
            ])
            try await eventually("hoopx to stop") { ProcessTable.state(of: process.pid) == "T" }
            #expect(process.stdout.isEmpty)
            process.send(SIGCONT)
            let run = try await process.finish()
            #expect(run.stdout == "went on\n")
            #expect(run.exit == .status(0), "\(run)")
        }
    }

    @Test(arguments: [SIGKILL, SIGTERM, SIGSEGV])
    func theTerminalIsPutBackAfterACommandThatASignalEnded(signal: Int32) async throws {
        try await HoopxFixture.run { fixture in
            let run = "\(HoopxFixture.hoopx) run --config \(try fixture.configuration("version: 1")) --"
            // A shell without job control leaves the terminal as it finds it.
            let (terminal, shell) = try fixture.terminal([
                "/bin/sh", "-c",
                """
                echo "before $(stty -g)."
                \(run) sh -c 'stty raw -echo; echo "raw $(stty -g)."; kill -\(signal) $$'
                echo "after $(stty -g)."
                """,
            ])
            #expect(try await shell.exit() == .status(0))
            try await terminal.waitFor("after ")
            func settings(_ word: String) throws -> Substring {
                let start = try #require(terminal.text.range(of: word + " ")).upperBound
                return terminal.text[start...].prefix { $0 != "." }
            }
            #expect(try settings("raw") != settings("before"), "the command had its way with the terminal")
            #expect(try settings("after") == settings("before"), "\(terminal.text)")
        }
    }

    private static func interactiveShell(_ fixture: HoopxFixture) async throws -> (PseudoTerminal, RunningProcess) {
        let (terminal, shell) = try fixture.terminal(
            ["/bin/bash", "--norc", "--noprofile", "-i"], environment: ["PS1": "prompt> ", "HISTFILE": ""])
        try await terminal.waitFor("prompt> ")
        return (terminal, shell)
    }

    private static func type(_ command: String, _ terminal: PseudoTerminal, _ fixture: HoopxFixture) throws {
        let configuration = try fixture.configuration("version: 1")
        terminal.type("\(HoopxFixture.hoopx) run --config \(configuration) -- \(command)\n")
    }

    private static func waitForStops(_ count: Int, _ terminal: PseudoTerminal) async throws {
        // What is typed before the prompt is there can get lost.
        try await eventually("the shell to tell of stop \(count); so far:\n\(terminal.text)") {
            let parts = terminal.text.components(separatedBy: "Stopped")
            return parts.count > count && parts.last?.contains("prompt> ") == true
        }
    }
}
