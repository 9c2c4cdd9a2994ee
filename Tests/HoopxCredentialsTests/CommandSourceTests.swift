import Foundation
import HoopxCore
import HoopxTestSupport
import Testing

@testable import HoopxCredentials

@Suite struct CommandSourceTests {
    @Test(arguments: [
        "printf hunter2", "echo hunter2", #"echo '{"token": "hunter2"}'"#,
        #"echo '{"token": "hunter2", "expires_at": null, "more": [1]}'"#, "printf '\\n hunter2\\n\\n'",
    ])
    func whatTheCommandPrintsIsTheToken(script: String) async throws {
        try await withCommand(script) { command in
            let start = ContinuousClock.now
            let lease = try await source(command).lease()
            #expect(lease.token.withValue { $0 } == "hunter2")
            #expect(lease.expiresAt == nil)
            let refreshAt = try #require(lease.refreshAt)
            #expect((start + .seconds(900)...ContinuousClock.now + .seconds(900)).contains(refreshAt))
        }
    }

    @Test(arguments: [(3_600.0, 2_880.0), (200, 140), (60, 30), (10, 5)])
    func aTokenWithAnEndIsRefreshedBeforeIt(lifetime: Double, refresh: Double) async throws {
        let start = ContinuousClock.now
        let end = Date(timeIntervalSinceNow: lifetime).timeIntervalSince1970
        let written = Timestamp(microseconds: Int64(end * 1_000_000)).description
        for text in ["\(end)", "\"\(written)\""] {
            try await withCommand(#"echo '{"token": "hunter2", "expires_at": \#(text)}'"#) { command in
                let lease = try await source(command).lease()
                let took = ContinuousClock.now - start
                let ends = try #require(lease.expiresAt) - start
                #expect(abs(ends / .seconds(1) - lifetime) < 0.1 + took / .seconds(1))
                let due = try #require(lease.refreshAt) - start
                #expect(abs(due / .seconds(1) - refresh) < 0.1 + took / .seconds(1))
            }
        }
    }

