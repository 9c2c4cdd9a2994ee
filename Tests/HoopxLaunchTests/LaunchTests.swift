import CHoopxLinux
import Glibc
import HoopxLinux
import Testing

@Suite(.timeLimit(.minutes(1))) struct LaunchTests {
    private static let launched = [HOOPX_LAUNCH_LISTENER.rawValue, HOOPX_LAUNCH_EXECUTED.rawValue]

    @Test(arguments: Identity.available) func theCommandRunsAndItsStatusIsReported(identity: Identity) throws {
        let launch = try Launch(["sh", "-c", "echo from the target; exit 7"], as: identity)
        let (last, before) = try launch.finish()
        #expect(before == Self.launched)
        #expect(last?.kind == HOOPX_LAUNCH_ENDED.rawValue)
        #expect(last.flatMap { WaitStatus(raw: $0.value) } == .exited(7))
        #expect(last?.error == 0)
        #expect(launch.allOutput() == "from the target\n")
    }

    @Test func theSignalThatEndedTheCommandIsReported() throws {
        let (last, _) = try Launch(["sh", "-c", "kill -TERM $$"]).finish()
        #expect(last.flatMap { WaitStatus(raw: $0.value) } == .signaled(SIGTERM))
    }

    @Test func aMissingCommandIsReportedAndNothingRuns() throws {
        let (last, before) = try Launch(["/nonexistent/command"]).finish()
        #expect(before == [HOOPX_LAUNCH_LISTENER.rawValue])
        #expect(last?.kind == HOOPX_LAUNCH_FAILED.rawValue)
        #expect(last?.value == Int32(HOOPX_STEP_EXECUTE.rawValue))
        #expect(last?.error == ENOENT)
    }

    @Test func aFileThatIsNoProgramIsReported() throws {
        let (last, _) = try Launch(["/etc/passwd"]).finish()
        #expect(last?.value == Int32(HOOPX_STEP_EXECUTE.rawValue))
        #expect(last?.error == EACCES)
    }

    @Test(arguments: Identity.available) func aConnectIsTheSupervisorsToAnswer(identity: Identity) throws {
        let launch = try Launch(["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9"], as: identity)
        let (last, _) = try launch.finish(answer: EHOSTDOWN)
        #expect(last.flatMap { WaitStatus(raw: $0.value) } == .exited(1))
        #expect(launch.trappedCalls.contains(Int32(HOOPX_CALL_CONNECT.rawValue)))
        #expect(launch.allOutput().contains("Host is down"))
    }

    @Test func executionsAreTrappedOnlyWhereThatIsAskedFor() throws {
        let seen = try Launch(["/bin/true"], executions: "notify")
        let (last, _) = try seen.finish(answer: EHOSTDOWN)
        #expect(last?.value == Int32(HOOPX_STEP_EXECUTE.rawValue) && last?.error == EHOSTDOWN)
        #expect(seen.trappedCalls == [Int32(HOOPX_CALL_EXECVE.rawValue)])
        let unseen = try Launch(["sh", "-c", "/bin/true; exec /bin/true"])
        #expect(try unseen.finish(answer: EHOSTDOWN).before == Self.launched)
        #expect(unseen.trappedCalls.isEmpty)
    }

    @Test func theCommandGetsNoDescriptorButTheStandardStreams() throws {
        let script = "i=0; while [ $i -lt 256 ]; do [ -e /proc/$$/fd/$i ] && echo $i; i=$((i + 1)); done"
        let launch = try Launch(["sh", "-c", script])
        _ = try launch.finish()
        #expect(launch.allOutput() == "0\n1\n2\n")
    }

    @Test(arguments: [[], [SIGUSR2], [SIGCHLD, SIGINT]])
    func theCommandGetsTheMaskThatTheLauncherWasGiven(blocked: [Int32]) throws {
        let command = ["grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"]
        let launch = try Launch(command, signals: InheritedSignals(ignoring: [], blocking: blocked))
        _ = try launch.finish()
        let mask = blocked.reduce(UInt64(0)) { $0 | 1 << UInt64($1 - 1) }
        let digits = String(mask, radix: 16)
        let padded = String(repeating: "0", count: 16 - digits.count) + digits
        #expect(launch.allOutput() == "SigBlk:\t\(padded)\nSigIgn:\t0000000000000000\n")
    }

    @Test(arguments: ["notify", "deny"]) func anInternetSocketAsStandardInputIsRefused(tier: String) throws {
        for type in [SOCK_STREAM, SOCK_DGRAM] {
            let input = OwnedDescriptor(socket(AF_INET, Int32(type.rawValue), 0))
            let (last, before) = try Launch(["true"], tier: tier, input: input.raw).finish()
            #expect(before.isEmpty)
            #expect(last?.value == Int32(HOOPX_STEP_STANDARD_STREAMS.rawValue))
            #expect(last?.error == ENOTSUP)
        }
    }

    @Test func aUnixStreamAsStandardInputIsKept() throws {
        var ends: [Int32] = [0, 0]
        try Errno.checkLast(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends))
        let mine = OwnedDescriptor(ends[0])
        let input = OwnedDescriptor(ends[1])
        _ = write(mine.raw, "hello\n", 6)
        let launch = try Launch(["head", "-n1"], input: input.raw)
        _ = try launch.finish()
        #expect(launch.allOutput() == "hello\n")
    }

    @Test func aLaunchInsideOfALaunchIsToldThatTheListenerIsTaken() throws {
        let launch = try Launch([
            "python3", "-c",
            """
            import socket, subprocess, struct, sys
            mine, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            words = ["deny", "allow", "allow", "none", "shared", "--", "true"]
            subprocess.Popen([sys.argv[1], str(other.fileno())] + words, pass_fds=[other.fileno()])
            report, _, step, error = struct.unpack("Iiii", mine.recv(64))
            print(report, step, error)
            """, Programs.launch,
        ])
        _ = try launch.finish()
        let expected = [HOOPX_LAUNCH_FAILED.rawValue, HOOPX_STEP_FILTER.rawValue, UInt32(EBUSY)]
        #expect(launch.allOutput() == expected.map(String.init).joined(separator: " ") + "\n")
    }
}
