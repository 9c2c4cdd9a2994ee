import HoopxTestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct RunningProcessTests {
    @Test func bothStreamsAndTheStatusAreCaptured() async throws {
        let process = try RunningProcess(
            ["/bin/sh", "-c", "cat; echo $WORD >&2; exit 7"], environment: ["WORD": "err"], directory: "/tmp")
        process.write("in\n")
        let finished = try await process.finish()
        #expect(finished.exit == .status(7))
        #expect(finished.stdout == "in\n" && finished.stderr == "err\n")
    }

    @Test func aSignalIsToldFromAStatus() async throws {
        let process = try RunningProcess(["/bin/sleep", "600"], environment: [:], directory: "/")
        process.send(SIGTERM)
        #expect(try await process.exit() == .signal(SIGTERM))
    }

    @Test func aDeadlineThatPassesFailsAndEndsTheProcess() async throws {
        let process = try RunningProcess(["/bin/sleep", "600"], environment: [:], directory: "/")
        await #expect(throws: TestSupportError.self) { try await process.exit(within: .milliseconds(50)) }
        #expect(try await process.exit() == .signal(SIGKILL))
    }

    @Test func aProgramOnAPseudoTerminalHasIt() async throws {
        let terminal = try PseudoTerminal(columns: 100, rows: 30)
        let process = try terminal.start(
            ["/bin/sh", "-c", "stty size; read line; echo got-$line"], environment: ["PATH": "/bin:/usr/bin"],
            directory: "/")
        try await terminal.waitFor("30 100")
        terminal.type("word\n")
        try await terminal.waitFor("got-word")
        #expect(try await process.exit() == .status(0))
    }
}
