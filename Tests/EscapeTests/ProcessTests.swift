import Foundation
import HoopxTestSupport
import Testing

/// Other processes: hoopx's own and those of the same user (attempts 32, 33, 36, 37, 38).
@Suite struct ProcessTests {
    private static let outsider = """
        import ctypes, signal
        ctypes.CDLL(None).prctl(0x59616d61, ctypes.c_ulong(-1), 0, 0, 0)  # PR_SET_PTRACER: whoever Yama would stop
        print("ready", flush=True); signal.pause()
        """

    /// 32: memory, descriptors, environment, namespaces, by each call and each file that leads to them.
    @Test(arguments: Account.all)
    func noOtherProcessCanBeLookedInto(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let outsider = try fixture.start(program: [Programs.python, "-c", Self.outsider])
            try await outsider.waitForStdout("ready")
            let program = try [Programs.python, Programs.source("processes.py")]
            let hoopx = try fixture.start(
                ["run", "--config", fixture.configuration("version: 1"), "--"] + program)
            try await hoopx.waitForStdout("ready")
            // hoopx, its guardian and its helper.
            let own = [hoopx.pid] + ProcessTable.children(of: hoopx.pid)
            #expect(own.count == 3)
            let pids = own + [outsider.pid]
            hoopx.write(pids.map { "\($0)\n" }.joined())
            let run = try await hoopx.finish()
            #expect(run.stdout == "ready\n" + pids.map { "\($0): \n" }.joined(), "\(run)")

            let control = try fixture.start(program: program)
            control.write("\(outsider.pid)\n")
            let powers = try await control.finish().stdout.split(separator: "\n").last?.split(separator: " ")
                .dropFirst()
            #expect((powers?.count ?? 0) >= 20, "\(String(describing: powers))")
        }
    }

    /// 32: that hoopx's memory holds a secret is shown by root, from outside.
    @Test func rootInsideCannotReadWhatRootOutsideCan() async throws {
        try await HoopxFixture.run(as: .current) { fixture in
            let hoopx = try fixture.start([
                "run", "--config", fixture.configuration("version: 1"), "--", "/bin/sh", "-c",
                "echo ready; read pid; cat /proc/$pid/environ; echo read",
            ])
            try await hoopx.waitForStdout("ready")
            let environment = try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(hoopx.pid)/environ"))
            let holdsKey = environment.map { String(decoding: $0, as: UTF8.self).contains(fixture.apiKey) } ?? false
            #expect(holdsKey == (fixture.account.uid == 0), "nobody but root reads it")
            hoopx.write("\(hoopx.pid)\n")
            let run = try await hoopx.finish()
            #expect(run.stdout == "ready\nread\n", "\(run)")
        }
    }

    /// 37: the control ends a process of the same user in each of the ways.
    @Test(arguments: [
        "kill", "stop", "tkill", "tgkill", "sigqueue", "tgsigqueue", "pidfd", "group", "upper-bits", "owner",
        "owner-ex",
        "limit",
    ])
    func withoutHoopxASignalArrives(way: String) async throws {
        try await HoopxFixture.run { fixture in
            let victim = try fixture.start(program: [Programs.python, "-c", Self.outsider])
            try await victim.waitForStdout("ready")
            let program = try [Programs.python, Programs.source("signals.py"), way, String(victim.pid)]
            let control = try await fixture.start(program: program).finish()
            #expect(control.stdout == "tried\n", "\(control)")
            try await eventually("the victim to be hit") {
                way == "limit"
                    ? Self.openFiles(of: victim.pid) == 0
                    : victim.hasEnded || ProcessTable.state(of: victim.pid) == "T"
            }
        }
    }

    @Test(arguments: Account.all)
    func noSignalAndNoLimitReachesHoopxOrOthers(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let witness = try fixture.witness()
            let outsider = try fixture.start(program: [Programs.python, "-c", Self.outsider])
            try await outsider.waitForStdout("ready")
            let signals = try Programs.source("signals.py")
            let run = try await fixture.run(
                [
                    "/bin/sh", "-c",
                    """
                    trap '' TERM; \(Programs.python) \(signals) every-way \(outsider.pid)
                    curl -sS -m 9 http://127.0.0.1:\(witness.tcpPort)/
                    """,
                ], configuration: fixture.configuration("version: 1"))
            #expect(run.stdout == "hoopx is True True True\ntried\n", "\(run)")
            #expect(run.exit == .status(7), "curl was refused by a hoopx that lives: \(run)")
            #expect(witness.visitCount == 0)
            #expect(!outsider.hasEnded && ProcessTable.state(of: outsider.pid) == "S")
        }
    }

    /// 38: the witness is a port of the machine, and a FIFO that nobody waits at any more.
    @Test func aDaemonDoesNotDialAfterTheRun() async throws {
        try await HoopxFixture.run { fixture in
            let witness = try fixture.witness()
            let daemon = try [Programs.python, Programs.source("daemon.py")]
            let control = fixture.workDirectory + "/control"
            _ = try await fixture.start(program: daemon + [control, String(witness.tcpPort)]).finish()
            try Self.write(to: control)
            try await eventually("the control's daemon to dial") { witness.visitCount == 1 }

            let supervised = fixture.workDirectory + "/supervised"
            let run = try await fixture.run(
                daemon + [supervised, String(witness.tcpPort)], configuration: fixture.configuration("version: 1"))
            #expect(run.exit == .status(0), "\(run)")
            #expect(throws: TestSupportError.self, "nobody reads") { try Self.write(to: supervised) }
            #expect(witness.visitCount == 1)
        }
    }

    /// 33: sudo, fusermount and their kind.
    @Test func aSetuidFileGivesNothing() async throws {
        try await HoopxFixture.run { fixture in
            let program = try [Programs.python, Programs.source("setuid.py")]
            let control = try await fixture.start(program: program).finish()
            #expect(control.stdout == "effective user 0\n", "\(control)")
            let run = try await fixture.run(program, configuration: fixture.configuration("version: 1"))
            #expect(run.stdout == "effective user \(fixture.account.uid)\n", "\(run)")
        }
    }

    /// 36: the witness is a process outside that looks for the key.
    @Test func noKeyIsLeftInTheUsersKeyring() async throws {
        try await HoopxFixture.run { fixture in
            let keys = try [Programs.python, Programs.source("keys.py")]
            let name = String(fixture.mark.suffix(12))
            let control = try await fixture.start(program: keys + ["add", "control-" + name]).finish()
            #expect(control.stdout.contains("added"), "\(control)")
            let found = try await fixture.start(program: keys + ["find", "control-" + name]).finish()
            #expect(found.stdout == "found\n", "\(found)")

            let run = try await fixture.run(
                keys + ["add", name], configuration: fixture.configuration("version: 1"))
            #expect(run.stdout == "Function not implemented\nrequest_key: Function not implemented\n", "\(run)")
            let missing = try await fixture.start(program: keys + ["find", name]).finish()
            #expect(missing.stdout == "nothing\n", "\(missing)")
        }
    }

    /// 36: the key of the token cache, with and without the file rules, which is when its files can be read.
    @Test(arguments: Account.all, [[], ["--allow-nested"]])
    func noKeyOfTheUsersKeyringCanBeRead(account: Account, options: [String]) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let keys = try [Programs.python, Programs.source("keys.py")]
            let name = "hoopx:token-cache:" + String(fixture.mark.suffix(12))
            let added = try await fixture.start(program: keys + ["add", name]).finish()
            #expect(added.stdout.contains("added"), "\(added)")
            let control = try await fixture.start(program: keys + ["read", name]).finish()
            #expect(control.stdout == "search: found\nlisted: True\nread: payload\n", "\(control)")

            let configuration = try fixture.configuration("version: 1")
            let run = try await fixture.start(
                ["run"] + options + ["--config", configuration, "--"] + keys + ["read", name]
            ).finish()
            let refused = "Function not implemented"
            #expect(run.stdout == "search: \(refused)\nlisted: True\nread: \(refused)\n", "\(run)")
        }
    }

    /// Writes a byte into a FIFO; throws where nobody has it open for reading.
    private static func write(to fifo: String) throws {
        let descriptor = open(fifo, O_WRONLY | O_NONBLOCK)
        guard descriptor >= 0 else { throw TestSupportError("\(fifo): errno \(errno)") }
        defer { close(descriptor) }
        guard Glibc.write(descriptor, "x", 1) == 1 else { throw TestSupportError("\(fifo): errno \(errno)") }
    }

    private static func openFiles(of pid: pid_t) -> Int? {
        let limits = (try? String(contentsOfFile: "/proc/\(pid)/limits", encoding: .utf8)) ?? ""
        let line = limits.split(separator: "\n").first { $0.hasPrefix("Max open files") }
        return line?.split(separator: " ").dropFirst(3).first.flatMap { Int($0) }
    }
}
