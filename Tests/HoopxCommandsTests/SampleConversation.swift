import HoopxCore
import Testing

@testable import HoopxAudit
@testable import HoopxCommands

/// A session with two questions to a model and one request that was denied, as a store would give it.
struct SampleConversation {
    let details: SessionDetails

    init() throws {
        let record = SessionRecord(
            id: try #require(SessionID("20261126-k3f9x2ab")),
            principal: Principal(
                kind: .user, name: "ada@example.com", subject: "00u1", issuer: "https://login.example.com",
                email: "ada@example.com", groups: ["dev"]),
            arguments: RecordedArguments(["claude", "-p", "hi"]), workingDirectory: "/",
            program: SessionRecord.Program(path: "/usr/bin/claude", sha256: nil), supervisor: try .current(),
            startedAt: Timestamp(microseconds: 1_000_000))
        let connection = ConnectionRecord(
            number: 1,
            destination: .host(Destination(host: .name(try #require(DomainName("api.anthropic.com"))), port: 443)),
            pid: 42,
            command: "claude", openedAt: Timestamp(microseconds: 1), verdict: .connection(name: "claude"))
        details = SessionDetails(
            summary: SessionSummary(record: record, connectionCount: 1, requestCount: 3, denialCount: 1),
            connections: [connection], requests: [Self.request(1), Self.request(2), Self.denied], denials: [],
            leases: [], toolUses: [Self.toolUse],
            maskings: [MaskingRecord(request: 1, place: .request, counts: ["EMAIL_ADDRESS": 2, "CREDIT_CARD": 1])],
            terminal: nil, executions: [], executionCounts: nil)
    }

    static func request(_ number: Int64) -> RequestRecord {
        RequestRecord(
            number: number, connectionNumber: 1, connectionName: "claude", method: "POST",
            path: RecordedPath(requestTarget: "/v1/messages?beta=true"),
            startedAt: Timestamp(microseconds: 1_000_000 + number * 1_000_000), credential: .injected, status: 200,
            requestBytes: 1_000, responseBytes: 2_000, firstByteAfter: 300, duration: 2_300_000,
            operation: "messages.create", model: "claude-opus-4", upstreamRequestID: "req_\(number)",
            stopReason: "tool_use",
            usage: TokenUsage(input: 12, output: 89, cacheCreation: 300, cacheRead: 4_100))
    }

    static var denied: RequestRecord {
        var request = request(3)
        request.denial = .sessionExpired
        request.status = 403
        request.usage = nil
        request.model = nil
        request.stopReason = nil
        request.upstreamRequestID = nil
        return request
    }

    static let toolUse = ToolUseRecord(
        request: 1, id: "toolu_1", name: "Bash", input: #"{"command":"ls"}"#, usedAt: Timestamp(microseconds: 2))

    static let requestBody = #"""
        {"model":"claude-opus-4","messages":[{"role":"user","content":"Earlier."},{"role":"assistant","content":"Yes."},
         {"role":"user","content":"Again."},{"role":"assistant","content":"No."},
         {"role":"user","content":[{"type":"text","text":"What is in /tmp?\n\tLook."},
          {"type":"tool_result","tool_use_id":"t","content":"it \u001b[2J is\u202e red","is_error":true}]}]}
        """#

    static let responseBody = #"""
        {"id":"msg_1","content":[{"type":"thinking","thinking":"Hm."},{"type":"text","text":"I look."},
         {"type":"tool_use","id":"toolu_1","name":"Bash","input":{"command": "ls"}}]}
        """#

    private static func body(_ text: String) throws -> StoredBody {
        StoredBody(
            bytes: Array(text.utf8),
            recorded: RecordedBody(length: Int64(text.utf8.count), sha256: "", truncation: nil),
            timings: try #require(BodyTimings(encoded: [])))
    }

    /// The first question and its answer, with these bodies.
    func exchange(request: String? = requestBody, response: String? = responseBody) throws -> Exchange {
        let (asked, answered) = (try request.map(Self.body), try response.map(Self.body))
        return try Exchange(details.requests[0], of: details) { $0 == .request ? asked : answered }
    }
}
