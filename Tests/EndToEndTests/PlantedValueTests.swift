import Foundation
import HoopxTestSupport
import NIOHTTP1
import Testing

/// Values that must not be recorded are planted wherever hoopx sees something of the command; afterwards, grep(1) finds
/// none of them in anything that hoopx wrote.
@Suite struct PlantedValueTests {
    private static let places = [
        "command line", "working directory", "json", "escaped", "gzip", "history", "long", "form", "plain", "path",
        "header",
        "answer", "stream", "gzip stream", "br", "other answer", "host", "allowed host", "arguments", "program",
        "terminal",
        "reason",
    ]

    /// What is different about the masking of a run.
    private static let inline = "request: pseudonym, response: redact"

    @Test(arguments: ["record: redact", "record: hash", "record: redact, \(inline)"])
    func noPlantedValueIsInAnythingThatHoopxWrote(masking: String) async throws {
        try await HoopxFixture.run { fixture in
            let run = try await PlantedRun(Self.places, masking, fixture)
            let (terminal, process) = try run.start()
            try await terminal.waitFor("all done")
            #expect(try await process.exit() == .status(0), "\(terminal.text)")
            try await run.hold()
            let leaks = try await run.leaks()
            #expect(leaks == [])
            #expect(try await fixture.start(["audit", "verify"]).finish().exit == .status(0))
        }
    }

    /// What the test above finds nothing of is there to be found.
    @Test func valuesThatAreKeptAreFoundWhereTheyWerePlanted() async throws {
        try await HoopxFixture.run { fixture in
            // Values without an end of their own, and what is only a part of its text, cannot be named beforehand.
            let run = try await PlantedRun(
                Self.places, "allow: all, entities: {PRIVATE_KEY: keep, JWT: keep, CONNECTION_STRING: keep}", fixture)
            let (terminal, process) = try run.start()
            try await terminal.waitFor("all done")
            #expect(try await process.exit() == .status(0), "\(terminal.text)")
            try await run.hold()
            let leaks = try await run.leaks()
            // No field of a request is recorded, and neither is who sent it.
            for place in Self.places where place != "header" {
                #expect(leaks.contains { $0.contains(" of \(place), ") }, "\(place)")
            }
            for value in PlantedValues("").values {
                #expect(
                    leaks.contains { $0.contains(": \(value.entity) of json, ") },
                    "\(value.entity): \(leaks.filter { $0.contains(value.entity) })")
            }
        }
    }

    @Test func nothingIsFoundHoweverHoopxWasKilled() async throws {
        try await HoopxFixture.run { fixture in
            let run = try await PlantedRun(Self.places, "record: redact, \(Self.inline)", fixture)
            for signal in [SIGKILL, SIGSEGV, SIGKILL, SIGABRT, SIGKILL, SIGBUS, SIGKILL] {
                let (terminal, process) = try run.start(rounds: 50)
                try await terminal.waitFor("done: json")
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...1_500)))
                process.send(signal)
                #expect(try await process.exit() == .signal(signal))
            }
            let leaks = try await run.leaks()
            #expect(leaks == [])
            let verified = try await fixture.start(["audit", "verify"]).finish()
            #expect(verified.exit == .status(0), "\(verified)")
        }
    }
}

/// One or more runs of plant.py on one state directory.
private struct PlantedRun {
    let fixture: HoopxFixture
    let planted: [String: PlantedValues]
    private let configuration: String
    private let search: PlantedValueSearch

