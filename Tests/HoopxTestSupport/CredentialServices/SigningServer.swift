import Foundation

/// A Bedrock runtime on loopback that checks each signature with botocore: Clients/bedrock_server.py.
public final class SigningServer: Sendable {
    public let url: String
    private let process: RunningProcess

    public init(keyID: String, secret: String, token: String) async throws {
        process = try RunningProcess(
            [try ServicePrograms.python(), try ServicePrograms.client("bedrock_server.py"), keyID, secret, token],
            environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"],
            directory: "/")
        try await process.waitForStdout("\n")
        url = "http://127.0.0.1:" + process.stdout.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    public func stop() { process.send(SIGKILL) }
}
