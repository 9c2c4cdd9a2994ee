import HoopxCore
import HoopxJSON
import Testing

@testable import HoopxAudit
@testable import HoopxCommands

struct SessionExportTests {
    private let details: SessionDetails

    init() throws { details = try SampleConversation().details }

    private func activity(_ request: RequestRecord) throws -> JSONValue {
        let line = OCSFActivity(
            session: details.summary.record, request: request, connection: details.connections.first,
            hoopxVersion: "1.2.3"
        ).line
        #expect(!line.contains("\n"))
        return try JSONValue(json: line.utf8)
    }

    private func span(_ request: RequestRecord) throws -> JSONValue {
        let line = GenAISpan(
            session: details.summary.record, request: request, connection: details.connections.first,
            toolUses: details.toolUses.filter { $0.request == request.number }, hoopxVersion: "1.2.3"
        ).line
        #expect(!line.contains("\n"))
        return try JSONValue(json: line.utf8)
    }

    /// What the schema of the class requires (OCSF 1.8.0, api_activity).
    @Test func aRequestIsAnAPIActivityWithAllThatTheClassRequires() throws {
        let event = try activity(details.requests[0])
        #expect(event["class_uid"] == 6003 && event["category_uid"] == 6 && event["type_uid"] == 600_301)
        #expect(event["activity_id"] == 1 && event["severity_id"] == 1 && event["status_id"] == 1)
        #expect(event["time"] == 2_000)
        #expect(event["metadata"]?["version"] == "1.8.0")
        #expect(event["metadata"]?["product"]?["name"] == "hoopx")
        #expect(event["actor"]?["user"]?["uid"] == "00u1")
        #expect(event["actor"]?["user"]?["groups"] == [["name": "dev"]])
        #expect(event["actor"]?["session"]?["uid"] == "20261126-k3f9x2ab")
        #expect(event["actor"]?["process"] == ["pid": 42, "name": "claude"])
        #expect(event["api"]?["operation"] == "messages.create")
        #expect(event["api"]?["request"]?["uid"] == "req_1")
        #expect(event["api"]?["response"]?["code"] == 200)
        #expect(event["src_endpoint"]?["svc_name"] == "claude")
        #expect(event["dst_endpoint"] == ["hostname": "api.anthropic.com", "port": 443])
        #expect(event["http_request"]?["http_method"] == "POST")
        #expect(event["http_request"]?["url"]?["path"] == "/v1/messages")
        #expect(event["http_request"]?["url"]?["query_string"] == "beta=true")
        #expect(event["http_response"]?["code"] == 200 && event["http_response"]?["latency"] == 2_300)
        #expect(event["ai_model"] == ["ai_provider": "Anthropic", "name": "claude-opus-4"])
        #expect(event["message_context"]?["prompt_tokens"] == 4_412)
        #expect(event["message_context"]?["total_tokens"] == 4_501)
    }

    @Test func aDenialIsAFailureThatWasBlocked() throws {
        let event = try activity(SampleConversation.denied)
        #expect(event["status_id"] == 2 && event["action_id"] == 2 && event["disposition_id"] == 2)
        #expect(event["status_code"] == "session_expired")
        #expect(event["message_context"] == nil)
        var unanswered = SampleConversation.denied
        unanswered.status = nil
        #expect(try activity(unanswered)["status_id"] == 2)
        #expect(event["api"]?["request"]?["uid"] == "20261126-k3f9x2ab/3")
    }

    @Test(
        arguments: [
            ("GET", nil, 2), ("HEAD", nil, 2), ("POST", nil, 1), ("PUT", nil, 3), ("DELETE", nil, 4),
            ("OPTIONS", nil, 99),
            ("POST", "files.create", 1), ("POST", "messages.count_tokens", 2), ("POST", "batches.cancel", 3),
            ("DELETE", "skills.versions.delete", 4), ("GET", "batches.results", 2),
        ] as [(String, String?, Int)])
    func theActivityFollowsTheOperationElseTheMethod(method: String, operation: String?, activity id: Int) throws {
        let request = RequestRecord(
            number: 9, connectionNumber: 7, connectionName: nil, method: method,
            path: RecordedPath(requestTarget: "/x"), startedAt: Timestamp(microseconds: 0), credential: .unused,
            operation: operation)
        let event = try activity(request)
        #expect(event["activity_id"] == .number(Double(id)))
        #expect(event["type_uid"] == .number(Double(600_300 + id)))
        #expect(event["status_id"] == 0, "there is no answer yet")
        #expect(event["api"]?["operation"] == .string(operation ?? "\(method) /x"))
    }

    @Test func aSpanHasTheNamesOfTheConventions() throws {
        let span = try span(details.requests[0])
        #expect(span["name"] == "chat claude-opus-4" && span["kind"] == "CLIENT")
        #expect(span["trace_id"]?.string?.utf8.count == 32)
        #expect(span["span_id"] == "0000000000000001")
        #expect(span["start_time"] == "1970-01-01T00:00:02.000Z" && span["end_time"] == "1970-01-01T00:00:04.300Z")
        let attributes = try #require(span["attributes"])
        #expect(
            attributes == [
                "gen_ai.operation.name": "chat", "gen_ai.provider.name": "anthropic",
                "gen_ai.conversation.id": "20261126-k3f9x2ab", "gen_ai.request.model": "claude-opus-4",
                "gen_ai.response.finish_reasons": ["tool_use"], "gen_ai.usage.input_tokens": 4_412,
                "gen_ai.usage.output_tokens": 89, "gen_ai.usage.cache_read.input_tokens": 4_100,
                "gen_ai.usage.cache_creation.input_tokens": 300, "http.response.status_code": 200,
                "http.response.header.request-id": ["req_1"], "server.address": "api.anthropic.com",
                "server.port": 443, "user.id": "00u1",
                "gen_ai.output.messages": [
                    [
                        "role": "assistant", "finish_reason": "tool_call",
                        "parts": [
                            ["type": "tool_call", "id": "toolu_1", "name": "Bash", "arguments": ["command": "ls"]]
                        ],
                    ]
                ],
            ])
        let denied = try self.span(SampleConversation.denied)
        #expect(denied["name"] == "chat" && denied["status"] == ["code": "ERROR"])
        #expect(denied["attributes"]?["error.type"] == "session_expired")
    }

    @Test func anEventIsWrittenByteForByteAndADeletedOneWithItsHash() {
        let payload = #"{"kind":"request","z":1}"#
        func event(_ payload: String?) -> StoredEvent {
            StoredEvent(
                leaf: 3, session: details.summary.record.id, sequence: 2, kind: "request",
                time: Timestamp(microseconds: 0), payload: payload.map { Array($0.utf8) },
                leafHash: [0, 15, 255])
        }
        #expect(SessionExport.line(event(payload)) == payload)
        #expect(
            SessionExport.line(event(nil))
                == #"{"deleted":true,"kind":"request","leaf_hash":"000fff","sequence":2,"#
                + #""session":"20261126-k3f9x2ab","time":"1970-01-01T00:00:00.000Z"}"#)
    }

    @Test func aTerminalRecordingIsWrittenLineByLineWithoutWhatWasCutOff() {
        let recording = "{\"version\":2,\"width\":80,\"height\":24}\n[0.5,\"o\",\"a\\r\\n\"]\n[0.75,\"o\",\"b"
        #expect(
            SessionExport.lines(ofTerminal: Array(recording.utf8)) == [
                #"{"version":2,"width":80,"height":24}"#, #"[0.5,"o","a\r\n"]"#,
            ])
    }
}
