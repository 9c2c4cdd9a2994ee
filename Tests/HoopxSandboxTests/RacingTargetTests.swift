import Testing

@testable import HoopxSandbox

/// A target that changes under hoopx's hands what hoopx has just looked at.
@Suite struct RacingTargetTests {
    @Test func anAddressThatChangesDuringTheCallLeadsNowhereElse() async throws {
        let foreign = try Listening(port: 0)
        let egress = FakeEgress.everything()
        let outcome = try await Sandboxed.run(
            python: """
                def address(host, port): return struct.pack("=H", socket.AF_INET) + struct.pack(">H4s8x", port, socket.inet_aton(host))
                allowed, forbidden = address("192.0.2.7", 443), address("127.0.0.1", \(foreign.port))
                shared = ctypes.create_string_buffer(allowed, 16); is_over = False
                def change():
                    while not is_over:
                        ctypes.memmove(shared, forbidden, 16); ctypes.memmove(shared, allowed, 16)
                thread = threading.Thread(target=change); thread.start()
                results = set()
                for _ in range(500):
                    connection = socket.socket()
                    if libc.connect(connection.fileno(), shared, 16): results.add(name(ctypes.get_errno()))
                    else: results.add(line(connection).split()[0])
                    connection.close()
                is_over = True; thread.join()
                print(sorted(results - {"192.0.2.7:443", "ECONNREFUSED"}), "192.0.2.7:443" in results)
                """, egress)
        #expect(outcome.output == "[] True")
        #expect(!foreign.hasVisitor)
        #expect(Set(egress.seen.served) == ["192.0.2.7:443"])
    }

    @Test func aDescriptorThatChangesDuringTheCallLeadsNowhereElse() async throws {
        let foreign = try Listening(port: 0)
        let outcome = try await Sandboxed.run(
            python: """
                address = struct.pack("=H", socket.AF_INET) + struct.pack(">H4s8x", \(foreign.port), socket.inet_aton("127.0.0.1"))
                is_over = False; number = os.dup(0)
                kinds = [socket.socket(), socket.socket(socket.AF_UNIX), socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
                    socket.socket(socket.AF_INET6), open("/dev/null")]
                def change():
                    while not is_over:
                        for kind in kinds: os.dup2(kind.fileno(), number)
                thread = threading.Thread(target=change); thread.start()
                results = set()
                for _ in range(500):
                    results.add(name(ctypes.get_errno()) if libc.connect(number, address, 16) else "ok")
                is_over = True; thread.join()
                kinds[2].settimeout(20); kinds[2].connect(("127.0.0.1", \(foreign.port))); kinds[2].send(b"x")
                print(sorted(results - {"ok", "ECONNREFUSED", "EINVAL", "ENOTSOCK"}), attempt(lambda: kinds[2].recv(1)))
                """, FakeEgress.nothing())
        // "ok" is the datagram socket's, whose 127.0.0.1 is not the machine's.
        #expect(outcome.output == "[] ECONNREFUSED")
        #expect(!foreign.hasVisitor)
    }

    @Test func aSocketConnectedTwiceAtOnceHasOneDestination() async throws {
        let egress = FakeEgress.everything()
        let outcome = try await Sandboxed.run(
            python: """
                wrong = []
                for _ in range(100):
                    connection = socket.socket(); results = {}; barrier = threading.Barrier(2)
                    def dial(host): barrier.wait(); results[host] = connection.connect_ex((host, 443))
                    threads = [threading.Thread(target=dial, args=(host,)) for host in ("192.0.2.1", "192.0.2.2")]
                    for thread in threads: thread.start()
                    for thread in threads: thread.join()
                    winner = [host for host, result in results.items() if result == 0]
                    if len(winner) != 1 or line(connection).split()[0] != winner[0] + ":443": wrong.append(results)
                    connection.close()
                print(wrong)
                """, egress)
        #expect(outcome.output == "[]")
    }
}
