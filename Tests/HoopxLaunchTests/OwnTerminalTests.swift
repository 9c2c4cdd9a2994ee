import CHoopxLinux
import Glibc
import HoopxLinux
import Testing

/// A command with a terminal of its own has it as a shell's job has the shell's.
@Suite(.timeLimit(.minutes(1))) struct OwnTerminalTests {
    @Test func theCommandLeadsTheForegroundGroupOfASessionThatIsTheGuardians() throws {
        let terminal = try PseudoTerminal()
        // Without the window's end the terminal hangs up.
        defer { withExtendedLifetime(terminal) {} }
        let launch = try Self.launch(
            terminal,
            """
            import os
            print(os.getsid(0) == os.getppid(), os.tcgetpgrp(0) == os.getpgrp() == os.getpid(), flush=True)
            print(os.tcgetpgrp(os.open("/dev/tty", os.O_RDWR)) == os.getpgrp(), flush=True)
            """)
        let (last, _) = try launch.finish()
        #expect(last.flatMap { WaitStatus(raw: $0.value) } == .exited(0))
        #expect(launch.allOutput() == "True True\nTrue\n")
    }

    @Test func theTerminalStopsTheCommandAndItsChildrenAndContinuesThemTogether() throws {
        let terminal = try PseudoTerminal()
        defer { withExtendedLifetime(terminal) {} }
        let launch = try Self.launch(
            terminal,
            """
            import os, signal, sys
            child = os.fork()
            if child == 0:
                signal.pause()
            print(child, flush=True)
            while not os.WIFCONTINUED(os.waitpid(child, os.WUNTRACED | os.WCONTINUED)[1]): pass
            print("continued with its child", flush=True)
            os.kill(child, 9)
            """)
        _ = try launch.start()
        let child = try #require(Int32(launch.someOutput().dropLast()))
        Self.type(0x1a, terminal)
        let report = try launch.next()
        #expect(report?.kind == HOOPX_LAUNCH_STOPPED.rawValue && report?.value == SIGTSTP)
        // The command's stop tells nothing of its child's, which may come later: what was never stopped is not continued.
        while try Self.state(of: child) != "T" { usleep(1_000) }
        launch.order(HOOPX_LAUNCH_CONTINUE)
        let (last, _) = try launch.finish()
        #expect(last.flatMap { WaitStatus(raw: $0.value) } == .exited(0))
        #expect(launch.allOutput() == "continued with its child\n")
    }

    @Test func controlCEndsTheCommandAndNotTheGuardian() throws {
        let terminal = try PseudoTerminal()
        defer { withExtendedLifetime(terminal) {} }
        let launch = try Self.launch(terminal, "print('ready', flush=True); import time; time.sleep(600)")
        _ = try launch.start()
        #expect(launch.someOutput() == "ready\n")
        Self.type(0x03, terminal)
        let (last, _) = try launch.finish()
        #expect(last?.kind == HOOPX_LAUNCH_ENDED.rawValue)
        #expect(last.flatMap { WaitStatus(raw: $0.value) } == .signaled(SIGINT))
    }

    @Test func whatIsNoTerminalCannotBeOne() throws {
        let launch = try Launch(["true"], input: nil, terminal: "own")
        let (last, _) = try launch.finish()
        #expect(last?.kind == HOOPX_LAUNCH_FAILED.rawValue)
        #expect(last?.value == Int32(HOOPX_STEP_TERMINAL.rawValue))
        #expect(last?.error == ENOTTY)
    }

    private static func launch(_ terminal: PseudoTerminal, _ script: String) throws -> Launch {
        // SIGINT as a shell leaves it: Python makes an exception of it.
        let program = "import signal; signal.signal(signal.SIGINT, signal.SIG_DFL)\n" + script
        return try Launch(["python3", "-c", program], input: terminal.slave.raw, terminal: "own")
    }

    /// The state letter of proc(5).
    private static func state(of pid: Int32) throws -> Substring {
        let text = try #require(TextFile.read("/proc/\(pid)/stat"))
        return try #require(text.split(separator: ") ").last).prefix(1)
    }

    private static func type(_ byte: UInt8, _ terminal: PseudoTerminal) {
        _ = withUnsafeBytes(of: byte) { write(terminal.master.raw, $0.baseAddress, 1) }
    }
}
