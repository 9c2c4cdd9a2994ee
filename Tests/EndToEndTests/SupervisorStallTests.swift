import Foundation
import HoopxTestSupport
import Testing

/// Whatever the target does, hoopx goes on answering it; and where hoopx does not go on, nothing gets out.
@Suite struct SupervisorStallTests {
    /// `ask(port)` gets a page over TCP, and says whether it was the page.
    private static let client = """
        import errno, os, select, signal, socket, subprocess, sys, threading, time
        signal.alarm(80)
        def ask(port, path="/page"):
            with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
                connection.sendall(f"GET {path} HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n".encode())
                return connection.makefile().read().endswith("page of " + path)

        """

    private func run(
        _ program: String, of fixture: HoopxFixture, limit: String = "",
        whileRunning: (RunningProcess) async throws -> Void = { _ in }
    ) async throws -> FinishedProcess {
        let server = try await fixture.httpServer { .answer("page of " + $0.path) }
        let configuration = try fixture.configuration("version: 1\negress: {tunnel: [\"127.0.0.1:\(server.port)\"]}")
        let process = try fixture.start(program: [
            "/bin/sh", "-c", limit + #" exec "$@""#, "sh", HoopxFixture.hoopx, "run", "--config", configuration, "--",
            Clients.python(), "-c", Self.client + "port = \(server.port)\n" + program,
        ])
        try await whileRunning(process)
        return try await process.finish()
    }

    @Test func aServerOfTheTargetWithAFullQueueHoldsNoOtherConnectUp() async throws {
        try await HoopxFixture.run { fixture in
            let run = try await run(
                """
                full = socket.socket(); full.bind(("127.0.0.1", 0)); full.listen(0)
                def dial():
                    try: socket.create_connection(full.getsockname())
                    except OSError: pass
                for _ in range(60): threading.Thread(target=dial, daemon=True).start()
                print(all(ask(port) for _ in range(40)), flush=True)
                os._exit(0)
                """, of: fixture)
            #expect(run.stdout == "True\n", "\(run)")
            #expect(run.exit == .status(0), "\(run)")
        }
    }

    /// hoopx needs two descriptors for each connection, and a shell gives a program 1,024.
    @Test func aThousandConnectsAtOnceAreAllServed() async throws {
        try await HoopxFixture.run { fixture in
            let run = try await run(
                """
                def work():
                    held, failures = [], []
                    start.wait()
                    for number in range(5):
                        try:
                            connection = socket.create_connection(("127.0.0.1", port), timeout=60); held.append(connection)
                        except OSError as error: failures.append(error)
                    for number, connection in enumerate(held):
                        connection.sendall(f"GET /{os.getpid()}-{number} HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n".encode())
                        if not connection.makefile().read().endswith(f"page of /{os.getpid()}-{number}"): failures.append(number)
                    results.append((len(held), failures))
                for _ in range(4):
                    if os.fork() == 0:
                        start, results = threading.Barrier(50), []
                        threads = [threading.Thread(target=work) for _ in range(50)]
                        for thread in threads: thread.start()
                        for thread in threads: thread.join()
                        print(sum(count for count, _ in results), [f for _, fs in results for f in fs][:3], flush=True)
                        os._exit(0)
                for _ in range(4): os.wait()
                import resource; print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
                """, of: fixture, limit: "ulimit -S -n 1024;")
            #expect(run.stdout == String(repeating: "250 []\n", count: 4) + "1024\n", "\(run)")
        }
    }

    @Test func aFloodOfDeniedConnectsIsCountedToTheLast() async throws {
        try await HoopxFixture.run { fixture in
            let run = try await run(
                """
                def flood():
                    for number in range(2500):
                        try: socket.socket().connect(("192.0.2.7", 443)); print("reached")
                        except ConnectionRefusedError: pass
                for _ in range(4):
                    if os.fork() == 0: flood(); os._exit(0)
                print(ask(port), flush=True)
                for _ in range(4): os.wait()
                """, of: fixture)
            #expect(run.stdout == "True\n", "\(run)")
            #expect(run.stderr.contains("hoopx: denied: a connection to 192.0.2.7:443 (10000 times)"), "\(run)")
            #expect(try await fixture.newestSession().denials?.map(\.count) == [10_000])
        }
    }

