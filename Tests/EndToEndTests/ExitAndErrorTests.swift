import Foundation
import HoopxTestSupport
import Testing

/// Exit statuses, and errors that a newcomer understands.
@Suite struct ExitAndErrorTests {
    @Test(arguments: [0, 1, 42, 125, 255] as [Int32])
    func theCommandsOwnStatusPasses(status: Int32) async throws {
        try await HoopxFixture.run { fixture in
            let run = try await fixture.shell("exit \(status)", configuration: fixture.configuration("version: 1"))
            #expect(run.exit == .status(status), "\(run)")
            #expect(run.stderr == "")
        }
    }

    @Test(arguments: [(["no-such-command"], 127), (["/etc/passwd"], 126), (["/"], 126)] as [([String], Int32)])
    func aCommandThatCannotRunIsNamed(command: [String], status: Int32) async throws {
        try await HoopxFixture.run { fixture in
            let run = try await fixture.run(command, configuration: fixture.configuration("version: 1"))
            #expect(run.exit == .status(status), "\(run)")
            #expect(run.stdout == "")
            #expect(run.stderr.hasPrefix("hoopx: error: ") && run.stderr.contains(command[0]), "\(run)")
        }
    }

    @Test(arguments: [
        ["run"], ["run", "--"], ["run", "--no-such-option", "true"], ["no-such-verb"], ["sessions", "show"],
    ])
    func aWrongCallIsStatus64(arguments: [String]) async throws {
        try await HoopxFixture.run { fixture in
            let run = try await fixture.start(arguments).finish()
            #expect(run.exit == .status(64), "\(run)")
            #expect(run.stdout == "" && !run.stderr.isEmpty, "\(run)")
        }
    }

    @Test(arguments: [["--help"], ["run", "--help"], ["sessions", "list", "--help"]])
    func helpIsAnAnswer(arguments: [String]) async throws {
        try await HoopxFixture.run { fixture in
            let run = try await fixture.start(arguments).finish()
            #expect(run.exit == .status(0), "\(run)")
            #expect(run.stdout.contains("USAGE: hoopx"), "\(run)")
            #expect(run.stderr == "")
        }
    }

    @Test func theOptionsOfTheCommandAreItsOwn() async throws {
        try await HoopxFixture.run { fixture in
            let run = try await fixture.run(
                ["/bin/echo", "--help", "-v", "--", "--config", "x"], configuration: fixture.configuration("version: 1")
            )
            #expect(run.stdout == "--help -v -- --config x\n", "\(run)")
        }
    }

    @Test func whatIsNoUTF8ReachesTheCommandByteForByte() async throws {
        try await HoopxFixture.run { fixture in
            // Both would become the same text.
            let script = """
                export NAME="$(printf '=\\314\\201\\377')"
                exec "$0" run --config "$1" -- sh -c 'printf %s: "$@" "$NAME" | od -A n -t x1' sh \
                    "$(printf 'a\\376')" plain "$(printf 'a\\377')"
                """
            let run = try await fixture.start(
                program: ["/bin/sh", "-c", script, HoopxFixture.hoopx, fixture.configuration("version: 1")]
            ).finish()
            #expect(run.stdout == " 61 fe 3a 70 6c 61 69 6e 3a 61 ff 3a 3d cc 81 ff\n 3a\n", "\(run)")
        }
    }

    @Test(arguments: [
        ("version: 1\nconections: {}\n", ":2:1", "connections"),
        ("version: 1\negress:\n  tunnel: [pypi.org]\n", ":3:12", "pypi.org:443"),
        ("version: 2\n", ":1:10", "1"),
        ("version: 1\nconnections:\n  claude:\n    entry: sideways\n", ":4:12", "base_url"),
        ("version: [\n", ":", "error"),
    ])
    func aWrongConfigurationIsLocatedAndNothingRuns(yaml: String, place: String, word: String) async throws {
        try await HoopxFixture.run { fixture in
            let configuration = try fixture.configuration(yaml)
            let run = try await fixture.run(["/bin/echo", "ran"], configuration: configuration)
            #expect(run.exit == .status(64) || run.exit == .status(125), "\(run)")
            #expect(run.stdout == "")
            #expect(run.stderr.contains(configuration + place), "file, line and column: \(run)")
            #expect(run.stderr.contains(word), "what was expected: \(run)")
        }
    }

    @Test func aMissingConfigurationFileIsNamed() async throws {
        try await HoopxFixture.run { fixture in
            let run = try await fixture.run(["/bin/echo", "ran"], configuration: "/no/such/file.yaml")
            #expect(run.exit == .status(64) || run.exit == .status(125), "\(run)")
            #expect(run.stdout == "" && run.stderr.contains("/no/such/file.yaml"), "\(run)")
        }
    }

    @Test func insideAnotherSupervisorHoopxRefusesAndSaysWhy() async throws {
        try await HoopxFixture.run { fixture in
            let configuration = try fixture.configuration("version: 1")
            let run = try await fixture.start(program: [
                Clients.python(), Clients.script("supervise.py"), HoopxFixture.hoopx, "run", "--config", configuration,
                "--", "/bin/echo", "ran",
            ]).finish()
            #expect(run.exit == .status(125), "\(run)")
            #expect(run.stdout == "", "\(run)")
            #expect(run.stderr.contains("hoopx: error: ") && run.stderr.lowercased().contains("seccomp"), "\(run)")
            #expect(run.stderr.contains("hoopx: hint: "), "\(run)")
        }
    }

    @Test func withoutACredentialTheErrorSaysWhereOneWouldComeFrom() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let run = try await fixture.run(
                [
                    "/bin/sh", "-c",
                    "curl -sS -m 60 \(Question.url) -H \"x-api-key: $ANTHROPIC_API_KEY\" -d '\(Question.body)'",
                ],
                configuration: fixture.configuration(for: api), environment: ["ANTHROPIC_API_KEY": nil])
            #expect((run.stdout + run.stderr).contains("ANTHROPIC_API_KEY"), "\(run)")
            #expect(api.requests.isEmpty)
        }
    }

    /// The next descriptor that hoopx opened would get the number.
    @Test func aStandardStreamThatIsClosedIsNoneOfHoopxsOwnFilesToTheCommand() async throws {
        try await HoopxFixture.run { fixture in
            let streams = "readlink /proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 > streams"
            let run = try await fixture.start(program: [
                "/bin/sh", "-c", "exec \"$0\" run -- /bin/sh -c '\(streams)' <&- >&- 2>&-", HoopxFixture.hoopx,
            ]).finish()
            #expect(run.exit == .status(0), "\(run)")
            let seen = try String(contentsOfFile: fixture.workDirectory + "/streams", encoding: .utf8)
            #expect(seen == "/dev/null\n\(fixture.workDirectory)/streams\n/dev/null\n")
        }
    }

    @Test func hoopxInsideOfARunSaysThatItIsThere() async throws {
        try await HoopxFixture.run { fixture in
            let run = try await fixture.run(
                [HoopxFixture.hoopx, "run", "--", "/bin/true"], configuration: fixture.configuration("version: 1"))
            #expect(run.exit == .status(125), "\(run)")
            #expect(run.stderr.contains("hoopx: hint: this is inside of session "), "\(run)")
        }
    }
}
