import Glibc
import HoopxCore
import Testing

@testable import HoopxSandbox

@Suite struct ConnectTests {
    @Test func aBlockingConnectReachesTheProxyUnderTheNameThatWasResolved() async throws {
        let egress = FakeEgress.everything()
        let outcome = try await Sandboxed.run(
            python: """
                connection = socket.create_connection(("api.example.com", 443), timeout=20)
                print(line(connection), os.getpid()); connection.sendall(b"x"); print(connection.recv(1).decode())
                """, egress)
        let words = outcome.output.split(whereSeparator: \.isWhitespace)
        #expect(words.count == 5)
        #expect(words.first == "api.example.com:443")
        #expect(words.dropFirst().first == words.dropFirst(3).first, "the process that is named has connected")
        #expect(words.dropFirst(2).first == "python3")
        #expect(words.last == "x")
        #expect(egress.seen.served == ["api.example.com:443"])
        #expect(outcome.hasSucceeded)
    }

    @Test func anAddressThatWasNeverAskedForStaysAnAddress() async throws {
        let egress = FakeEgress.everything()
        let outcome = try await Sandboxed.run(
            python: """
                print(line(connected("192.0.2.7", 443)).split()[0])
                print(line(connected("198.18.200.1", 80)).split()[0])
                print(line(connected("2001:db8::7", 443, family=socket.AF_INET6)).split()[0])
                print(line(connected("::ffff:192.0.2.9", 443, family=socket.AF_INET6)).split()[0])
                """, egress)
        #expect(outcome.output == "192.0.2.7:443\n198.18.200.1:80\n[2001:db8::7]:443\n192.0.2.9:443")
    }

    @Test func aNonBlockingConnectBehavesAsNative() async throws {
        let outcome = try await Sandboxed.run(
            python: """
                connection = socket.socket(); connection.setblocking(False)
                print(name(connection.connect_ex(("192.0.2.7", 443))))
                print(len(select.select([], [connection], [], 20)[1]))
                print(connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
                select.select([connection], [], [], 20); print(connection.recv(100).decode().split()[0])
                """, FakeEgress.everything())
        #expect(outcome.output == "EINPROGRESS\n1\n0\n192.0.2.7:443")
    }

    @Test func anEpollRegistrationFromBeforeTheConnectFires() async throws {
        let outcome = try await Sandboxed.run(
            python: """
                connection = socket.socket(); connection.setblocking(False)
                poller = select.epoll(); poller.register(connection, select.EPOLLIN | select.EPOLLET)
                connection.connect_ex(("192.0.2.7", 443))
                while not any(events & select.EPOLLIN for _, events in poller.poll(20)): pass
                print(connection.recv(100).decode().split()[0])
                """, FakeEgress.everything())
        #expect(outcome.output == "192.0.2.7:443")
    }

    @Test func optionsAndDuplicatesOfTheSocketSurvive() async throws {
        let outcome = try await Sandboxed.run(
            python: """
                connection = socket.socket(); duplicate = connection.dup()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
                connection.setsockopt(socket.IPPROTO_TCP, 30, 1)  # TCP_FASTOPEN_CONNECT
                connection.connect(("192.0.2.7", 443))
                print(connection.getsockopt(socket.IPPROTO_TCP, 30), "is deferred")
                print(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) > 0,
                    connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) > 0, line(duplicate).split()[0])
                """, FakeEgress.everything())
        #expect(outcome.output == "0 is deferred\nTrue True 192.0.2.7:443")
    }

    @Test func aRefusalIsTheErrorOfTheConnect() async throws {
        let program = """
            print(attempt(lambda: connected("192.0.2.7", 443)))
            print(attempt(lambda: socket.create_connection(("denied.example.com", 443))))
            """
        let refused = try await Sandboxed.run(python: program, FakeEgress.nothing())
        #expect(refused.output == "ECONNREFUSED\nECONNREFUSED")
        let egress = FakeEgress.nothing(refusingWith: EACCES)
        #expect(try await Sandboxed.run(python: program, egress).output == "EACCES\nEACCES")
        #expect(egress.seen.answered == ["192.0.2.7:443", "denied.example.com:443"])
        #expect(egress.seen.served.isEmpty)
    }

