import HoopxClaude
import Testing

struct ClaudeOperationTests {
    @Test(arguments: [
        ("POST", "/v1/messages", "messages.create"), ("POST", "/v1/messages?beta=true", "messages.create"),
        ("POST", "/prefix/v1/messages", "messages.create"), ("POST", "/v1/anthropic/v1/messages", "messages.create"),
        ("POST", "/v1/messages/count_tokens", "messages.count_tokens"),
        ("POST", "/v1/messages/batches", "batches.create"), ("GET", "/v1/messages/batches", "batches.list"),
        ("GET", "/v1/messages/batches/msgbatch_1", "batches.retrieve"),
        ("POST", "/v1/messages/batches/msgbatch_1/cancel", "batches.cancel"),
        ("GET", "/v1/messages/batches/msgbatch_1/results", "batches.results"),
        ("DELETE", "/v1/messages/batches/msgbatch_1", "batches.delete"),
        ("POST", "/v1/files", "files.create"), ("GET", "/v1/files?limit=2", "files.list"),
        ("GET", "/v1/files/file_1", "files.retrieve"), ("GET", "/v1/files/file_1/content", "files.download"),
        ("DELETE", "/v1/files/file_1", "files.delete"), ("GET", "/v1/models", "models.list"),
        ("GET", "/v1/models/claude-1", "models.retrieve"), ("POST", "/v1/skills", "skills.create"),
        ("POST", "/v1/skills/skill_1/versions", "skills.versions.create"), ("POST", "/v1/oauth/token", "oauth.token"),
        ("POST", "/v1/sessions/s_1/events", "sessions.events.create"), ("HEAD", "/api/hello", "client.hello"),
        ("GET", "/api/claude_code/settings", "client.settings"),
        ("GET", "/api/claude_code/organizations/metrics_enabled", "client.settings"),
        ("POST", "/api/event_logging/v2/batch", "client.telemetry"), ("POST", "/api/eval/sdk-1", "client.evaluation"),
        ("GET", "/api/web/domain_info?domain=example.com", "client.domain_info"),
    ])
    func anOperationIsKnownByMethodAndPath(method: String, path: String, name: String) {
        #expect(ClaudeOperation(method: method, path: path)?.name == name)
        #expect(ClaudeOperation(name: name)?.description == name)
    }

    /// A policy on uploads must not be passed by writing the path in another way.
    @Test(arguments: [
        "/v1/fil%65s", "/v1//files", "/v1/files/", "//v1/files", "/%76%31/files?x=/v1/models", "/a%2Fb/v1/files",
    ])
    func otherSpellingsOfAPathAreTheSameOperation(path: String) {
        #expect(ClaudeOperation(method: "POST", path: path)?.name == "files.create")
    }

    @Test(arguments: [
        ("GET", "/v1/messages"), ("POST", "/messages"), ("POST", "/v1/messagesx"), ("POST", "/v1"), ("POST", "/"),
        ("PUT", "/v1/files"), ("POST", ""), ("POST", "/v1/messages/batches/a/b/c"), ("GET", "/v1/%ff%fe"),
        ("POST", "/v2/messages"), ("GET", "/api/claude_code"),
    ])
    func whatIsNotKnownIsNil(method: String, path: String) {
        #expect(ClaudeOperation(method: method, path: path) == nil)
    }

    @Test func namesAreKnownForAllOperations() {
        #expect(ClaudeOperation.all.contains(.messagesCreate))
        #expect(ClaudeOperation.all.contains(.batchesCreate))
        #expect(Set(ClaudeOperation.all).count == ClaudeOperation.all.count)
        #expect(ClaudeOperation(name: "file.create") == nil)
    }

    @Test func bedrockAndVertexNameTheModelInThePath() throws {
        let bedrock = try #require(
            ClaudeRoute(method: "POST", path: "/model/us.anthropic.claude-opus-4-v1%3A0/invoke-with-response-stream"))
        #expect(bedrock.operation == .messagesCreate)
        #expect(bedrock.model == "us.anthropic.claude-opus-4-v1:0")
        #expect(bedrock.isStreamed == true)
        let whole = try #require(ClaudeRoute(method: "POST", path: "/gateway/model/m/invoke"))
        #expect(whole.model == "m" && whole.isStreamed == false)

        let prefix = "/v1/projects/p/locations/global/publishers/anthropic/models/"
        let vertex = try #require(ClaudeRoute(method: "POST", path: prefix + "claude-opus-4@20250514:streamRawPredict"))
        #expect(vertex.operation == .messagesCreate)
        #expect(vertex.model == "claude-opus-4@20250514")
        #expect(vertex.isStreamed == true)
        let counted = try #require(ClaudeRoute(method: "POST", path: prefix + "count-tokens:rawPredict"))
        #expect(counted.operation == .messagesCountTokens && counted.model == nil)
        #expect(ClaudeRoute(method: "POST", path: prefix + "claude-opus-4:predict") == nil)
        #expect(ClaudeRoute(method: "POST", path: "/v1/messages")?.model == nil)
    }
}
