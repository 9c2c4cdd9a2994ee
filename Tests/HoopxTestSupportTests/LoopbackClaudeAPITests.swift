import HoopxTestSupport
import Testing

/// The loopback API over TLS, asked by curl. The real clients meet it in EndToEndTests.
@Suite struct LoopbackClaudeAPITests {
    @Test func onlyTheExpectedCredentialIsTakenAndOnlyAlone() async throws {
        try await Self.withAPI { url, ca in
            let body = #"{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"hi"}]}"#
            let good = try await Self.curl(ca, url + "/v1/messages", "-H", "x-api-key: key", "-d", body)
            #expect(good.stdout.contains("Hello from the loopback Claude API."), "\(good)")
            for headers in [["x-api-key: other"], ["x-api-key: key", "authorization: Bearer key"], ["x-nothing: 1"]] {
                let words = headers.flatMap { ["-H", $0] } + ["-d", body]
                let refused = try await Self.curl(ca, [url + "/v1/messages"] + words)
                #expect(refused.stdout.contains("authentication_error"), "\(headers): \(refused)")
            }
        }
    }

    @Test func aStreamEndsWithMessageStop() async throws {
        try await Self.withAPI { url, ca in
            let body = #"{"model":"m","max_tokens":1,"stream":true,"messages":[{"role":"user","content":"hi"}]}"#
            let stream = try await Self.curl(ca, url + "/v1/messages", "-H", "x-api-key: key", "-d", body)
            #expect(stream.stdout.hasPrefix("event: message_start\ndata: {"), "\(stream)")
            #expect(stream.stdout.hasSuffix("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"), "\(stream)")
        }
    }

    @Test(arguments: ContentCoding.allCases)
    func everyCodingIsReadByARealClient(coding: ContentCoding) async throws {
        var delivery = Delivery()
        delivery.coding = coding
        delivery.writeSize = 7
        let turn = ModelTurn(
            [
                .thinking("Hmm, so."), .pieces(["He", "llo ", "wor", "ld"]),
                .toolUse(id: "toolu_1", name: "Bash", input: #"{"command":"ls -l /tmp"}"#),
            ], usage: .init(input: 5, output: 77, cacheRead: 4_000))
        try await Self.withAPI(model: { [delivery] _ in .turn(turn, delivery) }) { url, ca in
            for isStreaming in [true, false] {
                let body =
                    #"{"model":"m","max_tokens":1,"stream":\#(isStreaming),"messages":[{"role":"user","content":"hi"}]}"#
                let answer = try await Self.curl(
                    ca, url + "/v1/messages", "-i", "--compressed", "-H", "x-api-key: key", "-d", body)
                #expect(answer.stdout.contains("content-encoding: \(coding.rawValue)\r\n"))
                #expect(answer.stdout.contains("request-id: req_01loopback\r\n"))
                #expect(answer.stdout.contains(#""output_tokens":77"#), "\(answer)")
                #expect(answer.stdout.contains(#""cache_read_input_tokens":4000"#))
                let expected =
                    isStreaming
                    ? [#""text":"llo ""#, #""thinking":" so.""#, #""partial_json":"{\"command""#]
                    : ["Hello world", "Hmm, so."]
                for text in expected { #expect(answer.stdout.contains(text), "\(text): \(answer)") }
            }
        }
    }

    @Test func anErrorCanEndAStreamAnywhere() async throws {
        var delivery = Delivery()
        delivery.errorEvent = "overloaded_error"
        delivery.errorAfter = 5
        try await Self.withAPI(model: { [delivery] _ in .turn(ModelTurn([.text("a b c d")]), delivery) }) { url, ca in
            let body = #"{"model":"m","max_tokens":1,"stream":true,"messages":[{"role":"user","content":"hi"}]}"#
            let stream = try await Self.curl(ca, url + "/v1/messages", "-H", "x-api-key: key", "-d", body)
            let events = stream.stdout.split(separator: "\n").filter { $0.hasPrefix("event: ") }
            #expect(events.count == 6 && events.last == "event: error", "\(stream)")
            #expect(stream.stdout.contains("overloaded_error"))
        }
    }

    @Test func pathsOfCloudsNameTheModel() async throws {
        try await Self.withAPI(model: { .text("I am \($0.model), asked with \($0.text)") }) { url, ca in
            let body = #"{"anthropic_version":"x","max_tokens":1,"messages":[{"role":"user","content":"hi"}]}"#
            for path in [
                "/model/claude-x/invoke", "/v1/projects/p/locations/l/publishers/anthropic/models/claude-x:rawPredict",
            ] {
                let answer = try await Self.curl(ca, url + path, "-H", "x-api-key: key", "-d", body)
                #expect(answer.stdout.contains("I am claude-x, asked with {"), "\(answer)")
            }
        }
    }

    private static func withAPI(
        model: @escaping LoopbackClaudeAPI.Model = ModelReply.conversation,
        _ body: (String, String) async throws -> Void
    ) async throws {
        let authority = try TestCertificateAuthority()
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let api = try await LoopbackClaudeAPI(
            tls: authority.serverContext(for: ["127.0.0.1"]), credential: .apiKey("key"), model: model)
        try await body(api.url, directory.file("ca.pem", authority.pem))
        await api.close()
    }

    private static func curl(_ ca: String, _ arguments: String...) async throws -> FinishedProcess {
        try await curl(ca, arguments)
    }

    private static func curl(_ ca: String, _ arguments: [String]) async throws -> FinishedProcess {
        let words = ["/usr/bin/curl", "-sS", "-m", "60", "--cacert", ca] + arguments
        return try await RunningProcess(words, environment: [:], directory: "/").finish()
    }
}
