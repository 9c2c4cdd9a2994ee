import HoopxTestSupport
import Testing

/// What comes first, and at once: each of hoopx's threads does everything for the first time.
@Suite struct FirstRequestsTests {
    private static let count = 8

    /// Where two event loops are the first to use a type of the HTTP decoders, Swift's runtime can crash.
    @Test func requestsThatAreTheFirstOfSeveralEventLoopsAtOnceAreAnswered() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let run = try await fixture.python(
                """
                import http.client, os, sys, urllib.parse
                host = urllib.parse.urlsplit(os.environ["ANTHROPIC_BASE_URL"]).netloc
                headers = {"x-api-key": os.environ["ANTHROPIC_API_KEY"]}
                connections = [http.client.HTTPConnection(host, timeout=60) for _ in range(int(sys.argv[1]))]
                for connection in connections: connection.connect()
                for connection in connections: connection.request("POST", "/v1/messages", sys.argv[2], headers)
                print(*[connection.getresponse().status for connection in connections])
                """, ["\(Self.count)", Question.body],
                configuration: fixture.configuration(for: api, entry: "base_url"),
                environment: ["LD_PRELOAD": try Clients.slowTypes()])
            #expect(run.exit == .status(0), "\(run)")
            #expect(run.stdout == Array(repeating: "200", count: Self.count).joined(separator: " ") + "\n", "\(run)")
            #expect(api.messageRequests.count == Self.count)
        }
    }
}
