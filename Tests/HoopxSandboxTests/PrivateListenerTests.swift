import CHoopxLinux
import Glibc
import HoopxCore
import HoopxLinux
import Synchronization
import Testing

@testable import HoopxSandbox

@Suite struct PrivateListenerTests {
    private func socket(_ domain: Int32) throws -> OwnedDescriptor {
        OwnedDescriptor(try Errno.checkLast(Glibc.socket(domain, SocketFacts.stream, 0)))
    }

    private func reaches(_ end: Int32, _ client: Int32) -> Bool {
        var byte: UInt8 = 1
        guard send(end, &byte, 1, Int32(MSG_NOSIGNAL)) == 1 else { return false }
        var arrival = pollfd(fd: client, events: Int16(POLLIN), revents: 0)
        return poll(&arrival, 1, 10_000) == 1 && recv(client, &byte, 1, 0) == 1
    }

    @Test(arguments: [true, false]) func itTakesTheConnectionThatItMade(isV4: Bool) throws {
        let listener = try PrivateListener(isV4: isV4)
        for domain in isV4 ? [AF_INET, AF_INET6] : [AF_INET6] {
            let client = try socket(domain)
            let connection = try listener.connect(client, domain: domain)
            let (isInProgress, end) = (connection.isInProgress, connection.end.raw)
            #expect(!isInProgress)
            #expect(reaches(end, client.raw))
            withExtendedLifetime(connection) {}
        }
    }

    @Test func aStrangerOnThePrivateListenerIsClosed() throws {
        let listener = try PrivateListener(isV4: true)
        let stranger = try socket(AF_INET)
        try Supervisor.connect(stranger, to: SocketAddress(listener.endpoint, domain: AF_INET))
        let client = try socket(AF_INET)
        let connection = try listener.connect(client, domain: AF_INET)
        let end = connection.end.raw
        #expect(reaches(end, client.raw))
        withExtendedLifetime(connection) {}
        var byte: UInt8 = 1
        #expect(recv(stranger.raw, &byte, 1, 0) <= 0, "the stranger is hung up on")
    }

    @Test func strangersWhoKeepDiallingAreNeverTakenForTheTarget() throws {
        let listener = try PrivateListener(isV4: true)
        let address = SocketAddress(listener.endpoint, domain: AF_INET)
        let isOver = Atomic<Bool>(false)
        let stranger = try ServiceThread(name: "stranger") {
            while !isOver.load(ordering: .relaxed) {
                let type = SocketFacts.stream | Int32(HOOPX_SOCK_NONBLOCK)
                let socket = OwnedDescriptor(Glibc.socket(AF_INET, type, 0))
                try? Supervisor.connect(socket, to: address)
            }
        }
        var hasMixedUp = false
        for _ in 0..<200 where !hasMixedUp {
            let client = try socket(AF_INET)
            let connection = try listener.connect(client, domain: AF_INET)
            hasMixedUp = !reaches(connection.end.raw, client.raw)
        }
        #expect(!hasMixedUp)
        isOver.store(true, ordering: .relaxed)
        stranger.join()
    }

    @Test func aSocketThatDoesNotBlockIsTakenToo() throws {
        let listener = try PrivateListener(isV4: true)
        let client = try socket(AF_INET)
        #expect(fcntl(client.raw, F_SETFL, O_NONBLOCK) == 0)
        let connection = try listener.connect(client, domain: AF_INET)
        let (isInProgress, end) = (connection.isInProgress, connection.end.raw)
        #expect(isInProgress)
        #expect(reaches(client.raw, end))
        withExtendedLifetime(connection) {}
    }

    @Test func aSocketThatIsConnectedAlreadyIsNotTakenTwice() throws {
        let listener = try PrivateListener(isV4: true)
        let client = try socket(AF_INET)
        let first = try listener.connect(client, domain: AF_INET)
        let raw = client.raw
        #expect(throws: Errno(EISCONN)) {
            _ = try listener.connect(OwnedDescriptor(dup(raw)), domain: AF_INET).isInProgress
        }
        let end = first.end.raw
        #expect(reaches(end, client.raw))
        withExtendedLifetime(first) {}
    }
}
