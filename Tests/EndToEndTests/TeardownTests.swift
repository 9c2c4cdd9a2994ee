import Foundation
import HoopxTestSupport
import Testing

/// After a run nothing of it is left, in whichever way it ended.
@Suite struct TeardownTests {
    /// Leaves a daemon behind: double-forked, in a session of its own, deaf to signals; then does as told.
    private static let daemonAndThen = """
        (setsid sh -c 'trap "" HUP INT TERM; echo daemon; while :; do sleep 1; done' &)
        sleep 600 &
        """

    @Test(arguments: Account.all)
    func aDaemonThatTheCommandLeavesBehindEndsWithTheRun(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let process = try fixture.start([
                "run", "--config", fixture.configuration("version: 1"), "--", "/bin/sh", "-c",
                Self.daemonAndThen + "\nread line; exit 5",
            ])
            try await process.waitForStdout("daemon")
            #expect(ProcessTable.pids(marked: fixture.mark).count >= 4)
            process.write("\n")
            #expect(try await process.finish().exit == .status(5))
            Self.expectNothingLeft(of: fixture)
            #expect(try await fixture.newestSession().ending == .init(kind: "exited", status: 5))
        }
    }

    @Test(arguments: [SIGKILL, SIGTERM, SIGSEGV])
    func aCommandThatASignalKilledIsReportedAs128PlusTheSignal(signal: Int32) async throws {
        try await HoopxFixture.run { fixture in
            let run = try await fixture.shell(
                "(sleep 600 &) ; kill -\(signal) $$", configuration: fixture.configuration("version: 1"))
            #expect(run.exit == .status(128 + signal), "\(run)")
            Self.expectNothingLeft(of: fixture)
            #expect(try await fixture.newestSession().ending == .init(kind: "killed", signal: Int(signal)))
        }
    }

    @Test(arguments: Account.all, [SIGTERM, SIGHUP, SIGINT])
    func aSignalToHoopxEndsTheWholeTree(account: Account, signal: Int32) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let process = try fixture.start([
                "run", "--config", fixture.configuration("version: 1"), "--", "/bin/bash", "-c",
                Self.daemonAndThen + "\nexec sleep 600",
            ])
            try await process.waitForStdout("daemon")
            process.send(signal)
            let run = try await process.finish()
            #expect(run.exit == .status(128 + signal), "\(run)")
            Self.expectNothingLeft(of: fixture)
            let session = try await fixture.newestSession()
            #expect(session.state == "ended", "\(session)")
        }
    }

    @Test func aTerminationThatTheCommandHandlesItselfIsItsOwnMatter() async throws {
        try await HoopxFixture.run { fixture in
            let process = try fixture.start([
                "run", "--config", fixture.configuration("version: 1"), "--", "/bin/bash", "-c",
                "trap 'echo cleaning up; exit 9' TERM; echo ready; while :; do sleep 0.1; done",
            ])
            try await process.waitForStdout("ready")
            process.send(SIGTERM)
            let run = try await process.finish()
            #expect(run.stdout == "ready\ncleaning up\n", "\(run)")
            #expect(run.exit == .status(9) || run.exit == .status(128 + SIGTERM), "\(run)")
        }
    }

    @Test(arguments: Account.all)
    func killingHoopxClosesEgressAndTheNextRunSweeps(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let witness = try fixture.witness()
            let process = try fixture.start([
                "run", "--config", fixture.configuration("version: 1"), "--", Clients.python(), "-c",
                """
                import os, signal, socket, sys, time
                for number in (1, 2, 15): signal.signal(number, signal.SIG_IGN)
                if os.fork(): time.sleep(600)
                os.setsid()
                if os.fork(): os._exit(0)
                print("daemon", flush=True)
                log = open("connects", "w")
                while True:
                    result = socket.socket().connect_ex(("127.0.0.1", int(sys.argv[1])))
                    log.write("%d\\n" % result); log.flush()
                    time.sleep(0.01)
                """, String(witness.tcpPort),
            ])
            try await process.waitForStdout("daemon")
            let log = fixture.workDirectory + "/connects"
            try await eventually("a refused connect") {
                ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").count > 4
            }
            process.send(SIGKILL)
            #expect(try await process.exit() == .signal(SIGKILL))
            let before = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").count
            try await eventually("the tree to end, or a connect after hoopx's death") {
                let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
                return ProcessTable.pids(marked: fixture.mark).isEmpty || lines.dropFirst(before + 1).contains("38")
            }
            let results = Set(
                try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").dropFirst(before + 1))
            #expect(results.isSubset(of: ["38"]), "ENOSYS and nothing else: \(results)")
            #expect(witness.visitCount == 0)

            let next = try await fixture.shell("true", configuration: fixture.configuration("version: 1"))
            #expect(next.exit == .status(0), "\(next)")
            Self.expectNothingLeft(of: fixture)
            let sessions = try await fixture.sessions()
            #expect(sessions.map(\.state) == ["ended", "interrupted"])
        }
    }

    /// Gives up the kernel's promise to kill it with its guardian, has a daemon, and tells who the guardian is.
    private static let withoutDeathSignal = """
        import ctypes, os, signal, sys, time
        for number in (1, 2, 15): signal.signal(number, signal.SIG_IGN)
        ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)  # PR_SET_PDEATHSIG
        guardian = os.getppid()
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0: time.sleep(600)
            os._exit(0)
        os.wait()
        print("guardian", guardian, flush=True)
        time.sleep(600)
        """

    private static func startWithoutDeathSignal(_ fixture: HoopxFixture) async throws -> (
        RunningProcess, guardian: pid_t
    ) {
        let process = try fixture.start([
            "run", "--config", fixture.configuration("version: 1"), "--", Clients.python(), "-c", withoutDeathSignal,
        ])
        try await process.waitForStdout("\n")
        let guardian = try #require(process.stdout.split { !$0.isNumber }.first.flatMap { pid_t($0) })
        return (process, guardian)
    }

    @Test(arguments: Account.all)
    func hoopxEndsTheTreeItselfWhereTheGuardianIsKilled(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let (process, guardian) = try await Self.startWithoutDeathSignal(fixture)
            kill(guardian, SIGKILL)
            let run = try await process.finish()
            #expect(run.exit == .status(128 + SIGKILL), "\(run)")
            #expect(run.stderr.contains("its guardian process was killed"), "\(run)")
            Self.expectNothingLeft(of: fixture)
            #expect(try await fixture.newestSession().ending?.kind == "failed")
        }
    }

    @Test(arguments: Account.all)
    func theNextRunEndsATreeWhoseGuardianAndHoopxWereBothKilled(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let (process, guardian) = try await Self.startWithoutDeathSignal(fixture)
            // Stopped, hoopx does not see the guardian's end; and the guardian does not live to see hoopx's.
            process.send(SIGSTOP)
            try await eventually("hoopx to stop") { ProcessTable.state(of: process.pid) == "T" }
            kill(guardian, SIGKILL)
            try await eventually("the guardian's end") { ProcessTable.state(of: guardian) == "Z" }
            process.send(SIGKILL)
            #expect(try await process.exit() == .signal(SIGKILL))
            #expect(ProcessTable.pids(marked: fixture.mark).count == 2, "the command and its daemon live on")

            let next = try await fixture.shell("true", configuration: fixture.configuration("version: 1"))
            #expect(next.exit == .status(0), "\(next)")
            try await eventually("the end of what was left") { ProcessTable.pids(marked: fixture.mark).isEmpty }
            Self.expectNothingLeft(of: fixture)
        }
    }

    @Test func aRunThatFailsBeforeTheCommandLeavesNothing() async throws {
        try await HoopxFixture.run { fixture in
            let run = try await fixture.run(["/no/such/command"], configuration: fixture.configuration("version: 1"))
            #expect(run.exit == .status(127), "\(run)")
            Self.expectNothingLeft(of: fixture)
            let sessions = try await fixture.sessions()
            #expect(sessions.allSatisfy { $0.state == "ended" })
        }
    }

    private static func expectNothingLeft(
        of fixture: HoopxFixture, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let left = ProcessTable.pids(marked: fixture.mark).map { ProcessTable.commandLine(of: $0) }
        #expect(left.isEmpty, "processes are left", sourceLocation: sourceLocation)
        let files = fixture.directory.contents(of: "state/hoopx/run")
        #expect(files.isEmpty, "files are left", sourceLocation: sourceLocation)
    }
}