    @Test func anIPv6SocketConnectsWhateverItIsBoundTo() async throws {
        let outcome = try await Sandboxed.run(
            python: """
                def from_(address, only=False):
                    connection = socket.socket(socket.AF_INET6); connection.settimeout(20)
                    if only: connection.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                    if address: connection.bind((address, 0))
                    connection.connect(("2001:db8::7", 443)); return line(connection).split()[0]
                print(from_(None), from_(None, True), from_("::"), from_("::1"), from_("::ffff:127.0.0.1"))
                """, FakeEgress.everything())
        #expect(outcome.output == Array(repeating: "[2001:db8::7]:443", count: 5).joined(separator: " "))
    }

    @Test func aSocketCanBeDisconnectedAndConnectedAgain() async throws {
        let outcome = try await Sandboxed.run(
            python: """
                connection = connected("192.0.2.7", 443, timeout=None); print(line(connection).split()[0])
                print(name(connection.connect_ex(("192.0.2.8", 443))))
                unspecified = struct.pack("=H14x", socket.AF_UNSPEC)
                print(libc.connect(connection.fileno(), unspecified, 16))
                connection.connect(("192.0.2.9", 443)); print(line(connection).split()[0])
                """, FakeEgress.everything())
        #expect(outcome.output == "192.0.2.7:443\nEISCONN\n0\n192.0.2.9:443")
    }

    @Test func aThreadWithItsOwnDescriptorsConnectsItsOwnSocket() async throws {
        let outcome = try await Sandboxed.run(
            python: """
                def work():
                    print(libc.unshare(0x400)); own = socket.socket(); own.connect(("192.0.2.7", 443))
                    print(line(own).split()[0])
                thread = threading.Thread(target=work); thread.start(); thread.join()
                """, FakeEgress.everything())
        #expect(outcome.output == "0\n192.0.2.7:443")
    }

    @Test func aSocketOfAnotherNetworkNamespaceReachesNothing() async throws {
        let egress = FakeEgress.everything()
        let outcome = try await Sandboxed.run(
            python: """
                print(libc.unshare(0x50000000))  # CLONE_NEWUSER | CLONE_NEWNET
                print(attempt(lambda: connected("192.0.2.7", 443)))
                server = socket.socket(); server.bind(("127.0.0.1", 0)); print(attempt(lambda: server.listen()))
                """, egress)
        #expect(outcome.output == "0\nENETUNREACH\nok")
        #expect(egress.seen.answered.isEmpty)
    }

    @Test func aRoutingSocketReachesTheKernelOnly() async throws {
        let outcome = try await Sandboxed.run(
            python: """
                routes = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
                print(attempt(lambda: routes.connect((0, 0))), attempt(lambda: routes.connect((1, 0))),
                    attempt(lambda: routes.connect((0, 1))))
                """, FakeEgress.nothing())
        #expect(outcome.output == "ok EPERM EPERM")
    }

