import Foundation

/// Runs a command without the sandbox, for comparison.
enum Native {
    /// A Unix server in a process of its own.
    struct Server {
        private let process = Process()

        init(listeningOn path: String) throws {
            let output = Pipe()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = [
                "python3", "-c",
                """
                import socket, sys
                server = socket.socket(socket.AF_UNIX); server.bind(sys.argv[1]); server.listen(); print("ready", flush=True)
                sys.stdin.read()
                """, path,
            ]
            process.standardInput = input
            process.standardOutput = output
            try process.run()
            _ = try output.fileHandleForReading.read(upToCount: 1)
        }

        private let input = Pipe()

        func end() {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }
    }

    /// - Returns: its standard output.
    static func run(_ command: [String]) async throws -> String {
        try await onThread {
            let process = Process()
            let output = Pipe()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = command
            process.environment = Sandboxed.environment
            process.standardOutput = output
            process.standardError = output
            try process.run()
            let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .newlines)
        }
    }
}
