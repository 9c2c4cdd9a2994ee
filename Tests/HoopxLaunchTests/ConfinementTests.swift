import CHoopxLinux
import Glibc
import HoopxLinux
import Testing

/// The walls around the command, seen from inside.
@Suite(.timeLimit(.minutes(1))) struct ConfinementTests {
    private func output(of script: String, as identity: Identity) throws -> String {
        let launch = try Launch(["python3", "-c", script], as: identity)
        _ = try launch.finish()
        return launch.allOutput()
    }

    @Test(arguments: Identity.available) func theCommandCannotSignalOrReadTheGuardian(identity: Identity) throws {
        let script = """
            import os, signal
            guardian = os.getppid()
            def refused(action):
                try: action(); return "done"
                except OSError as error: return type(error).__name__
            print(refused(lambda: os.kill(guardian, signal.SIGKILL)))
            print(refused(lambda: os.kill(-1, 0)))
            print(refused(lambda: open(f"/proc/{guardian}/environ").read()))
            print(refused(lambda: open(f"/proc/{guardian}/mem")))
            print(refused(lambda: os.listdir(f"/proc/{guardian}/fd") and os.readlink(f"/proc/{guardian}/fd/3")))
            """
        let expected = String(repeating: "PermissionError\n", count: 5)
        #expect(try output(of: script, as: identity) == expected)
    }

    @Test(arguments: Identity.available) func theCommandCannotReadTheSupervisor(identity: Identity) throws {
        // The supervisor is this test program, which is dumpable: Landlock alone keeps it closed.
        let script = """
            import os
            supervisor = \(getpid())
            for name in ["environ", "mem", "maps"]:
                try: open(f"/proc/{supervisor}/{name}", "rb").read(1); print("read")
                except OSError as error: print(type(error).__name__)
            """
        #expect(try output(of: script, as: identity) == "PermissionError\nPermissionError\nPermissionError\n")
    }

    @Test(arguments: Identity.available) func thePrivilegesOfTheCommandCannotGrow(identity: Identity) throws {
        let launch = try Launch(["grep", "-E", "^(NoNewPrivs|Seccomp):", "/proc/self/status"], as: identity)
        _ = try launch.finish()
        #expect(launch.allOutput() == "NoNewPrivs:\t1\nSeccomp:\t2\n")
    }

    @Test(.enabled(if: geteuid() == 0, "an ordinary user has no capabilities to lose"))
    func rootLosesWhatCouldUndoTheSandbox() throws {
        let launch = try Launch(["grep", "-E", "^Cap(Prm|Eff|Bnd|Inh)", "/proc/self/status"])
        _ = try launch.finish()
        // DAC_READ_SEARCH, NET_ADMIN, NET_RAW, SYS_MODULE, SYS_RAWIO, SYS_PTRACE, SYS_ADMIN, SYS_BOOT,
        // SYS_RESOURCE, PERFMON, BPF, CHECKPOINT_RESTORE
        let lost = [2, 12, 13, 16, 17, 19, 21, 22, 24, 38, 39, 40]
        for line in launch.allOutput().split(separator: "\n") {
            let set = try #require(UInt64(line.split(separator: "\t")[1], radix: 16))
            for capability in lost { #expect(set >> UInt64(capability) & 1 == 0, "\(line) \(capability)") }
        }
    }

    @Test func theLandlockABIInUseIsReported() throws {
        let report = try #require(try Launch(["true"]).next())
        #expect(report.kind == HOOPX_LAUNCH_LISTENER.rawValue)
        #expect(report.value == hoopx_landlock_abi())
    }

    @Test func nestedSandboxesStillWork() throws {
        let launch = try Launch([
            "unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt",
        ])
        let (last, _) = try launch.finish()
        #expect(last.flatMap { WaitStatus(raw: $0.value) } == .exited(0), "\(launch.allOutput())")
    }
}
