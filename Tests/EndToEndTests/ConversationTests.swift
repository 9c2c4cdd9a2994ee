import Foundation
import HoopxTestSupport
import Testing

/// What `hoopx sessions` makes of what was said to the model and what it answered.
@Suite struct ConversationTests {
    private static let turn = ModelTurn(
        [
            .thinking("What could be in there?"), .pieces(["I lo", "ok into", " /tmp.\nThen I \u{1b}[31mtell."]),
            .toolUse(id: "toolu_01abc", name: "Bash", input: #"{"command":"ls -l /tmp"}"#),
        ], usage: .init(input: 12, output: 89, cacheCreation: 300, cacheRead: 4_100))

    private static let first =
        #"{"model":"claude-loopback-1","max_tokens":64,"stream":true,"#
        + #""messages":[{"role":"user","content":"What is in /tmp?"}]}"#
    private static let second =
        #"{"model":"claude-loopback-1","max_tokens":64,"messages":[{"role":"user","content":"What is in /tmp?"},"#
        + #"{"role":"assistant","content":[{"type":"tool_use","id":"toolu_01abc","name":"Bash","input":{}}]},"#
        + #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_01abc","content":"a-file"}]}]}"#

    /// A session with two questions, streamed and not, in the given coding.
    private static func converse(_ coding: ContentCoding?, _ fixture: HoopxFixture) async throws {
        let api = try await fixture.claudeAPI { request in
            var delivery = Delivery()
            delivery.coding = coding
            delivery.writeSize = 11
            delivery.inputPiece = 3
            return request.toolResults.isEmpty
                ? .turn(turn, delivery) : .turn(ModelTurn([.text("There is \(request.toolResults[0]).")]), delivery)
        }
        for (name, body) in [("first", first), ("second", second)] { try fixture.directory.file("work/\(name)", body) }
        let run = try await fixture.shell(
            """
            for body in first second; do
              curl -sS -m 60 --compressed '\(Question.url)?beta=true' -H "x-api-key: $ANTHROPIC_API_KEY" -d @$body
            done
            """, configuration: fixture.configuration(for: api))
        #expect(run.exit == .status(0), "\(run)")
        #expect(run.stdout.contains("There is a-file."), "\(run)")
    }

    @Test(arguments: [nil, .gzip, .br, .zstd] as [ContentCoding?])
    func aSessionReadsAsAConversationWithItsCosts(coding: ContentCoding?) async throws {
        try await HoopxFixture.run { fixture in
            try await Self.converse(coding, fixture)
            let name = try await fixture.newestSession().session
            let shown = try await fixture.start(["sessions", "show", name]).finish()
            let conversation = shown.stdout.split(separator: "\n").drop { $0 != "Conversation" }
                .prefix { $0 != "Connections" }.map { $0.trimmingCharacters(in: .whitespaces) }
            try #require(conversation.count == 11, "\(shown)")
            #expect(
                conversation[1].hasPrefix(
                    "#1  claude-loopback-1; 4412 tokens in (4100 from cache, 300 to cache), 89 out; tool_use; "))
            #expect(conversation[1].hasSuffix("; req_01loopback"))
            #expect(
                conversation[2...7] == [
                    "user         What is in /tmp?", "thinking     What could be in there?",
                    "assistant    I look into /tmp.", "Then I ?[31mtell.",
                    #"tool use     Bash {"command":"ls -l /tmp"}"#, conversation[7],
                ])
            #expect(conversation[7].hasPrefix("#2  claude-loopback-1; 12 tokens in, 9 out; end_turn; "))
            #expect(conversation[8...9] == ["tool result  a-file", "assistant    There is a-file."])
            #expect(conversation[10] == "Total: 4424 tokens in (4100 from cache, 300 to cache), 98 out, in 2 answers")
        }
    }

    @Test func aSessionIsExportedInTheFormsThatOthersKnow() async throws {
        try await HoopxFixture.run { fixture in
            try await Self.converse(nil, fixture)
            let name = try await fixture.newestSession().session

            let activities = try await Self.export(name, "ocsf", fixture)
            #expect(activities.map { $0["class_uid"] as? Int } == [6003, 6003])
            #expect(
                activities.map { ($0["api"] as? [String: Any])?["operation"] as? String } == [
                    "messages.create", "messages.create",
                ])
            #expect(activities.map { $0["status_id"] as? Int } == [1, 1])

            let spans = try await Self.export(name, "otel", fixture).map { $0["attributes"] as? [String: Any] ?? [:] }
            #expect(spans.map { $0["gen_ai.usage.input_tokens"] as? Int } == [4_412, 12])
            #expect(spans.map { $0["gen_ai.request.model"] as? String } == ["claude-loopback-1", "claude-loopback-1"])
            #expect(spans.map { $0["gen_ai.response.finish_reasons"] as? [String] } == [["tool_use"], ["end_turn"]])
            #expect(spans.first?["gen_ai.output.messages"] != nil)

            let events = try await Self.export(name, "jsonl", fixture)
            #expect(events.first?["kind"] as? String == "session_start")
            #expect(events.map { $0["sequence"] as? Int } == (1...events.count).map { $0 })
            let kinds = Set(events.compactMap { $0["kind"] as? String })
            #expect(kinds.isSuperset(of: ["connection", "request", "response", "tool_use", "session_end"]), "\(kinds)")
        }
    }

    @Test func anExportOfNoSessionSaysSo() async throws {
        try await HoopxFixture.run { fixture in
            let none = try await fixture.start(["sessions", "export", "x"]).finish()
            #expect(none.exit == .status(64))
            #expect(none.stderr.contains("hoopx: error: exporting session x: no session is recorded yet"), "\(none)")
            let format = try await fixture.start(["sessions", "export", "x", "--format", "xml"]).finish()
            #expect(format.exit == .status(64))
        }
    }

    private static func export(
        _ name: String, _ format: String, _ fixture: HoopxFixture
    ) async throws -> [[String: Any]] {
        let exported = try await fixture.start(["sessions", "export", name, "--format", format]).finish()
        #expect(exported.exit == .status(0), "\(exported)")
        return try exported.stdout.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }
}
