/// A method and a path of the Claude API, and what they ask for.
struct ClaudeEndpoint: Sendable {
    let method: String
    /// `{}` stands for any one segment, `{}...` at the end for any rest.
    let segments: [Substring]
    let operation: ClaudeOperation

    private init(_ method: String, _ path: String, _ name: String) {
        self.method = method
        segments = path.split(separator: "/")
        operation = ClaudeOperation(known: name)
    }

    func matches(_ method: String, _ path: ArraySlice<String>) -> Bool {
        guard method == self.method else { return false }
        let isOpen = segments.last == "{}..."
        guard isOpen ? path.count >= segments.count : path.count == segments.count else { return false }
        return zip(segments, path).allSatisfy { pattern, segment in pattern.hasPrefix("{}") || pattern == segment }
    }

    /// As the API's own SDKs and the Claude CLI ask for them.
    static let all: [ClaudeEndpoint] =
        messages + files + resources("skills") + skillVersions + agents + client
        + [
            .init("GET", "v1/models", "models.list"),
            .init("GET", "v1/models/{}", "models.retrieve"),
            .init("POST", "v1/oauth/token", "oauth.token"),
            .init("POST", "v1/complete", "completions.create"),
        ]

    private static let messages: [ClaudeEndpoint] = [
        .init("POST", "v1/messages", "messages.create"),
        .init("POST", "v1/messages/count_tokens", "messages.count_tokens"),
        .init("POST", "v1/messages/batches", "batches.create"),
        .init("GET", "v1/messages/batches", "batches.list"),
        .init("GET", "v1/messages/batches/{}", "batches.retrieve"),
        .init("DELETE", "v1/messages/batches/{}", "batches.delete"),
        .init("POST", "v1/messages/batches/{}/cancel", "batches.cancel"),
        .init("GET", "v1/messages/batches/{}/results", "batches.results"),
    ]

    private static let files: [ClaudeEndpoint] = [
        .init("POST", "v1/files", "files.create"),
        .init("GET", "v1/files", "files.list"),
        .init("GET", "v1/files/{}", "files.retrieve"),
        .init("DELETE", "v1/files/{}", "files.delete"),
        .init("GET", "v1/files/{}/content", "files.download"),
    ]

    private static let skillVersions: [ClaudeEndpoint] = [
        .init("POST", "v1/skills/{}/versions", "skills.versions.create"),
        .init("GET", "v1/skills/{}/versions", "skills.versions.list"),
        .init("GET", "v1/skills/{}/versions/{}", "skills.versions.retrieve"),
        .init("DELETE", "v1/skills/{}/versions/{}", "skills.versions.delete"),
        .init("GET", "v1/skills/{}/versions/{}/content", "skills.versions.download"),
    ]

    /// Agents that the API runs itself, and what they have.
    private static let agents: [ClaudeEndpoint] =
        resources("agents")
        + resources("sessions") + resources("environments")
        + resources("vaults") + resources("memory_stores")
        + resources("deployments")
        + [
            .init("POST", "v1/sessions/{}/events", "sessions.events.create"),
            .init("GET", "v1/sessions/{}/events", "sessions.events.list"),
            .init("GET", "v1/sessions/{}/events/stream", "sessions.events.stream"),
            .init("POST", "v1/vaults/{}/credentials", "vaults.credentials.create"),
            .init("POST", "v1/memory_stores/{}/memories", "memory_stores.memories.create"),
            .init("POST", "v1/memory_stores/{}/memories/{}", "memory_stores.memories.update"),
            .init("GET", "v1/memory_stores/{}/memories/{}", "memory_stores.memories.retrieve"),
            .init("POST", "v1/deployments/{}/run", "deployments.run"),
        ]

    /// What the Claude CLI asks on its own account.
    private static let client: [ClaudeEndpoint] = [
        .init("HEAD", "api/hello", "client.hello"),
        .init("GET", "api/hello", "client.hello"),
        .init("GET", "api/claude_code/{}...", "client.settings"),
        .init("GET", "api/claude_code_penguin_mode", "client.settings"),
        .init("GET", "api/claude_cli/{}...", "client.settings"),
        .init("GET", "api/directory/server-urls", "client.settings"),
        .init("POST", "api/eval/{}...", "client.evaluation"),
        .init("GET", "api/oauth/{}...", "client.account"),
        .init("GET", "api/web/domain_info", "client.domain_info"),
        .init("POST", "api/event_logging/{}...", "client.telemetry"),
        .init("POST", "v1/metrics", "client.telemetry"),
        .init("POST", "v1/traces", "client.telemetry"),
        .init("POST", "v1/logs", "client.telemetry"),
    ]

    private static func resources(_ name: String) -> [ClaudeEndpoint] {
        [
            .init("POST", "v1/\(name)", "\(name).create"),
            .init("GET", "v1/\(name)", "\(name).list"),
            .init("GET", "v1/\(name)/{}", "\(name).retrieve"),
            .init("POST", "v1/\(name)/{}", "\(name).update"),
            .init("DELETE", "v1/\(name)/{}", "\(name).delete"),
            .init("POST", "v1/\(name)/{}/archive", "\(name).archive"),
        ]
    }
}
