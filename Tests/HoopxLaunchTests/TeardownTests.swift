import CHoopxLinux
import Glibc
import HoopxLinux
import Testing

/// Nothing of the tree outlives the run, whatever ends it.
@Suite(.timeLimit(.minutes(1))) struct TeardownTests {
    /// Starts a daemon that leaves its parent and its session, whose pid it prints.
    private static let daemon = "(setsid sleep 1000 >/dev/null 2>&1 & echo $!)\n"

    private func daemonPid(_ launch: Launch) throws -> Pidfd {
        try Pidfd(try #require(Int32(launch.someOutput().prefix { $0.isNumber })))
    }

    @Test(arguments: Identity.available) func daemonsEndWithTheCommand(identity: Identity) throws {
        let launch = try Launch(["sh", "-c", Self.daemon + "exit 3"], as: identity, input: nil)
        let (last, _) = try launch.finish()
        #expect(last.flatMap { WaitStatus(raw: $0.value) } == .exited(3))
        #expect(last?.error == 0)
        let pid = try #require(Int32(launch.allOutput().prefix { $0.isNumber }))
        #expect(kill(pid, 0) == -1 && errno == ESRCH)
    }

    @Test(arguments: Identity.available) func everythingEndsWhenTheSupervisorHangsUp(identity: Identity) throws {
        let launch = try Launch(["sh", "-c", Self.daemon + "sleep 1000"], as: identity)
        let main = try Pidfd(try launch.start())
        let daemon = try daemonPid(launch)
        launch.hangUp()
        let mainHasEnded = main.waitForEnd(milliseconds: 10_000)
        #expect(mainHasEnded)
        let daemonHasEnded = daemon.waitForEnd(milliseconds: 10_000)
        #expect(daemonHasEnded)
    }

    @Test func aSupervisorThatDiesBeforeTheCommandRunsEndsTheLaunch() throws {
        let launch = try Launch(["sleep", "1000"])
        let guardian = try Pidfd(launch.guardian)
        launch.hangUp()
        let guardianHasEnded = guardian.waitForEnd(milliseconds: 10_000)
        #expect(guardianHasEnded)
    }

    @Test func terminateEndsTheTreeAndReportsIt() throws {
        let launch = try Launch(["sh", "-c", Self.daemon + "sleep 1000"])
        _ = try launch.start()
        let daemon = try daemonPid(launch)
        launch.order(HOOPX_LAUNCH_TERMINATE)
        let (last, _) = try launch.finish()
        #expect(last.flatMap { WaitStatus(raw: $0.value) } == .signaled(SIGKILL))
        let daemonHasEnded = daemon.waitForEnd(milliseconds: 0)
        #expect(daemonHasEnded, "it ended before it was reported")
    }

    @Test(arguments: Identity.available) func theCommandEndsWhenTheGuardianIsKilled(identity: Identity) throws {
        let launch = try Launch(["sleep", "1000"], as: identity)
        let main = try Pidfd(try launch.start())
        kill(launch.guardian, SIGKILL)
        let mainHasEnded = main.waitForEnd(milliseconds: 10_000)
        #expect(mainHasEnded)
    }

    @Test func aChainOfForksDoesNotOutrunTheGuardian() throws {
        let launch = try Launch([
            "python3", "-c",
            """
            import os, time
            if os.fork() == 0:
                while True:
                    if os.fork(): os._exit(0)
            print("running", flush=True)
            time.sleep(0.05)
            """,
        ])
        let (last, _) = try launch.finish()
        #expect(last?.kind == HOOPX_LAUNCH_ENDED.rawValue)
        #expect(last?.error == 0)
        #expect(launch.allOutput() == "running\n")
    }

    @Test(arguments: Identity.available) func aSubreaperInTheTreeKeepsNothingFromTheGuardian(identity: Identity) throws
    {
        // Orphans fall to it, deep in the tree, instead of to the guardian; all of them are deaf to what can be ignored.
        let launch = try Launch(
            [
                "python3", "-c",
                """
                import ctypes, os, signal, sys
                told, tell = os.pipe()
                for number in range(1, 32):
                    if number not in (signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD): signal.signal(number, signal.SIG_IGN)
                def stay():
                    os.write(tell, b"%d\\n" % os.getpid())
                    os.close(0); os.close(1); os.close(2)
                    while True: signal.pause()
                if os.fork() == 0:
                    os.setsid(); ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
                    for _ in range(3):
                        if os.fork() == 0:
                            os.setsid()
                            if os.fork() == 0: stay()
                            os._exit(0)
                        os.wait()
                    stay()
                os.close(tell); pids = b""
                while pids.count(b"\\n") < 4: pids += os.read(told, 100)
                print(pids.decode().split(), flush=True)
                sys.exit(3)
                """,
            ], as: identity)
        let (last, _) = try launch.finish()
        #expect(last.flatMap { WaitStatus(raw: $0.value) } == .exited(3))
        #expect(last?.error == 0)
        let pids = launch.allOutput().split { !$0.isNumber }.compactMap { Int32($0) }
        #expect(pids.count == 4)
        for pid in pids { #expect(kill(pid, 0) == -1 && errno == ESRCH) }
    }

    @Test func aStopIsReportedAndAContinueIsPassedOn() throws {
        let launch = try Launch(["sh", "-c", "kill -STOP $$; echo continued"])
        let main = try launch.start()
        let stopped = try launch.next()
        #expect(stopped == .init(kind: HOOPX_LAUNCH_STOPPED.rawValue, pid: main, value: SIGSTOP, error: 0))
        launch.order(HOOPX_LAUNCH_CONTINUE)
        #expect(try launch.next()?.kind == HOOPX_LAUNCH_CONTINUED.rawValue)
        let (last, _) = try launch.finish()
        #expect(last.flatMap { WaitStatus(raw: $0.value) } == .exited(0))
        #expect(launch.allOutput() == "continued\n")
    }

    @Test func theAnswerToAStopDoesNotEndALaterOne() throws {
        let launch = try Launch(["sh", "-c", "kill -STOP $$; kill -STOP $$; kill -STOP $$; echo continued"])
        let main = try launch.start()
        let stopped = Launch.Report(kind: HOOPX_LAUNCH_STOPPED.rawValue, pid: main, value: SIGSTOP, error: 0)
        #expect(try launch.next() == stopped)
        // As a shell does, which continues the whole process group.
        kill(main, SIGCONT)
        #expect(try launch.next() == stopped)
        for _ in 0..<2 {
            launch.order(HOOPX_LAUNCH_CONTINUE)
            #expect(try launch.next()?.kind == HOOPX_LAUNCH_CONTINUED.rawValue)
        }
        #expect(try launch.next() == stopped)
        launch.order(HOOPX_LAUNCH_CONTINUE)
        let (last, _) = try launch.finish()
        #expect(last.flatMap { WaitStatus(raw: $0.value) } == .exited(0))
        #expect(launch.allOutput() == "continued\n")
    }

    @Test func theTerminalsSignalsDoNotEndTheGuardian() throws {
        let launch = try Launch(["sh", "-c", "trap '' INT QUIT TERM HUP; echo ready; read line; exit 5"], input: nil)
        _ = try launch.start()
        for signal in [SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP] { kill(launch.guardian, signal) }
        let (last, _) = try launch.finish()
        #expect(last.flatMap { WaitStatus(raw: $0.value) } == .exited(5))
    }
}
