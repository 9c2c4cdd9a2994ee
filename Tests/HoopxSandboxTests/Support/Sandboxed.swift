import Foundation
import Glibc
import HoopxCore
import HoopxLinux
import Testing

@testable import HoopxSandbox

/// Runs commands under the sandbox, with the programs that were built beside the tests.
enum Sandboxed {
    struct Outcome {
        let output: String
        let report: RunningTarget.Report
        let tier: DatagramTier

        /// Whether the command ended with status 0.
        var hasSucceeded: Bool { report == .ended(.exited(0), leavesProcesses: false) }
    }

    private static let products =
        URL(filePath: #filePath).appending(path: "../../../../.build/debug").standardized.path() + "/"

    static let environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"]

    // The tests' threads block signals, so that theirs are not what a command should begin with.
    static func plan(
        _ command: [String], directory: String? = nil, streams: [Int32] = [0, 1, 2], withoutNamespace: Bool = false,
        fileRules: FileRules? = nil, localRules: LocalRules = .none
    ) -> LaunchPlan {
        LaunchPlan(
            launchProgram: products + "hoopx-launch",
            namespaceProgram: withoutNamespace ? "/nonexistent" : products + "hoopx-netns", command: command,
            environment: environment, workingDirectory: directory,
            signals: InheritedSignals(ignoring: [], blocking: []), explicitProxyPort: 9,
            fileRules: fileRules, localRules: localRules, standardStreams: streams)
    }

    /// A Python program, with what all of them use.
    static func python(_ program: String) -> [String] {
        let preamble = """
            import ctypes, errno, os, select, signal, socket, struct, sys, threading, time
            signal.alarm(60)
            libc = ctypes.CDLL(None, use_errno=True)
            def name(number): return errno.errorcode.get(number, str(number))
            def attempt(action):
                try: return action() or "ok"
                except OSError as error: return name(error.errno)
            def line(connection): return connection.makefile().readline().strip()
            def connected(*address, family=socket.AF_INET, timeout=20):
                connection = socket.socket(family); connection.settimeout(timeout); connection.connect(address)
                return connection

            """
        return ["python3", "-c", preamble + program]
    }

    /// Runs a command to its end, with its standard output and error captured.
    static func run(
        _ command: [String], _ handler: any EgressHandler, directory: String? = nil, withoutNamespace: Bool = false,
        fileRules: FileRules? = nil, localRules: LocalRules = .none, executions: (any ExecutionObserver)? = nil
    ) async throws -> Outcome {
        try await start(
            command, handler, directory: directory, withoutNamespace: withoutNamespace, fileRules: fileRules,
            localRules: localRules, executions: executions
        ).finish()
    }

    static func run(
        python program: String, _ handler: any EgressHandler, withoutNamespace: Bool = false,
        fileRules: FileRules? = nil, localRules: LocalRules = .none
    ) async throws -> Outcome {
        try await run(
            python(program), handler, withoutNamespace: withoutNamespace, fileRules: fileRules, localRules: localRules)
    }

    static func start(
        _ command: [String], _ handler: any EgressHandler, directory: String? = nil, withoutNamespace: Bool = false,
        fileRules: FileRules? = nil, localRules: LocalRules = .none, executions: (any ExecutionObserver)? = nil
    ) async throws -> Running {
        let input = Pipe()
        let output = Pipe()
        let plan = plan(
            command, directory: directory,
            streams: [
                input.fileHandleForReading.fileDescriptor, output.fileHandleForWriting.fileDescriptor,
                output.fileHandleForWriting.fileDescriptor,
            ], withoutNamespace: withoutNamespace, fileRules: fileRules, localRules: localRules)
        let target = try await onThread { () throws(HoopxError) in
            try Sandbox.launch(plan, handler: handler, executions: executions)
        }
        try output.fileHandleForWriting.close()
        try input.fileHandleForReading.close()
        return Running(target: target, input: input.fileHandleForWriting, output: output.fileHandleForReading)
    }

    // Unchecked because of the file handles, which one task uses at a time.
    struct Running: @unchecked Sendable {
        let target: RunningTarget
        let input: FileHandle
        let output: FileHandle

        func tell(_ text: String) throws { try input.write(contentsOf: Data(text.utf8)) }

        /// The next line of its output.
        func line() async throws -> String {
            try await onThread {
                var line = Data()
                while let byte = try part(upTo: 1), byte != Data([10]) { line += byte }
                return String(decoding: line, as: UTF8.self)
            }
        }

        func finish() async throws -> Outcome {
            try input.close()
            return try await onThread {
                var output = Data()
                while let part = try part(upTo: 1 << 16) { output += part }
                return Outcome(
                    output: String(decoding: output, as: UTF8.self).trimmingCharacters(in: .newlines),
                    report: try end(), tier: target.datagramTier)
            }
        }

        /// Waits for the end of the command, whatever becomes of its output.
        func report() async throws -> RunningTarget.Report { try await onThread { try end() } }

        private func end() throws -> RunningTarget.Report {
            while true {
                try waitForInput(on: target.reportDescriptor)
                let report = target.nextReport()
                if case .stopped = report { continue }
                return report
            }
        }

        /// The next output; nil at its end.
        private func part(upTo limit: Int) throws -> Data? {
            try waitForInput(on: output.fileDescriptor)
            return try output.read(upToCount: limit)
        }

        /// Waits, but not for ever: a sandbox that is broken must fail a test, not hang it.
        private func waitForInput(on descriptor: Int32) throws {
            var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&watched, 1, 70_000) == 0 else { return }
            // Without its guardian the command ends, whoever would have had to end it.
            kill(target.guardian, SIGKILL)
            throw Errno(ETIMEDOUT)
        }
    }
}

/// Does what blocks on a thread of its own, so that the tests' common threads stay free.
func onThread<Value: Sendable, Failure: Error>(
    _ body: @escaping @Sendable () throws(Failure) -> Value
) async throws(Failure) -> Value {
    let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
        Thread.detachNewThread { continuation.resume(returning: Result(catching: body)) }
    }
    return try result.get()
}
