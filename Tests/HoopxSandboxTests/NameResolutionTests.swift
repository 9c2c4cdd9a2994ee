import Testing

@testable import HoopxSandbox

@Suite struct NameResolutionTests {
    private static let query = """
        def query(name, kind=1):
            labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
            return struct.pack(">6H", 0x1234, 0x0100, 1, 0, 0, 0) + labels + struct.pack(">BHH", 0, kind, 1)
        def summary(answer): return answer[3] & 15, answer[7], ".".join(map(str, answer[-4:])) if answer[7] else ""

        """

    @Test func aNameHasOneAddressForTheWholeSession() async throws {
        let outcome = try await Sandboxed.run(
            python: """
                def lookup(name): return {entry[4][0] for entry in socket.getaddrinfo(name, 443)}
                one, two = lookup("a.example.com"), lookup("b.example.com")
                print(len(one), len(two), one != two, one == lookup("A.Example.com."), next(iter(one)).startswith("198.18."))
                """, FakeEgress.nothing())
        #expect(outcome.tier == .namespace)
        #expect(outcome.output == "1 1 True True True")
    }

    @Test func aDatagramToAnyNameServerIsAnsweredFromItsAddress() async throws {
        let outcome = try await Sandboxed.run(
            python: Self.query + """
                for family, server in [(socket.AF_INET, "192.0.2.53"), (socket.AF_INET, "127.0.0.53"), (socket.AF_INET6, "2001:db8::53")]:
                    resolver = socket.socket(family, socket.SOCK_DGRAM); resolver.settimeout(20)
                    resolver.sendto(query("a.example.com"), (server, 53)); answer, source = resolver.recvfrom(512)
                    print(source[0] == server, summary(answer))
                    resolver.connect((server, 53)); resolver.send(query("a.example.com", 28)); print(summary(resolver.recv(512)))
                """, FakeEgress.nothing())
        let expected = "True (0, 1, '198.18.0.1')\n(0, 0, '')"
        #expect(outcome.output == Array(repeating: expected, count: 3).joined(separator: "\n"))
    }

    @Test func namesResolveOverTCPWhereDatagramsAreDenied() async throws {
        let egress = FakeEgress.everything()
        let outcome = try await Sandboxed.run(
            python: Self.query + """
                print(attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)))
                resolver = connected("192.0.2.53", 53); message = query("a.example.com")
                resolver.sendall((struct.pack(">H", len(message)) + message) * 2); answers = b""
                while len(answers) < 2 * (len(message) + 18): answers += resolver.recv(512)
                print(summary(answers[2:len(answers) // 2]), summary(answers[-len(message) - 16:]))
                print(line(socket.create_connection(("a.example.com", 443))).split()[0])
                """, egress, withoutNamespace: true)
        #expect(outcome.output == "EACCES\n(0, 1, '198.18.0.1') (0, 1, '198.18.0.1')\na.example.com:443")
        #expect(egress.seen.answered == ["a.example.com:443"])
    }

    @Test func aDatagramSocketHasTheFlagsThatWereAskedFor() async throws {
        let outcome = try await Sandboxed.run(
            python: """
                import fcntl
                for flags in [0, socket.SOCK_CLOEXEC, socket.SOCK_NONBLOCK, socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK]:
                    raw = libc.socket(socket.AF_INET6, socket.SOCK_DGRAM | flags, 0)
                    print(fcntl.fcntl(raw, fcntl.F_GETFD), fcntl.fcntl(raw, fcntl.F_GETFL) & os.O_NONBLOCK != 0)
                """, FakeEgress.nothing())
        #expect(outcome.output == "0 False\n1 False\n0 True\n1 True")
    }

    @Test func otherDatagramsAreRefusedAtOnce() async throws {
        let outcome = try await Sandboxed.run(
            python: """
                for address in [("192.0.2.7", 443), ("127.0.0.1", 5353)]:
                    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); client.settimeout(20)
                    client.connect(address); client.send(b"x"); print(attempt(lambda: client.recv(1)))
                """, FakeEgress.nothing())
        #expect(outcome.output == "ECONNREFUSED\nECONNREFUSED")
    }
}
