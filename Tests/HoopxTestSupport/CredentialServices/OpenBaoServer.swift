import Foundation

/// A real OpenBao on loopback, in memory, unsealed, with a root token that only its test knows.
public final class OpenBaoServer: Sendable {
    public let url: String
    public let root: String
    private let process: RunningProcess

    public init() async throws {
        root = "root-" + UUID().uuidString.lowercased()
        // The server takes no port of the kernel's choice: this one was free a moment ago.
        let port = try await Self.freePort()
        url = "http://127.0.0.1:\(port)"
        process = try RunningProcess(
            [
                try ServicePrograms.openBao(), "server", "-dev", "-dev-root-token-id=\(root)", "-dev-no-store-token",
                "-dev-listen-address=127.0.0.1:\(port)",
            ], environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"], directory: "/")
        let process = process
        try await process.waitForStdout("Root Token:")
    }

    public func stop() { process.send(SIGKILL) }

    /// Carries out a request as root; fails for an answer that is no success.
    @discardableResult
    public func root(_ method: String, _ path: String, _ body: [String: any Sendable] = [:]) async throws -> String {
        let answer = try await ask(method, path, body)
        guard (200...204).contains(answer.status) else { throw TestSupportError("\(method) \(path): \(answer)") }
        return answer.body
    }

    /// What root gets for a request.
    public func ask(
        _ method: String, _ path: String, _ body: [String: any Sendable] = [:]
    ) async throws -> (status: Int, body: String) {
        let text = body.isEmpty ? "" : String(decoding: try JSONSerialization.data(withJSONObject: body), as: UTF8.self)
        return try await ServiceRequest(
            method: method, url: "\(url)/v1/\(path)", fields: ["X-Vault-Token": root], body: text
        ).send()
    }

    private static func freePort() async throws -> Int {
        let server = try await LoopbackHTTPServer { _ in [] }
        await server.close()
        return server.port
    }
}
