import HoopxTestSupport
import Testing

/// What the target can reach: the connections, the tunnels, what it started itself, and nothing else.
@Suite struct EgressTests {
    private static let exampleNames = "version: 1\negress: {tunnel: ['*.example.com:443']}"

    @Test(arguments: Account.all)
    func aNameThatNothingNamesDoesNotExistAndTheUserIsToldHowToAllowIt(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let run = try await fixture.shell(
                "curl -sS -m 60 https://evil.example.com/; curl -sS -m 60 https://evil.example.com/; exit 3",
                configuration: fixture.configuration("version: 1"))
            #expect(run.exit == .status(3), "\(run)")
            #expect(run.stderr.contains("curl: (6)"), "not found, not timed out: \(run)")
            let own = run.stderr.split(separator: "\n").filter { $0.hasPrefix("hoopx: ") }
            #expect(own.count == 2, "one line for both attempts, and its hint: \(run)")
            #expect(own.first?.contains("hoopx: denied: a lookup of evil.example.com") == true, "\(run)")
            #expect(own.first?.contains("name_not_allowed") == true, "\(run)")
            #expect(own.last?.contains("egress.tunnel") == true, "\(run)")
            let session = try await fixture.newestSession()
            #expect(session.connections?.isEmpty == true, "what was refused is a denial, not a connection")
            #expect(session.denials?.map(\.count) == [2])
        }
    }

    @Test(arguments: Account.all)
    func anAddressThatNothingNamesIsRefusedAtConnect(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let run = try await fixture.shell(
                "curl -sS -m 60 https://192.0.2.7/; curl -sS -m 60 https://192.0.2.7/; exit 3",
                configuration: fixture.configuration("version: 1"))
            #expect(run.stderr.contains("curl: (7)"), "refused, not timed out: \(run)")
            let own = run.stderr.split(separator: "\n").filter { $0.hasPrefix("hoopx: ") }
            #expect(own.count == 2, "one line for both attempts, and its hint: \(run)")
            #expect(own.first?.contains("hoopx: denied: a connection to 192.0.2.7:443") == true, "\(run)")
            #expect(own.first?.contains("destination_not_allowed") == true, "\(run)")
            let session = try await fixture.newestSession()
            #expect(session.connections?.isEmpty == true, "a refused connect is a denial, not a connection")
            #expect(session.denials?.map(\.count) == [2])
        }
    }

    @Test func aDeniedPlainHTTPRequestIsAnsweredWithAReadableRefusal() async throws {
        try await HoopxFixture.run { fixture in
            let run = try await fixture.shell(
                "curl -sS -m 60 -w '%{http_code}' http://192.0.2.7/path",
                configuration: fixture.configuration("version: 1"))
            #expect(run.exit == .status(0), "\(run)")
            #expect(run.stdout.hasSuffix("403"), "\(run)")
            #expect(run.stdout.contains("192.0.2.7:80"), "\(run)")
            #expect(run.stdout.contains("egress.tunnel"), "\(run)")
        }
    }

    @Test(arguments: Account.all)
    func noOtherServerOnLoopbackIsReached(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let witness = try fixture.witness()
            let program = """
                import socket, sys
                tcp, udp = map(int, sys.argv[1:])
                for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::ffff:127.0.0.1")):
                    for what in (lambda: socket.socket(family).connect((host, tcp)),
                                 lambda: socket.socket(family, socket.SOCK_DGRAM).sendto(b"x", (host, udp)),
                                 lambda: (lambda s: (s.connect((host, udp)), s.send(b"x")))(
                                     socket.socket(family, socket.SOCK_DGRAM))):
                        try:
                            what(); print("reached")
                        except OSError as error:
                            print("refused", error.errno)
                print("done")
                """
            let ports = [String(witness.tcpPort), String(witness.udpPort)]
            let control = try await fixture.start(program: [Clients.python(), "-c", program] + ports).finish()
            try await eventually("the control to reach the witness: \(control)") { witness.visitCount == 6 }

            let run = try await fixture.python(program, ports, configuration: fixture.configuration("version: 1"))
            #expect(run.stdout.hasSuffix("done\n"), "\(run)")
            // A datagram goes into a network of its own, where nobody is; that is not seen by the sender at once.
            #expect(run.stdout.split(separator: "\n").filter { $0.hasPrefix("refused") }.count >= 2, "\(run)")
            #expect(witness.visitCount == 6, "only the control came")
            #expect(run.stderr.contains("loopback_not_allowed"), "\(run)")
        }
    }

    @Test func aPortThatNobodyListensOnIsNoDenial() async throws {
        try await HoopxFixture.run { fixture in
            let run = try await fixture.python(
                """
                import socket
                probe = socket.socket(); probe.bind(("127.0.0.1", 0)); port = probe.getsockname()[1]
                server = socket.socket(); server.bind(("127.0.0.1", 0)); server.listen()
                for address in (("127.0.0.1", port), ("::1", server.getsockname()[1])):
                    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
                    print(socket.socket(family).connect_ex(address))
                print(socket.gethostbyname(socket.gethostname()).startswith("127."))
                """, configuration: fixture.configuration("version: 1"))
            #expect(run.stdout == "111\n111\nTrue\n", "\(run)")
            #expect(run.stderr == "", "\(run)")
        }
    }

    @Test(arguments: Account.all)
    func theTargetsOwnServersAreReached(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let run = try await fixture.python(
                """
                import os, socket, threading
                def echo(server):
                    peer, _ = server.accept()
                    peer.sendall(peer.recv(100)); peer.close()
                def ask(family, address):
                    server = socket.socket(family); server.bind(address); server.listen()
                    threading.Thread(target=echo, args=(server,)).start()
                    client = socket.socket(family); client.connect(server.getsockname())
                    client.sendall(b"ping"); print(family.name, client.recv(100).decode())
                ask(socket.AF_INET, ("127.0.0.1", 0))
                ask(socket.AF_INET, ("0.0.0.0", 0))
                ask(socket.AF_INET6, ("::1", 0))
                ask(socket.AF_UNIX, "own.socket")
                ask(socket.AF_UNIX, "\\0own-" + str(os.getpid()))
                """, configuration: fixture.configuration("version: 1"))
            let expected = "AF_INET ping\nAF_INET ping\nAF_INET6 ping\nAF_UNIX ping\nAF_UNIX ping\n"
            #expect(run.stdout == expected, "\(run)")
            #expect(run.stderr == "", "\(run)")
        }
    }

    @Test func aUnixSocketOfAnotherIsNotReached() async throws {
        try await HoopxFixture.run { fixture in
            let serve = """
                import socket
                s = socket.socket(socket.AF_UNIX); s.bind("outside.socket"); s.listen(); s.settimeout(120)
                print("listening", flush=True)
                while True: s.accept(); print("visited", flush=True)
                """
            let server = try fixture.start(program: [Clients.python(), "-c", serve])
            try await server.waitForStdout("listening")
            let program = "import socket; socket.socket(socket.AF_UNIX).connect('outside.socket'); print('reached')"
            let run = try await fixture.python(program, configuration: fixture.configuration("version: 1"))
            #expect(run.exit == .status(1), "\(run)")
            #expect(!run.stdout.contains("reached"), "\(run)")
            #expect(!server.stdout.contains("visited"))
            let control = try await fixture.start(program: [Clients.python(), "-c", program]).finish()
            #expect(control.stdout == "reached\n")
        }
    }

    @Test(arguments: Account.all)
    func aNamedUnixSocketIsReachedAndItsConnectionsAreRecordedByTheNameInTheConfiguration(
        account: Account
    ) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let serve = """
                import os, socket
                s = socket.socket(socket.AF_UNIX); s.bind("outside.socket"); s.listen(); s.settimeout(120)
                os.symlink("outside.socket", "named.socket")
                print("listening", flush=True)
                while True: s.accept()[0].sendall(b"pong")
                """
            let server = try fixture.start(program: [Clients.python(), "-c", serve])
            try await server.waitForStdout("listening")
            let named = fixture.workDirectory + "/named.socket"
            let run = try await fixture.python(
                """
                import socket
                for path in ("named.socket", "outside.socket"):
                    client = socket.socket(socket.AF_UNIX); client.connect(path); print(client.recv(4).decode())
                own = socket.socket(socket.AF_UNIX); own.bind("own.socket"); own.listen()
                socket.socket(socket.AF_UNIX).connect("own.socket")
                """, configuration: fixture.configuration("version: 1\negress: {unix: ['\(named)']}"))
            #expect(run.stdout == "pong\npong\n", "\(run)")
            #expect(run.stderr == "", "\(run)")

            let session = try await fixture.newestSession()
            let connections = try #require(session.connections)
            #expect(connections.map(\.destination) == [named, named], "the target's own socket is no record")
            #expect(connections.allSatisfy { $0.verdict == "direct" && $0.rule == "egress.unix" && $0.count == 1 })
            #expect(connections.allSatisfy { $0.pid != nil && $0.command?.hasPrefix("python") == true })
            #expect(connections.allSatisfy { $0.bytesSent == nil && $0.bytesReceived == nil })
            func hoopx(_ arguments: String...) async throws -> String {
                let finished = try await fixture.start(arguments).finish()
                #expect(finished.exit == .status(0), "\(finished)")
                return finished.stdout
            }
            #expect(try await hoopx("sessions", "show", session.session).contains("\(named)  direct egress.unix"))
            #expect(try await hoopx("sessions", "list", "--verdict", "direct").contains(session.session))
            let exported = try await hoopx("sessions", "export", session.session)
            #expect(exported.contains(#""path":"\#(named)""#), "\(exported)")
            #expect(try await hoopx("audit", "verify").hasSuffix("All of it is in order.\n"))
        }
    }

    @Test(arguments: Account.all)
    func anAllowedNameResolvesToASyntheticAddressThatStays(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let run = try await fixture.python(
                """
                import socket
                first = socket.gethostbyname("no-such-name.example.com")
                other = socket.gethostbyname("another.example.com")
                print(first.startswith("198.1"), first != other, first == socket.gethostbyname("NO-such-name.example.com."))
                print([a[4][0] == first for a in socket.getaddrinfo("no-such-name.example.com", 443, type=socket.SOCK_STREAM)])
                """, configuration: fixture.configuration(Self.exampleNames))
            #expect(run.stdout == "True True True\n[True]\n", "\(run)")
            #expect(run.stderr == "", "asking for a name is no attempt to reach it: \(run)")
        }
    }

    @Test func nodeResolvesThroughTheSystemAndThroughCares() async throws {
        try await HoopxFixture.run { fixture in
            let run = try await fixture.run(
                [
                    Clients.node(), "-e",
                    """
                    const dns = require("dns").promises;
                    (async () => {
                      const a = (await dns.lookup("name.example.com")).address;
                      const b = (await dns.resolve4("name.example.com"))[0];
                      console.log(a.startsWith("198.1"), a === b);
                    })();
                    """,
                ], configuration: fixture.configuration(Self.exampleNames))
            #expect(run.stdout == "true true\n", "\(run)")
        }
    }

    @Test func aConnectionThatIsEnteredByItsBaseURLIsNotReachedPastIt() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let run = try await fixture.shell(
                """
                curl -sS -m 60 \(Question.url) -H "x-api-key: $ANTHROPIC_API_KEY" -d '\(Question.body)'; echo $?
                curl -sS -m 60 $ANTHROPIC_BASE_URL/v1/messages -H "x-api-key: $ANTHROPIC_API_KEY" -d '\(Question.body)'
                """, configuration: fixture.configuration(for: api, entry: "base_url"))
            #expect(run.stdout.hasPrefix("7\n") && run.stdout.contains(Question.answer), "\(run)")
            #expect(run.stderr.contains("base_url_required"), "\(run)")
            #expect(api.requests.count == 1)
        }
    }

    @Test(arguments: ["intercept", "base_url"])
    func whereUserNamespacesAreForbiddenNamesAndConnectionsWorkStill(entry: String) async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let attempts = """
                getent hosts api.anthropic.com
                curl -sS -m 60 ${ANTHROPIC_BASE_URL:-https://api.anthropic.com}/v1/messages \
                  -H "x-api-key: $ANTHROPIC_API_KEY" -d '\(Question.body)'
                curl -sS -m 60 https://denied.example.com/; echo "denied: $?"
                """
            // A user namespace of its own, in which no more of them may be made.
            let forbid = #"echo 0 > /proc/sys/user/max_user_namespaces && exec "$@""#
            let run = try await fixture.start(program: [
                "/usr/bin/unshare", "--user", "--map-root-user", "/bin/sh", "-c", forbid, "sh", HoopxFixture.hoopx,
                "run", "-v", "--config", fixture.configuration(for: api, entry: entry), "--", "/bin/sh", "-c", attempts,
            ]).finish()
            #expect(run.exit == .status(0), "\(run)")
            #expect(run.stdout.hasPrefix("198.1"), "\(run)")
            #expect(run.stdout.contains(Question.answer), "\(run)")
            #expect(run.stdout.contains("denied: "), "\(run)")
            #expect(!run.stdout.contains("denied: 0\n"), "\(run)")
            #expect(run.stderr.contains("hoopx: datagrams and names: "), "-v says which way it is: \(run)")
            #expect(run.stderr.contains("hoopx: denied: "), "\(run)")
        }
    }

    @Test(arguments: Account.all)
    func noPacketLeavesTheMachineThatTheTargetAskedFor(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            // A network of its own, whose only exit is watched (sniffed_network.py), as root in it.
            let attempts = """
                timeout 2 getent hosts leak.example.com
                timeout 2 getent hosts data.evil.example
                timeout 2 node -e 'require("dns").resolve4("data.evil.example", () => {})'
                timeout 2 node -e 'require("dns").resolve4("leak.example.com", () => {})'
                curl -sS -m 2 https://leak.example.com/; curl -sS -m 2 http://192.0.2.7:81/
                echo x > /dev/udp/192.0.2.7/53; true
                """
            let program = try [
                "/usr/bin/unshare", "--user", "--map-root-user", "--net", Clients.python(),
                Clients.script("sniffed_network.py"),
            ]
            let control = try await fixture.start(program: program + ["/bin/bash", "-c", attempts]).finish()
            #expect(control.stdout.contains("left the machine: "), "\(control)")
            let configuration = try fixture.configuration(
                // A name that resolves, at a port that nothing asks for.
                "version: 1\negress: {tunnel: ['*.example.com:9']}")
            let run = try await fixture.start(
                program: program + [
                    HoopxFixture.hoopx, "run", "--config", configuration, "--", "/bin/bash", "-c", attempts,
                ]
            ).finish()
            #expect(run.stdout.contains("198.1"), "the name was answered: \(run)")
            #expect(!run.stdout.contains("left the machine"), "\(run)")
            #expect(run.stdout.hasSuffix("watched\n"), "\(run)")
        }
    }
}
