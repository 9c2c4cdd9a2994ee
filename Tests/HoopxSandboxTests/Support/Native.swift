import Foundation
import Glibc
import HoopxLinux

/// Runs a command without the sandbox, for comparison.
///
/// Not with Foundation's Process: it lists the process's descriptors, and crashes where other threads open more
/// meanwhile.
enum Native {
    /// A Unix server in a process of its own.
    struct Server {
        private let child: Child

        init(listeningOn path: String) throws {
            child = try Child([
                "python3", "-c",
                """
                import socket, sys
                server = socket.socket(socket.AF_UNIX); server.bind(sys.argv[1]); server.listen(); print("ready", flush=True)
                sys.stdin.read()
                """, path,
            ])
            _ = try child.output.read(upToCount: 1)
        }

        func end() { child.finish() }
    }

    /// - Returns: its standard output and error.
    static func run(_ command: [String]) async throws -> String {
        try await onThread {
            let child = try Child(command)
            let bytes = try child.output.readToEnd() ?? Data()
            child.finish()
            return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .newlines)
        }
    }

    private struct Child {
        let output: FileHandle
        private let input: FileHandle
        private let pid: Int32

        init(_ command: [String]) throws {
            let (input, output) = (Pipe(), Pipe())
            let theirOutput = output.fileHandleForWriting.fileDescriptor
            pid = try ProcessSpawner(
                program: "/usr/bin/env", arguments: ["env"] + command,
                environment: Sandboxed.environment.map { "\($0.key)=\($0.value)" }, signals: .current(),
                descriptors: [input.fileHandleForReading.fileDescriptor, theirOutput, theirOutput]
            ).spawn()
            try output.fileHandleForWriting.close()
            self.input = input.fileHandleForWriting
            self.output = output.fileHandleForReading
        }

        func finish() {
            try? input.close()
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        }
    }
}