    @Test(arguments: [
        (#"{"token": "hunter2", "expires_at": "tomorrow"}"#, "printed no JSON object"),
        (#"{"token": "hunter2", "expires_at": true}"#, "printed no JSON object"),
        (#"{"token": "hunter2", "expires_at": 1e300}"#, "printed no JSON object"),
        (#"{"token": "hunter2", "expires_at": -5}"#, "printed no JSON object"),
        (#"{"token": "hunter2", "expires_at": 4102444800000}"#, "printed no JSON object"),
        (#"{"token": "hunter2", "expires_at": 1764033627}"#, "expired at 2025-11-25T01:20:27.000Z"),
        (#"{"token": ["hunter2"]}"#, "printed no JSON object"),
        (#"{"access_token": "hunter2"}"#, "printed no JSON object"),
        (#"{"token": "hunter2"} "#, ""), (#"{"token": "hunter2"}x"#, "printed no JSON object"),
        (#"{"token": "hunter2\r\nHost: evil"}"#, "it holds blanks"), (#"{"token": ""}"#, "it is empty"),
        (#"["hunter2"] "#, ""), ("hunter2 and more", "it holds blanks"), ("", "it is empty"),
    ])
    func whatIsNoTokenIsRefusedAndNotRepeated(output: String, found: String) async throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let file = try directory.file("output", output)
        let source = source(["/bin/cat", file])
        guard !found.isEmpty else {
            _ = try await source.lease()
            return
        }
        let error = await #expect(throws: HoopxError.self) { try await source.lease() }
        #expect(error?.found.contains(found) == true, "\(String(describing: error))")
        #expect(error.map { "\($0) \($0.hint ?? "")".contains("hunter2") } == false)
    }

    @Test func aFailureShowsTheStatusAndTheCommandsOwnWordsButNotItsToken() async throws {
        let script = """
            echo '{"token": "hunter2-secret"}'
            printf 'starting\\n\\033[31mno session for hunter2-secret\\033[0m\\n' >&2
            echo 'log in with corp-login' >&2
            exit 3
            """
        try await withCommand(script) { command in
            let error = await #expect(throws: HoopxError.self) { try await source(command).lease() }
            let text = try #require(error?.description)
            #expect(text.contains("it exited with status 3, and says: starting; "))
            #expect(text.contains("no session for ***"))
            #expect(text.hasSuffix("log in with corp-login"))
            #expect(!text.contains("hunter2") && !text.contains("\u{1b}"))
        }
    }

    @Test func manyWordsAreCut() async throws {
        try await withCommand("yes 'all is lost' | head -c 1000000 >&2; echo 'at last' >&2; exit 1") { command in
            let error = await #expect(throws: HoopxError.self) { try await source(command).lease() }
            let text = try #require(error?.description)
            #expect(text.utf8.count < 700)
            #expect(text.hasSuffix("at last"))
        }
    }

    @Test func aCommandThatHangsIsKilledWithAllThatItStarted() async throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let pidFile = directory.path + "/pid"
        let script = "sleep 1000 & echo $! > \(pidFile).new; mv \(pidFile).new \(pidFile); echo waiting >&2; wait"
        try await withCommand(script) { command in
            let error = await #expect(throws: HoopxError.self) {
                try await source(command, timeout: .seconds(1)).lease()
            }
            #expect(error?.found == "it did not end within 1.0 seconds and was killed, and says: waiting")
            let written = try String(contentsOfFile: pidFile, encoding: .utf8)
            let pid = try #require(Int32(written.dropLast()))
            // Who reaps it is another's matter, and takes a moment.
            try await eventually("the end of the command's child") { !Self.isRunning(pid) }
        }
    }

    @Test func moreThanSixtyFourKibibytesAreRefused() async throws {
        let error = await #expect(throws: HoopxError.self) {
            try await source(["/bin/sh", "-c", "head -c 65537 /dev/zero | tr '\\\\0' a; sleep 1000"]).lease()
        }
        #expect(error?.found.hasPrefix("it wrote more than 65536 bytes and was killed") == true)
    }

    @Test func noShellReadsTheArguments() async throws {
        let lease = try await source(["echo", "$(id)`id`;id|cat>/dev/null"]).lease()
        #expect(lease.token.withValue { $0 } == "$(id)`id`;id|cat>/dev/null")
    }

    @Test func theCommandHasHoopxsEnvironmentAndNothingToRead() async throws {
        try await withCommand(#"cat; echo "$GIVEN:$(env | wc -l):$(pwd)""#) { command in
            let lease = try await source(command, environment: ["GIVEN": "yes"]).lease()
            // What a shell sets itself: PWD, SHLVL and _ in some, in dash only PWD.
            let words = lease.token.withValue { $0 }.split(separator: ":")
            #expect(words.first == "yes" && words.last == "/")
            #expect(words.count == 3 && (Int(words[1]) ?? 99) <= 4)
        }
    }

    @Test func theCommandRunsNothingThatTheTargetCouldHavePutInItsPath() async throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        _ = try directory.file("cat", "#!/bin/sh\necho planted\n", mode: 0o755)
        try FileManager.default.createSymbolicLink(
            atPath: directory.path + "/link", withDestinationPath: directory.path)
        let path = "\(directory.path):\(directory.path)/link:relative::/usr/bin:/bin:/usr/../\(directory.path)"
        try await withCommand(#"echo "hunter2:$PYTHONNOUSERSITE:$PATH" | cat"#) { command in
            let lease = try await source(command, environment: ["PATH": path]).lease()
            #expect(["hunter2:1:/usr/bin:/usr/bin", "hunter2:1:/usr/bin:/bin"].contains(lease.token.withValue { $0 }))
        }
    }

    @Test func noVariableNamesCodeForTheCommandToLoad() async throws {
        let names = ["PYTHONPATH", "NODE_OPTIONS", "LD_PRELOAD", "LD_LIBRARY_PATH", "BASH_ENV", "PERL5LIB", "RUBYOPT"]
        try await withCommand("env | cut -d= -f1 | sort | tr '\\n' ,") { command in
            let environment = Dictionary(uniqueKeysWithValues: names.map { ($0, "/nonexistent") })
            let lease = try await source(command, environment: environment.merging(["GIVEN": "x"]) { $1 }).lease()
            let seen = Set(lease.token.withValue { $0 }.split(separator: ",").map(String.init))
            #expect(seen.contains("GIVEN") && seen.isDisjoint(with: names), "\(seen)")
        }
    }

    @Test func aProgramWhoseInterpreterWasChangedIsNotRunAgain() async throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let interpreter = try directory.file("interpreter", "#!/bin/sh\necho hunter2\n", mode: 0o700)
        let program = try directory.file("print-token", "#! \(interpreter) -x\n", mode: 0o700)
        let source = source([program])
        _ = try await source.lease()
        try Data("#!/bin/sh\necho hunter3\n".utf8).write(to: URL(fileURLWithPath: interpreter))
        let error = await #expect(throws: HoopxError.self) { try await source.lease() }
        #expect(error?.found.hasPrefix("\(interpreter) was changed during the session") == true)
    }

    @Test(arguments: [["no-such-program-here"], ["/no/such/program"], ["/etc/passwd"], ["/tmp"], [""], []])
    func whatIsNoProgramIsSaidSo(command: [String]) async throws {
        let error = await #expect(throws: HoopxError.self) { try await source(command).lease() }
        #expect(error?.found == "there is no such program")
    }

    @Test func aProgramThatTheTargetChangedIsNotRunAgain() async throws {
        try await withCommand("echo hunter2") { command in
            let source = source(command)
            _ = try await source.lease()
            // Same length, same file, and its time of writing set back.
            let path = command[0]
            let before = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
            let handle = try #require(FileHandle(forWritingAtPath: path))
            handle.write(Data("#!/bin/sh\necho hunter3\n".utf8))
            try handle.close()
            try FileManager.default.setAttributes([.modificationDate: before as Any], ofItemAtPath: path)
            let error = await #expect(throws: HoopxError.self) { try await source.lease() }
            #expect(error?.found.contains("was changed during the session") == true)
        }
    }

    @Test func requestsAtOneTimeShareOneExecution() async throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let count = directory.path + "/count"
        try await withCommand("echo x >> \(count); echo hunter2") { command in
            let holder = LeaseHolder(source(command))
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<20 { group.addTask { try await holder.lease().token.withValue { $0 } } }
                for try await token in group { #expect(token == "hunter2") }
            }
            #expect(try String(contentsOfFile: count, encoding: .utf8) == "x\n")
        }
    }

    @Test func itsArgumentsAreNotNamed() {
        #expect(source(["print-token", "--password=hunter2"]).name == "the command print-token")
    }

    private func source(
        _ command: [String], timeout: Duration = .seconds(60), environment: [String: String] = [:]
    ) -> CommandSource {
        CommandSource(command: command, timeout: timeout, header: .bearer, environment: environment)
    }

    /// A script as a program of its own.
    private func withCommand(_ script: String, _ body: ([String]) async throws -> Void) async throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        try await body([try directory.file("print-token", "#!/bin/sh\n\(script)\n", mode: 0o700)])
    }

    private static func isRunning(_ pid: Int32) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return false }
        return status.drop { $0 != ")" }.dropFirst(2).first != "Z"
    }
}
