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
        _ command: [String], directory: String? = nil, streams: [Int32] = [0, 1, 2], withoutNamespace: Bool = false
    ) -> LaunchPlan {
        LaunchPlan(
            launchProgram: products + "hoopx-launch",
            namespaceProgram: withoutNamespace ? "/nonexistent" : products + "hoopx-netns", command: command,
            environment: environment, workingDirectory: directory,
            signals: InheritedSignals(ignoring: [], blocking: []), explicitProxyPort: 9,
            standardStreams: streams)
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
        executions: (any ExecutionObserver)? = nil
    ) async throws -> Outcome {
        try await start(
            command, handler, directory: directory, withoutNamespace: withoutNamespace, executions: executions
        ).finish()
    }

    static func run(python program: String, _ handler: any EgressHandler, withoutNamespace: Bool = false) async throws
        -> Outcome
    {
        try await run(python(program), handler, withoutNamespace: withoutNamespace)
    }

    static func start(
        _ command: [String], _ handler: any EgressHandler, directory: String? = nil, withoutNamespace: Bool = false,
        executions: (any ExecutionObserver)? = nil
    ) async throws -> Running {
        let input = Pipe()
        let output = Pipe()
        let plan = plan(
            command, directory: directory,
            streams: [
                input.fileHandleForReading.fileDescriptor, output.fileHandleForWriting.fileDescriptor,
                output.fileHandleForWriting.fileDescriptor,
            ], withoutNamespace: withoutNamespace)
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
        func line() async -> String {
            await onThread {
                var bytes: [UInt8] = []
                while let byte = try? output.read(upToCount: 1)?.first, byte != 10 { bytes.append(byte) }
                return String(decoding: bytes, as: UTF8.self)
            }
        }

        func finish() async throws -> Outcome {
            try input.close()
            return try await onThread {
                let output = try output.readToEnd() ?? Data()
                let report = target.waitForEnd()
                return Outcome(
                    output: String(decoding: output, as: UTF8.self).trimmingCharacters(in: .newlines), report: report,
                    tier: target.datagramTier)
            }
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
