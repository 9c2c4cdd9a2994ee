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

    private static func withAPI(_ body: (String, String) async throws -> Void) async throws {
        let authority = try TestCertificateAuthority()
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let api = try await LoopbackClaudeAPI(
            tls: authority.serverContext(for: ["127.0.0.1"]), credential: .apiKey("key"))
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
