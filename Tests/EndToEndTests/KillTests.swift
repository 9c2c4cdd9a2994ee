import Foundation
import HoopxTestSupport
import NIOHTTP1
import Synchronization
import Testing

/// What is in the record when hoopx had no time to say goodbye.
@Suite struct KillTests {
    private static let kills = 200
    /// Runs at a time, all on one record.
    private static let width = 4

    /// One request after the other on one connection, one in three of them streamed, each with values that are to be masked.
    private static let client = """
        import http.client, json, os, sys, urllib.parse
        api = http.client.HTTPConnection(urllib.parse.urlsplit(os.environ["ANTHROPIC_BASE_URL"]).netloc, timeout=30)
        headers = {"x-api-key": os.environ["ANTHROPIC_API_KEY"], "content-type": "application/json"}
        planted = open("planted").read()
        for number in range(100_000):
            question = {"model": "m", "max_tokens": 9, "stream": number % 3 == 0, "messages": [
                {"role": "user", "content": f"question {number} of run {sys.argv[1]}\\n" + planted}]}
            api.request("POST", f"/runs/r{sys.argv[1]}/questions/q{number}", json.dumps(question), headers)
            assert api.getresponse().read().endswith(b"done")
        """

    @Test func whatTheUpstreamReceivedIsInTheRecordHoweverHoopxWasKilled() async throws {
        try await HoopxFixture.run { fixture in
            let (asked, answered) = (PlantedValues("question"), PlantedValues("answer"))
            let search = try PlantedValueSearch([asked, answered], fixture)
            try fixture.directory.file("work/planted", asked.text)
            let answer = String(decoding: try JSONEncoder().encode(["text": answered.text]), as: UTF8.self)
            // Told by a request's head, before its body has come.
            let received = Mutex<Set<String>>([])
            let server = try await fixture.httpServer { head in
                received.withLock { _ = $0.insert(head.uri) }
                return nil
            } _: { request in
                guard request.text.contains(#""stream": true"#) else {
                    return .answer(answered.text + "done", type: "text/plain")
                }
                let headers: HTTPHeaders = ["content-type": "text/event-stream"]
                return [.head(.ok, headers)]
                    + (0..<20).flatMap { _ in [.text("data: \(answer)\n\n"), .pause(.milliseconds(1))] } + [
                        .text("done"), .end(nil),
                    ]
            }
            let configuration = try fixture.configuration(
                """
                version: 1
                connections:
                  claude: {hosts: [api.anthropic.com], entry: base_url, upstream: "\(server.url)"}
                masking: {detectors: [{name: EMPLOYEE_ID, pattern: '\(PlantedValues.customPattern)'}]}
                """)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<Self.kills {
                    if number >= Self.width { try await group.next() }
                    group.addTask { try await Self.kill(number, fixture, configuration) }
                }
                try await group.waitForAll()
            }
            let last = try await fixture.run(["true"], configuration: configuration)
            #expect(last.exit == .status(0), "\(last)")
            let verified = try await fixture.start(["audit", "verify"]).finish()
            #expect(verified.exit == .status(0), "\(verified)")

            let seen = received.withLock(\.self)
            #expect(seen.count > Self.kills, "most runs get so far as to ask: \(seen.count)")
            let recorded = try await Self.paths("TRUE", fixture)
            #expect(seen.subtracting(recorded) == [], "received, and not recorded")
            let whole = try await Self.paths(
                """
                EXISTS (SELECT * FROM body WHERE body.session = request.session AND body.request = request.number
                AND direction = 'request' AND truncation IS NULL)
                """, fixture)
            #expect(seen.subtracting(whole) == [], "received, and recorded without its body")
            // Whoever asked the next question has the answer to this one: it is recorded with the next one, at the latest.
            let ended = try await Self.paths("status = 200 AND duration IS NOT NULL", fixture)
            let before = seen.compactMap { uri -> String? in
                let parts = uri.components(separatedBy: "/q")
                guard let number = parts.last.flatMap({ Int($0) }), number > 0 else { return nil }
                return parts.dropLast().joined(separator: "/q") + "/q\(number - 1)"
            }
            #expect(Set(before).subtracting(ended) == [], "answered, and the answer not recorded")

            #expect(server.requests.contains { $0.text.contains(asked.labels[0].text) }, "the values were sent")
            let bodies = try await StoredBodies(fixture).unpacked()
            #expect(bodies.count > Self.kills, "there is something to search")
            let leaks = try await search.findings(in: [fixture.directory.path + "/state", bodies.directory])
            #expect(leaks == [])
        }
    }

    private static func kill(_ number: Int, _ fixture: HoopxFixture, _ configuration: String) async throws {
        let process = try fixture.start([
            "run", "--config", configuration, "--", Clients.python(), "-I", "-S", "-c", client, String(number),
        ])
        try await Task.sleep(for: .milliseconds(Int.random(in: 100...1_200)))
        process.send(SIGKILL)
        guard case .signal(SIGKILL) = try await process.exit() else {
            throw TestSupportError("it ended itself: \(process.stderr)")
        }
        // Each run's successor finds a log that is whole; it takes longer the longer the log is.
        guard number.isMultiple(of: 20) else { return }
        let verified = try await fixture.start(["audit", "verify"]).finish()
        #expect(verified.exit == .status(0), "after kill \(number): \(verified)")
    }

    private static func paths(_ condition: String, _ fixture: HoopxFixture) async throws -> Set<String> {
        let rows = try await fixture.start(program: [
            "/usr/bin/sqlite3", fixture.directory.path + "/state/hoopx/audit.sqlite",
            "SELECT path FROM request WHERE \(condition)",
        ]).finish()
        #expect(rows.exit == .status(0), "\(rows)")
        return Set(rows.stdout.split(separator: "\n").map(String.init))
    }
}
