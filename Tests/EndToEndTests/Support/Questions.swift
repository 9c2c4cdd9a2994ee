import HoopxTestSupport

/// The smallest request that the loopback API answers, and what it says.
enum Question {
    static let body = #"{"model":"claude-loopback-1","max_tokens":64,"messages":[{"role":"user","content":"hi"}]}"#
    static let streamed = body.dropLast() + #","stream":true}"#
    static let answer = "Hello from the loopback Claude API."
    static let url = "https://api.anthropic.com/v1/messages"
}

extension HoopxFixture {
    /// `hoopx run -- sh -c SCRIPT`.
    func shell(
        _ script: String, configuration: String, environment more: [String: String?] = [:]
    ) async throws -> FinishedProcess {
        try await run(["/bin/sh", "-c", script], configuration: configuration, environment: more)
    }

    /// `hoopx run -- python3 -c PROGRAM ARGUMENTS`.
    func python(
        _ program: String, _ arguments: [String] = [], configuration: String, environment more: [String: String?] = [:]
    ) async throws -> FinishedProcess {
        try await run(
            [Clients.python(), "-c", program] + arguments, configuration: configuration, environment: more)
    }
}