    @Test func badArgumentsFailAsTheyDoWithoutHoopx() async throws {
        let program = """
            v4 = struct.pack("=HH4s8x", socket.AF_INET, 0xbb01, bytes([127, 0, 0, 1]))
            v6 = struct.pack("=HHI16sI", socket.AF_INET6, 0xbb01, 0, bytes(15) + bytes([1]), 0)
            def call(descriptor, address, length):
                ctypes.set_errno(0)
                result = libc.syscall(ctypes.c_long(42 if os.uname().machine == "x86_64" else 203),
                    ctypes.c_long(descriptor), address, ctypes.c_long(length))
                return result if result >= 0 else name(ctypes.get_errno())
            sockets = {"tcp4": socket.socket(), "tcp6": socket.socket(socket.AF_INET6),
                "unix": socket.socket(socket.AF_UNIX), "file": open("/dev/null"), "pipe": open(os.pipe()[0])}
            wild = ctypes.c_void_p(16)
            for kind, thing in sockets.items():
                for label, address in {"v4": v4, "v6": v6, "null": None, "wild": wild, "zeros": bytes(128),
                        "ones": bytes([255]) * 128, "empty-path": struct.pack("=H", socket.AF_UNIX)}.items():
                    if kind == "tcp6" and label == "v4" : continue
                    for length in [-1, 0, 1, 2, 8, 15, 23, 24, 129, 2**31 - 1, -2**31]:
                        if kind.startswith("tcp") and length >= 24 and label in ("v4", "v6"): continue
                        print(kind, label, length, call(thing.fileno(), address, length))
            for descriptor in [-1, 999, 2**31, 2**32 - 1]: print(descriptor, call(descriptor, v4, 16))
            print(call(sockets["tcp4"].fileno() + 2**32, bytes(16), 1))
            """
        let command = Sandboxed.python(program)
        let sandboxed = try await Sandboxed.run(command, FakeEgress.nothing())
        let native = try await Native.run(command)
        #expect(native.split(separator: "\n").count > 200)
        #expect(sandboxed.output == native)
    }

    @Test func connectionsOfManyThreadsAreNeverMixedUp() async throws {
        let outcome = try await Sandboxed.run(
            python: """
                wrong = []
                def work(host):
                    for port in range(1000, 1025):
                        try:
                            with connected(f"192.0.2.{host}", port) as connection:
                                if line(connection).split()[0] != f"192.0.2.{host}:{port}": wrong.append((host, port))
                        except OSError as error: wrong.append((host, port, error))
                threads = [threading.Thread(target=work, args=(host,)) for host in range(1, 21)]
                for thread in threads: thread.start()
                for thread in threads: thread.join()
                print(wrong)
                """, FakeEgress.everything())
        #expect(outcome.output == "[]")
    }

    @Test func aStormOfSignalsThatRestartCallsDoesNotBreakAConnect() async throws {
        let outcome = try await Sandboxed.run(
            python: """
                signal.signal(signal.SIGALRM, lambda *_: None); signal.siginterrupt(signal.SIGALRM, False)
                signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
                address = struct.pack("=HH4s8x", socket.AF_INET, 0xbb01, bytes([192, 0, 2, 7]))
                failures = []
                for _ in range(500):
                    connection = socket.socket()
                    if libc.connect(connection.fileno(), address, 16): failures.append(name(ctypes.get_errno()))
                    connection.close()
                signal.setitimer(signal.ITIMER_REAL, 0); print(failures)
                """, FakeEgress.everything())
        #expect(outcome.output == "[]")
    }

    @Test func aConnectThatBlocksHoldsNoOtherUp() async throws {
        let outcome = try await Sandboxed.run(
            python: """
                server = socket.socket(socket.AF_UNIX); server.bind("\\0hoopx-full-%d" % os.getpid()); server.listen(0)
                def dial():
                    client = socket.socket(socket.AF_UNIX); client.connect(server.getsockname()); return client
                first = dial()
                blocked = [threading.Thread(target=dial, daemon=True) for _ in range(20)]
                for thread in blocked: thread.start()
                while any(not thread.is_alive() for thread in blocked[1:]): break
                for _ in range(20): line(connected("192.0.2.7", 443))
                print("others go on"); sys.stdout.flush(); os._exit(0)
                """, FakeEgress.everything())
        #expect(outcome.output == "others go on")
    }

    @Test func onceNobodySupervisesAConnectFailsWithENOSYS() async throws {
        let running = try await Sandboxed.start(
            Sandboxed.python(
                """
                print(attempt(lambda: line(connected("192.0.2.7", 443))[:9])); sys.stdout.flush(); sys.stdin.readline()
                print(attempt(lambda: connected("192.0.2.7", 443))); print(attempt(lambda: socket.socket().listen()))
                """), FakeEgress.everything())
        #expect(try await running.line() == "192.0.2.7")
        running.target.stopSupervising()
        try running.tell("\n")
        #expect(try await running.finish().output == "ENOSYS\nENOSYS")
    }
}