    @Test func aProcessThatIsStoppedOrKilledInsideOfAConnectHoldsNoOtherUp() async throws {
        try await HoopxFixture.run { fixture in
            let run = try await run(
                """
                connect = {"x86_64": "42", "aarch64": "203"}[os.uname().machine]
                full = socket.socket(socket.AF_UNIX); full.bind("full.socket"); full.listen(0)
                first = socket.socket(socket.AF_UNIX); first.connect("full.socket")
                def inside():
                    # Its connect is with hoopx, and stays there until someone accepts.
                    pid = os.fork()
                    if pid == 0: socket.socket(socket.AF_UNIX).connect("full.socket"); os._exit(7)
                    while open(f"/proc/{pid}/syscall").read().split()[0] != connect: time.sleep(0.001)
                    return pid
                stopped, killed = inside(), inside()
                # Calls are taken up in their order: after this one, those are.
                ask(port)
                os.kill(stopped, signal.SIGSTOP); os.kill(killed, signal.SIGKILL)
                print(os.waitstatus_to_exitcode(os.waitpid(killed, 0)[1]), all(ask(port) for _ in range(10)), flush=True)
                for _ in range(3): full.accept()
                os.kill(stopped, signal.SIGCONT)
                print(os.waitstatus_to_exitcode(os.waitpid(stopped, 0)[1]), ask(port))
                """, of: fixture)
            #expect(run.stdout == "-9 True\n7 True\n", "\(run)")
        }
    }

    @Test func aProgramThatCannotBeReadIsRefusedAndOthersGoOn() async throws {
        try await HoopxFixture.run { fixture in
            // The kernel makes a process of a file that its user may not read opaque to that user: hoopx cannot take
            // its sockets. Root may read everything.
            let closed = try fixture.directory.directory("work") + "/closed"
            try FileManager.default.copyItem(atPath: Clients.dial(), toPath: closed)
            try FileManager.default.setAttributes([.posixPermissions: 0o111], ofItemAtPath: closed)
            let run = try await run(
                """
                closed = lambda: subprocess.run(["./closed", "127.0.0.1", str(port), "GET /page HTTP/1.1"], capture_output=True, text=True)
                for _ in range(3): print(closed().stderr.strip(), ask(port), flush=True)
                """, of: fixture)
            let line = "dial: connect: Operation not permitted True\n"
            #expect(run.stdout == String(repeating: line, count: 3), "\(run)")
        }
    }

    @Test(arguments: Account.all)
    func stoppingHoopxClosesTheWayOutUntilItGoesOn(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let witness = try fixture.witness()
            let process = try fixture.start([
                "run", "--config",
                fixture.configuration("version: 1\negress: {tunnel: [\"127.0.0.1:\(witness.tcpPort)\"]}"), "--",
                Clients.python(), "-c",
                Self.client + """
                    connect = lambda: socket.create_connection(("127.0.0.1", \(witness.tcpPort)), timeout=60)
                    connect(); print("reached", flush=True)
                    sys.stdin.readline(); connect(); print("reached again", flush=True)
                    """,
            ])
            try await process.waitForStdout("reached")
            try await eventually("the first visit") { witness.visitCount == 1 }
            process.send(SIGSTOP)
            try await eventually("hoopx to stop") { ProcessTable.state(of: process.pid) == "T" }
            process.write("\n")
            // While the target tries, others reach the witness again and again.
            for count in 2...6 {
                let control = "import socket; socket.create_connection(('127.0.0.1', \(witness.tcpPort)))"
                _ = try await fixture.start(program: [Clients.python(), "-c", control]).finish()
                try await eventually("the control's visit") { witness.visitCount >= count }
            }
            #expect(witness.visitCount == 6, "only the control came")
            #expect(!process.stdout.contains("again"))
            process.send(SIGCONT)
            let run = try await process.finish()
            #expect(run.stdout == "reached\nreached again\n", "\(run)")
            try await eventually("the last visit") { witness.visitCount == 7 }
        }
    }
}