    /// - Parameter masking: the configuration's section of that name, in one line; `allow: all` stands for all planted values.
    init(_ places: [String], _ masking: String, _ fixture: HoopxFixture) async throws {
        self.fixture = fixture
        let planted = Dictionary(uniqueKeysWithValues: places.map { ($0, PlantedValues($0)) })
        self.planted = planted
        search = try PlantedValueSearch(Array(planted.values), fixture)
        for name in ["cache", "runtime", "tmp"] { try fixture.directory.directory(name) }
        let description = planted.mapValues { values -> [String: Any] in
            [
                "text": values.text, "values": values.values.map(\.text), "labels": values.labels.map(\.text),
            ]
        }
        let json = try JSONSerialization.data(withJSONObject: description)
        try fixture.directory.file("work/values.json", String(decoding: json, as: UTF8.self))

        let api = try await fixture.claudeAPI { Self.reply($0, planted) }
        let answer = planted["other answer"]?.text ?? ""
        let other = try await fixture.httpServer { request in
            .answer("\(answer)\(request.text)", type: "text/plain", headers: ["request-id": "req_1"])
        }
        let allowed = planted.values.flatMap { $0.values.map(\.text) }.map {
            "\"" + $0.replacingOccurrences(of: "\n", with: "\\n") + "\""
        }
        let masking = masking.replacingOccurrences(
            of: "allow: all", with: "allow: [\(allowed.joined(separator: ", "))]")
        configuration = try fixture.configuration(
            """
            version: 1
            connections:
              claude:
                type: anthropic
                hosts: [api.anthropic.com]
                upstream: \(api.url)
                upstream_ca: \(try fixture.authorityFile())
              other:
                type: http
                hosts: [other.example.com, "*.other.example.com"]
                upstream: \(other.url)
            masking: {\(masking), detectors: [{name: EMPLOYEE_ID, pattern: '\(PlantedValues.customPattern)'}]}
            """)
    }

    @Sendable private static func reply(
        _ request: MessagesRequest, _ planted: [String: PlantedValues]
    ) -> ModelReply {
        guard request.prompt.hasPrefix("answer with "), let values = planted[String(request.prompt.dropFirst(12))]
        else {
            return .text("Noted.")
        }
        var delivery = Delivery()
        delivery.coding = values.place == "gzip stream" ? .gzip : values.place == "br" ? .br : nil
        delivery.inputPiece = Int.random(in: 1...9)
        delivery.writeSize = Int.random(in: 5...50)
        let input = (try? JSONSerialization.data(withJSONObject: ["command": values.text])) ?? Data()
        return .turn(
            ModelTurn([
                .thinkingPieces(pieces(of: values.text)), .pieces(pieces(of: values.text)),
                .toolUse(id: "toolu_01planted", name: "Bash", input: String(decoding: input, as: UTF8.self)),
            ]), delivery)
    }

    private static func pieces(of text: String) -> [String] {
        var rest = Substring(text)
        var pieces: [String] = []
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...12))
            pieces.append(String(piece))
            rest = rest.dropFirst(piece.count)
        }
        return pieces
    }

    /// On a terminal that is recorded, in a directory that is named for a value, where core dumps are welcome.
    func start(rounds: Int = 1) throws -> (PseudoTerminal, RunningProcess) {
        let directory = try fixture.directory.directory(
            "work/" + (planted["working directory"]?.labels.map(\.text).joined(separator: " ") ?? ""))
        let environment: [String: String?] = [
            "XDG_CACHE_HOME": fixture.directory.path + "/cache", "XDG_RUNTIME_DIR": fixture.directory.path + "/runtime",
            "TMPDIR": fixture.directory.path + "/tmp", "SWIFT_BACKTRACE": "enable=yes",
        ]
        return try fixture.terminal(
            [
                "/bin/sh", "-c", #"ulimit -c unlimited && cd "$0" && exec "$@""#, directory, HoopxFixture.hoopx, "run",
                "--record-terminal", "--config", configuration, "--", Clients.python(), Clients.script("plant.py"),
                fixture.workDirectory + "/values.json", String(rounds),
            ] + (planted["command line"]?.values.map(\.text) ?? []), environment: environment)
    }

    func hold() async throws {
        let session = try #require(try await fixture.sessions().first).session
        let held = try await fixture.start([
            "audit", "hold", "--config", configuration, "--reason", planted["reason"]?.text ?? "", session,
        ]).finish()
        #expect(held.exit == .status(0), "\(held)")
    }

    /// What is found in the files that hoopx wrote: its own directories, what it stored compressed, core dumps, and what is
    /// new in the directories for temporary files.
    func leaks() async throws -> Set<String> {
        let bodies = try await StoredBodies(fixture).unpacked()
        #expect(bodies.count > 20, "there is something to search")
        let own = ["state", "home", "config", "cache", "runtime", "tmp"].map { fixture.directory.path + "/" + $0 }
        let cores = fixture.directory.contents(of: "work").filter {
            $0.split(separator: "/").last?.hasPrefix("core") == true
        }
        #expect(cores == [], "core dumps")
        return try await search.findings(in: own + [bodies.directory] + Self.temporaryDirectories)
    }

    /// Other tests write there too, but none of these values.
    private static let temporaryDirectories = ["/tmp", "/dev/shm", "/run"]
}
