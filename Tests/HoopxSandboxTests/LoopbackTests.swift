import Glibc
import HoopxLinux
import Testing

@testable import HoopxSandbox

@Suite struct LoopbackTests {
    @Test func aServerOfTheTargetIsReachedDirectly() async throws {
        let egress = FakeEgress.nothing()
        let outcome = try await Sandboxed.run(
            python: """
                def talk(family, bound, dialled):
                    server = socket.socket(family); server.bind((bound, 0)); server.listen()
                    port = server.getsockname()[1]
                    client = connected(dialled, port, family=socket.AF_INET6 if ":" in dialled else socket.AF_INET)
                    end, peer = server.accept()
                    return peer[1] == client.getsockname()[1] and client.getpeername()[1] == port
                print(talk(socket.AF_INET, "127.0.0.1", "127.0.0.1"), talk(socket.AF_INET, "0.0.0.0", "127.0.0.1"),
                    talk(socket.AF_INET, "0.0.0.0", "0.0.0.0"), talk(socket.AF_INET6, "::1", "::1"),
                    talk(socket.AF_INET6, "::", "127.0.0.1"), talk(socket.AF_INET6, "::", "::"),
                    talk(socket.AF_INET, "127.0.0.5", "::ffff:127.0.0.5"))
                """, egress)
        #expect(outcome.output == Array(repeating: "True", count: 7).joined(separator: " "))
        #expect(egress.seen == FakeEgress.Seen())
    }

    @Test func aServerOfTheTargetTakesConnectionsFromTheMachineItselfOnly() async throws {
        let running = try await Sandboxed.start(
            Sandboxed.python(
                """
                server = socket.socket(); server.bind(("0.0.0.0", 0)); server.listen()
                print(server.getsockopt(socket.SOL_SOCKET, 25, 16).rstrip(b"\\0").decode()); sys.stdout.flush()
                """), FakeEgress.nothing())
        #expect(try await running.line() == "lo")
        #expect(try await running.finish().hasSucceeded)
    }

    @Test func aServerOfOthersIsTheHandlersToRefuse() async throws {
        let foreign = try Listening(port: 0)
        let egress = FakeEgress.nothing()
        let outcome = try await Sandboxed.run(
            python: """
                own = socket.socket(); own.bind(("127.0.0.1", 0)); own.listen()
                for host in ["127.0.0.1", "0.0.0.0", "127.0.0.2"]:
                    print(attempt(lambda: connected(host, \(foreign.port))))
                print(attempt(lambda: connected("::ffff:127.0.0.1", \(foreign.port), family=socket.AF_INET6)))
                """, egress)
        #expect(outcome.output == Array(repeating: "ECONNREFUSED", count: 4).joined(separator: "\n"))
        #expect(
            egress.seen.answered
                == ["127.0.0.1", "127.0.0.1", "127.0.0.2", "127.0.0.1"].map { host in
                    "\(host):\(foreign.port)\(host == "127.0.0.2" ? " (nobody)" : "")"
                })
        #expect(!foreign.hasVisitor)
    }

    /// Nor does the target get what was meant for that server; servers of its own may share a port.
    @Test func aForeignServersPortIsNotShared() async throws {
        let foreign = try Listening(port: 0, sharesPort: true)
        let outcome = try await Sandboxed.run(
            python: """
                def sharing(host, port):
                    own = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
                    own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
                    own.bind((host, port)); own.listen()
                    return own
                print([attempt(lambda: sharing(host, \(foreign.port))) for host in ("127.0.0.1", "0.0.0.0", "::")])
                first = sharing("127.0.0.1", 0); second = sharing("0.0.0.0", first.getsockname()[1])
                print({attempt(lambda: connected("127.0.0.1", \(foreign.port))) for _ in range(50)})
                """, FakeEgress.nothing())
        #expect(outcome.output == "['EADDRINUSE', 'EADDRINUSE', 'EADDRINUSE']\n{'ECONNREFUSED'}")
        #expect(!foreign.hasVisitor)
    }

    /// Clients of `localhost` try ::1 first.
    @Test func aServerOfOthersHasItsPortInTheOtherFamilyToo() async throws {
        let foreign = try Listening(port: 0)
        let outcome = try await Sandboxed.run(
            python: """
                def serving(host, port=0):
                    own = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
                    if ":" in host: own.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                    own.bind((host, port)); own.listen()
                    return own
                print([attempt(lambda: serving(host, \(foreign.port))) for host in ("::1", "::")])
                first = serving("127.0.0.1"); second = serving("::1", first.getsockname()[1])
                third = serving("127.0.0.2", \(foreign.port)); print("own")
                """, FakeEgress.nothing())
        #expect(outcome.output == "['EADDRINUSE', 'EADDRINUSE']\nown")
    }

    @Test func aPortThatWasTheTargetsOwnOpensNothingLater() async throws {
        let egress = FakeEgress.nothing()
        let running = try await Sandboxed.start(
            Sandboxed.python(
                """
                own = socket.socket(); own.bind(("127.0.0.1", 0)); own.listen(); port = own.getsockname()[1]
                print(connected("127.0.0.1", port) and port); own.close(); sys.stdout.flush(); sys.stdin.readline()
                print(attempt(lambda: connected("127.0.0.1", port)))
                """), egress)
        let port = try #require(UInt16(try await running.line()))
        let foreign = try Listening(port: port)
        try running.tell("\n")
        #expect(try await running.finish().output == "ECONNREFUSED")
        #expect(!foreign.hasVisitor)
    }
}

/// A TCP server on 127.0.0.1 that is not the target's.
final class Listening {
    let port: UInt16
    private let socket: OwnedDescriptor

    init(port: UInt16, sharesPort: Bool = false) throws {
        socket = OwnedDescriptor(try Errno.checkLast(Glibc.socket(AF_INET, SocketFacts.stream, 0)))
        var one: Int32 = 1
        setsockopt(socket.raw, SOL_SOCKET, SO_REUSEADDR, &one, 4)
        if sharesPort { setsockopt(socket.raw, SOL_SOCKET, SO_REUSEPORT, &one, 4) }
        let raw = socket.raw
        let address = SocketAddress(SocketAddress.Endpoint(address: .loopback, port: port), domain: AF_INET)
        try Errno.checkLast(address.withPointer { bind(raw, $0, $1) })
        try Errno.checkLast(listen(raw, 16))
        self.port = try SocketAddress.local(of: raw).endpoint(domain: AF_INET).port
    }

    /// Whether someone has connected.
    var hasVisitor: Bool {
        var watched = pollfd(fd: socket.raw, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, 0) > 0
    }
}
