import Foundation
import HoopxTestSupport
import Testing

/// What hoopx itself needs to run, taken from it (attempts 60, 61, 62, 68).
@Suite struct SupervisorTests {
    /// 60: the watches of a user are counted together, the target's with hoopx's.
    @Test func aConnectionThatCannotBeWatchedEndsAlone() async throws {
        try await HoopxFixture.run { fixture in
            let recorder = try await Recorder(fixture)
            let attempt = """
                import http.client, os, socket, time
                host, port = os.environ["ANTHROPIC_BASE_URL"].rpartition("/")[2].split(":")
                crowd = [socket.create_connection((host, int(port)), 20) for _ in range(200)]
                print("closed", crowd[-1].recv(1) == b"")
                for one in crowd: one.close()
                # hoopx closes its ends a moment later, and their numbers are free again.
                for attempt in range(100):
                    question = http.client.HTTPConnection(host, int(port), timeout=20)
                    try:
                        question.request("GET", "/honest")
                        print("status", question.getresponse().status)
                        break
                    except OSError: time.sleep(0.1)
                """
            let run = try await fixture.start(
                program: [
                    Programs.python, Programs.source("watches.py"), HoopxFixture.hoopx, "run", "--config",
                    fixture.configuration(recorder.configuration), "--", Programs.python, "-c", attempt,
                ]
            ).finish()
            #expect(run.stdout == "closed True\nstatus 200\n", "\(run)")
            #expect(run.exit == .status(0), "\(run)")
        }
    }

    /// 68: the descriptors that a user's processes pass are counted together, and those of hoopx's helper are among them. Its own
    /// limit is lowered here, so that twenty are too many for it and for nobody else.
    @Test func aSocketThatCannotBePassedIsRefusedAtOnce() async throws {
        try await HoopxFixture.run { fixture in
            let attempt = """
                import os, socket, sys
                def ask():
                    try: socket.socket(socket.AF_INET, socket.SOCK_DGRAM); print("made", flush=True)
                    except OSError as error: print(os.strerror(error.errno), flush=True)
                ask(); sys.stdin.readline()
                here, there = socket.socketpair(); socket.send_fds(here, [b"x"], [0] * 20)
                ask(); there.close(); here.close(); ask()
                """
            let hoopx = try fixture.start(
                ["run", "--config", fixture.configuration("version: 1"), "--", Programs.python, "-c", attempt])
            try await hoopx.waitForStdout("made\n")
            let helper = try #require(
                ProcessTable.children(of: hoopx.pid).first { ProcessTable.children(of: $0).isEmpty })
            let limit = try await fixture.start(program: ["/usr/bin/prlimit", "--pid=\(helper)", "--nofile=8:8"])
                .finish()
            #expect(limit.exit == .status(0), "\(limit)")
            hoopx.write("\n")
            let run = try await hoopx.finish(within: .seconds(20))
            #expect(run.stdout == "made\nToo many references: cannot splice\nmade\n", "\(run)")
        }
    }

    /// 61: a group of processes that was given to the user, as systemd does, ends at one word. The witness is in it.
    @Test func noGroupOfProcessesCanBeEnded() async throws {
        try await HoopxFixture.run { fixture in
            let group = try ProcessGroup(fixture)
            defer { group.remove() }
            let end = ["/bin/sh", "-c", "echo 1 > \(group.path)/cgroup.kill || echo kept"]
            let first = try await group.member(fixture)
            #expect(try await fixture.start(program: end).finish().stdout == "")
            try await eventually("the control to end it") { first.hasEnded }

            let second = try await group.member(fixture)
            let run = try await fixture.run(end, configuration: fixture.configuration("version: 1"))
            #expect(run.stdout == "kept\n", "\(run)")
            #expect(!second.hasEnded && ProcessTable.state(of: second.pid) == "S")
            second.send(SIGKILL)
            _ = try await second.finish()
        }
    }

    /// 62: what may hardly run ends nobody.
    @Test(arguments: Account.all)
    func neitherHoopxNorTheGuardianCanBeStarved(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let program = try [Programs.python, Programs.source("priorities.py")]
            let victim = try fixture.start(program: ["/bin/sleep", "60"])
            let control = try fixture.start(program: program)
            control.write("\(victim.pid)\n")
            let ways = try await control.finish().stdout.split(separator: "\n").last?.split(separator: " ").dropFirst()
            #expect((ways?.count ?? 0) == 8, "\(String(describing: ways))")

            let hoopx = try fixture.start(["run", "--config", fixture.configuration("version: 1"), "--"] + program)
            try await hoopx.waitForStdout("ready")
            let guardian = try #require(
                ProcessTable.children(of: hoopx.pid).first { !ProcessTable.children(of: $0).isEmpty })
            hoopx.write("\(hoopx.pid)\n\(guardian)\n")
            let run = try await hoopx.finish()
            #expect(run.stdout == "ready\n\(hoopx.pid): \n\(guardian): \n", "\(run)")
        }
    }
}

/// A control group (cgroups(7)) that belongs to the fixture's user.
private struct ProcessGroup {
    let path: String
    private let outer: String

    init(_ fixture: HoopxFixture) throws {
        let mounts = try String(contentsOfFile: "/proc/self/mounts", encoding: .utf8).split(separator: "\n")
        guard let mount = mounts.map({ $0.split(separator: " ") }).first(where: { $0[2] == "cgroup2" }) else {
            throw TestSupportError("no cgroup2 is mounted")
        }
        let own = try String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8).split(separator: "\n")
            .first { $0.hasPrefix("0::") }?.dropFirst(3)
        // Root makes it for the user below the root's; anybody else must have been given the one that it is in.
        outer = String(mount[1]) + (getuid() == 0 ? "" : own ?? "") + "/hoopx-test-\(UUID().uuidString)"
        path = outer + "/inner"
        for directory in [outer, path] {
            guard mkdir(directory, 0o755) == 0 else { throw TestSupportError("mkdir \(directory): errno \(errno)") }
        }
        for name in ["", "/cgroup.procs", "/cgroup.kill"] {
            guard chown(path + name, fixture.account.uid, fixture.account.gid) == 0 else {
                throw TestSupportError("chown \(path)\(name): errno \(errno)")
            }
        }
    }

    /// A process in it.
    func member(_ fixture: HoopxFixture) async throws -> RunningProcess {
        let member = try fixture.start(program: ["/bin/sh", "-c", "read line; exec sleep 600"])
        try "\(member.pid)\n".write(toFile: path + "/cgroup.procs", atomically: false, encoding: .utf8)
        member.write("\n")
        try await eventually("it to sleep") { ProcessTable.state(of: member.pid) == "S" }
        return member
    }

    func remove() {
        rmdir(path)
        rmdir(outer)
    }
}
