import Glibc
import HoopxCore
import HoopxLinux
import Testing

@testable import HoopxSandbox

@Suite struct LaunchTests {
    @Test func theEndOfTheCommandIsReported() async throws {
        let handler = FakeEgress.nothing()
        #expect(try await Sandboxed.run(["true"], handler).report == .ended(.exited(0), leavesProcesses: false))
        #expect(
            try await Sandboxed.run(["sh", "-c", "exit 7"], handler).report
                == .ended(.exited(7), leavesProcesses: false))
        let killed = try await Sandboxed.run(["sh", "-c", "kill -TERM $$"], handler)
        #expect(killed.report == .ended(.signaled(SIGTERM), leavesProcesses: false))
    }

    @Test func aCommandThatDoesNotExistIsNotFound() async throws {
        for command in ["hoopx-no-such-command", "/nonexistent/command"] {
            let error = await #expect(throws: HoopxError.self) {
                try await Sandboxed.run([command], FakeEgress.nothing())
            }
            #expect(error?.kind == .commandNotFound)
            #expect(error?.description == "running \(command): command not found")
        }
    }

    @Test func aFileThatIsNoProgramIsNotExecutable() async throws {
        for command in ["/etc/passwd", "/etc"] {
            let error = await #expect(throws: HoopxError.self) {
                try await Sandboxed.run([command], FakeEgress.nothing())
            }
            #expect(error?.kind == .commandNotExecutable)
        }
    }

    @Test func theCommandGetsItsDirectoryAndEnvironment() async throws {
        let outcome = try await Sandboxed.run(
            ["sh", "-c", "pwd; env | grep -c proxy"], FakeEgress.nothing(), directory: "/usr")
        #expect(outcome.output == "/usr\n0")
        let denied = try await Sandboxed.run(
            ["sh", "-c", "echo $RES_OPTIONS $https_proxy"], FakeEgress.nothing(), withoutNamespace: true)
        #expect(denied.output == "use-vc http://127.0.0.1:9")
        guard case .denied(let reason) = denied.tier else { throw Unexpected() }
        #expect(reason.contains("/nonexistent"))
    }

    @Test func terminatingKillsWhatTheCommandStarted() async throws {
        let running = try await Sandboxed.start(
            ["sh", "-c", "(setsid sleep 1000 & echo $!) & wait; sleep 1000"], FakeEgress.nothing())
        let daemon = try #require(Int32(try await running.line()))
        #expect(kill(daemon, 0) == 0)
        running.target.terminate()
        #expect(try await running.report() == .ended(.signaled(SIGKILL), leavesProcesses: false))
        #expect(kill(daemon, 0) < 0)
    }

    private struct Unexpected: Error {}
}
