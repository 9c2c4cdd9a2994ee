import HoopxTestSupport
import Testing

/// hoopx where a filter refuses pidfd_getfd and user namespaces, as Docker's default profile does: it makes the target's
/// sockets itself.
@Suite struct ContainerTests {
    private func run(
        _ command: [String], in fixture: HoopxFixture, configuration: String
    ) async throws -> FinishedProcess {
        try await fixture.start(
            program: [
                Clients.python(), Clients.script("refuse_getfd.py"), HoopxFixture.hoopx, "run", "-v", "--config",
                configuration, "--",
            ] + command
        ).finish()
    }

    @Test(arguments: Account.all)
    func theWayOutIsForcedThereToo(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let api = try await fixture.claudeAPI()
            let witness = try fixture.witness()
            let outside = try fixture.start(program: [
                Clients.python(), "-c",
                """
                import socket
                s = socket.socket(socket.AF_UNIX); s.bind("outside.socket"); s.listen(); print("listening", flush=True)
                while True: s.accept(); print("visited", flush=True)
                """,
            ])
            try await outside.waitForStdout("listening")
            let attempts = """
                curl -sS -m 60 \(Question.url) -H "x-api-key: $ANTHROPIC_API_KEY" -d '\(Question.body)'; echo
                python3 - <<'END'
                import socket
                for family, address in ((socket.AF_INET, ("127.0.0.1", \(witness.tcpPort))),
                        (socket.AF_INET6, ("::ffff:127.0.0.1", \(witness.tcpPort))), (socket.AF_UNIX, "outside.socket")):
                    try: socket.socket(family).connect(address); print("reached")
                    except OSError as error: print(error.errno)
                try: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", \(witness.udpPort)))
                except OSError as error: print(error.errno)
                END
                """
            let run = try await run(
                ["/bin/bash", "-c", attempts], in: fixture, configuration: fixture.configuration(for: api))
            let lines = run.stdout.split(separator: "\n")
            #expect(lines.first?.contains(Question.answer) == true, "\(run)")
            #expect(lines.dropFirst() == ["111", "111", "13", "13"], "\(run)")
            #expect(witness.visitCount == 0)
            #expect(!outside.stdout.contains("visited"))
            #expect(run.stderr.contains("datagram sockets are denied"), "\(run)")

            let control = try await fixture.start(program: ["/bin/bash", "-c", attempts]).finish()
            #expect(control.stdout.split(separator: "\n").suffix(3) == ["reached", "reached", "reached"], "\(control)")
        }
    }

    @Test(arguments: Account.all)
    func theTargetsOwnServersAndItsSocketsOptionsWork(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let run = try await run(
                [
                    Clients.python(), "-c",
                    """
                    import asyncio, select, socket, threading
                    def echo(server):
                        peer, _ = server.accept(); peer.sendall(peer.recv(100)); peer.close(); server.close()
                    def ask(family, address, wait):
                        probe = socket.socket(family); probe.bind(address); address = probe.getsockname(); probe.close()
                        if family == socket.AF_UNIX: import os; os.unlink(address)
                        server = socket.socket(family); server.bind(address); server.listen()
                        threading.Thread(target=echo, args=(server,)).start()
                        client = socket.socket(family); client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
                        copy = client.dup()
                        if not wait:
                            client.setblocking(False); poll = select.epoll()
                            poll.register(client, select.EPOLLOUT | select.EPOLLET)
                            result = client.connect_ex(address); assert result in (0, 115), result
                            assert poll.poll(20), "the registration from before the connect is gone"
                            client.setblocking(True)
                        else: client.connect(address)
                        copy.sendall(b"ping")
                        print(family.name, client.recv(100), client.recv(100),
                            client.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE))
                    for wait in (True, False):
                        ask(socket.AF_INET, ("127.0.0.1", 0), wait)
                        ask(socket.AF_INET6, ("::1", 0), wait)
                        ask(socket.AF_UNIX, "own.socket%d" % wait, wait)
                    async def own():
                        async def serve(reader, writer): writer.write(await reader.readline()); writer.close()
                        server = await asyncio.start_server(serve, "127.0.0.1", 0)
                        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
                        writer.write(b"line\\n"); print(await reader.read())
                    asyncio.run(own())
                    again = socket.socket()
                    again.connect_ex(("192.0.2.7", 1)); print(again.connect_ex(("192.0.2.7", 1)))
                    """,
                ], in: fixture, configuration: fixture.configuration("version: 1"))
            let kinds = ["AF_INET", "AF_INET6", "AF_UNIX", "AF_INET", "AF_INET6", "AF_UNIX"]
            #expect(
                run.stdout == kinds.map { "\($0) b'ping' b'' 1\n" }.joined() + "b'line\\n'\n111\n", "\(run)")
        }
    }

    @Test(arguments: ["intercept", "base_url"])
    func theClaudeCLIWorks(entry: String) async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let run = try await run(
                [Clients.claude(), "-p", "hi"], in: fixture,
                configuration: fixture.configuration(for: api, entry: entry))
            #expect(run.stdout.contains(Question.answer), "\(run)")
        }
    }
}
