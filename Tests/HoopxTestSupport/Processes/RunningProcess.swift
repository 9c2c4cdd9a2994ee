import CHoopxTestSupport
import Glibc
import Synchronization

/// How a process ended.
public enum Exit: Hashable, Sendable {
    case status(Int32)
    case signal(Int32)
}

/// A process that has ended, and what it wrote.
public struct FinishedProcess: Sendable, CustomStringConvertible {
    public let exit: Exit
    public let stdout: String
    public let stderr: String

    /// All of it, for a failing expectation's comment.
    public var description: String { "\(exit)\n--- stdout\n\(stdout)\n--- stderr\n\(stderr)" }
}

/// A child process with captured output, waited for with deadlines.
public final class RunningProcess: Sendable {
    public let pid: pid_t
    private let input: Mutex<Int32?>
    private let output = CapturedBytes()
    private let errors = CapturedBytes()
    private let end = Mutex<Exit?>(nil)

    /// Starts a program with pipes as its stdin, stdout and stderr, in a process group of its own.
    ///
    /// - Parameters:
    ///   - arguments: the program's path first.
    ///   - environment: all of it; nothing is inherited.
    public init(
        _ arguments: [String], environment: [String: String], directory: String, account: Account = .current
    ) throws {
        let (stdin, stdout, stderr) = (try Pipe(), try Pipe(), try Pipe())
        let spawn = SpawnRequest(
            arguments: account.prefix + arguments, environment: environment, directory: directory,
            descriptors: .stdio(stdin.reading, stdout.writing, stderr.writing))
        pid = try spawn.start()
        for descriptor in [stdin.reading, stdout.writing, stderr.writing] { close(descriptor) }
        input = Mutex(stdin.writing)
        output.start(reading: stdout.reading)
        errors.start(reading: stderr.reading)
        reap()
    }

    /// Starts a program as the leader of a session whose terminal this is.
    init(
        _ arguments: [String], environment: [String: String], directory: String, account: Account, terminalPath: String
    ) throws {
        let spawn = SpawnRequest(
            arguments: account.prefix + arguments, environment: environment, directory: directory,
            descriptors: .terminal(path: terminalPath))
        pid = try spawn.start()
        input = Mutex(nil)
        reap()
    }

    public var stdout: String { output.text }
    public var stderr: String { errors.text }
    public var stdoutBytes: [UInt8] { output.bytes }
    public var hasEnded: Bool { end.withLock { $0 != nil } }

    /// Sends a signal; does nothing once the process has ended.
    public func send(_ signal: Int32) {
        end.withLock { if $0 == nil { kill(pid, signal) } }
    }

    public func write(_ text: String) {
        input.withLock { descriptor in
            guard let descriptor else { return }
            var bytes = Array(text.utf8)[...]
            while !bytes.isEmpty {
                let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
                guard count > 0 else { return }
                bytes = bytes.dropFirst(count)
            }
        }
    }

    public func closeInput() {
        input.withLock { descriptor in
            if let descriptor { close(descriptor) }
            descriptor = nil
        }
    }

    /// Waits until the process has written this text.
    public func waitForStdout(_ text: String, within deadline: Duration = .seconds(60)) async throws {
        try await eventually(within: deadline, "\"\(text)\" on stdout; so far:\n\(stdout)\n--- stderr\n\(stderr)") {
            if stdout.contains(text) { return true }
            if hasEnded, output.isAtEnd {
                throw TestSupportError("the process ended without \"\(text)\": \(stdout)\n--- stderr\n\(stderr)")
            }
            return false
        }
    }

    /// Waits for the end; kills the process and throws where it does not come in time.
    public func exit(within deadline: Duration = .seconds(90)) async throws -> Exit {
        do {
            try await eventually(within: deadline, "the process to end; it wrote\n\(stdout)\n--- stderr\n\(stderr)") {
                hasEnded
            }
        } catch {
            send(SIGKILL)
            throw error
        }
        return end.withLock { $0 } ?? .status(-1)
    }

    /// Closes stdin, waits for the end and for the end of the output.
    public func finish(within deadline: Duration = .seconds(90)) async throws -> FinishedProcess {
        closeInput()
        let exit = try await exit(within: deadline)
        try await eventually(within: .seconds(20), "the end of the output, which a child seems to hold open") {
            output.isAtEnd && errors.isAtEnd
        }
        return FinishedProcess(exit: exit, stdout: stdout, stderr: stderr)
    }

    private func reap() {
        detachThread { [self] in
            var info = siginfo_t()
            while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
            // Under the lock, so that `send` never signals a pid that is free again.
            end.withLock { end in
                var status: Int32 = 0
                while waitpid(pid, &status, 0) < 0, errno == EINTR {}
                let signal = status & 0x7f
                end = signal == 0 ? .status((status >> 8) & 0xff) : .signal(signal)
            }
        }
    }
}

private struct Pipe {
    let reading: Int32
    let writing: Int32

    init() throws {
        var ends: [Int32] = [0, 0]
        let code = hoopx_test_pipe(&ends)
        guard code == 0 else { throw TestSupportError("pipe: errno \(-code)") }
        (reading, writing) = (ends[0], ends[1])
    }
}
