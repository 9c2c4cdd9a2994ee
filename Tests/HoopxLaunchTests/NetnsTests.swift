import CHoopxLinux
import Glibc
import HoopxLinux
import Testing

/// The helper that makes sockets in an empty network namespace.
@Suite(.timeLimit(.minutes(1))) struct NetnsTests {
    final class Helper: Sendable {
        private let socket: OwnedDescriptor
        let pid: Int32

        init(as identity: Identity) throws {
            var ends: [Int32] = [0, 0]
            try Errno.checkLast(socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0, &ends))
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            socket = OwnedDescriptor(ends[0])
            let other = OwnedDescriptor(ends[1])
            let arguments = identity.prefix + [Programs.netns, "3"]
            pid = try ProcessSpawner(
                program: arguments[0], arguments: arguments, environment: [],
                signals: InheritedSignals(ignoring: [], blocking: []),
                descriptors: [nil, nil, nil, other.raw]
            ).spawn()
        }

        deinit {
            hangUp()
            var status: Int32 = 0
            waitpid(pid, &status, 0)
        }

        func hangUp() { shutdown(socket.raw, Int32(SHUT_RDWR)) }

        /// The next reply, with the descriptor that came with it, or -1.
        func reply() throws -> (hoopx_netns_reply, Int32) {
            var reply = hoopx_netns_reply()
            var descriptor: Int32 = -1
            let size = MemoryLayout<hoopx_netns_reply>.size
            let count = try Errno.check(hoopx_receive_packet(socket.raw, &reply, size, &descriptor))
            try #require(count == size)
            return (reply, descriptor)
        }

        func make(
            _ operation: hoopx_netns_operation, _ domain: Int32, port: UInt16 = 0, type: Int32? = nil
        ) throws -> OwnedDescriptor {
            var request = hoopx_netns_request(
                operation: operation.rawValue, domain: domain, type: type ?? Int32(SOCK_DGRAM.rawValue), protocol: 0,
                port: port, unused: 0)
            try Errno.check(hoopx_send_packet(socket.raw, &request, MemoryLayout<hoopx_netns_request>.size, -1))
            let (reply, descriptor) = try reply()
            guard reply.error == 0 else { throw Errno(reply.error) }
            // A datagram that does not come must fail a test, not hang it.
            var patience = timeval(tv_sec: 10, tv_usec: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            return OwnedDescriptor(descriptor)
        }
    }

    private func ready(_ identity: Identity) throws -> Helper {
        let helper = try Helper(as: identity)
        let (reply, _) = try helper.reply()
        try #require(reply.step == HOOPX_NETNS_READY.rawValue && reply.error == 0, "\(reply)")
        return helper
    }

    @Test(arguments: Identity.available) func itsSocketsBelongToAnotherNetwork(identity: Identity) throws {
        let helper = try ready(identity)
        let theirs = try helper.make(HOOPX_NETNS_CREATE, AF_INET)
        let mine = OwnedDescriptor(socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0))
        var (their, my): (UInt64, UInt64) = (0, 0)
        try Errno.check(hoopx_netns_cookie(theirs.raw, &their))
        try Errno.check(hoopx_netns_cookie(mine.raw, &my))
        #expect(their != my)
    }

    @Test(arguments: Identity.available, [AF_INET, AF_INET6])
    func anAnswerComesFromTheAddressThatWasAsked(identity: Identity, family: Int32) throws {
        let helper = try ready(identity)
        let server = try helper.make(HOOPX_NETNS_BOUND, family, port: 53)
        let client = try helper.make(HOOPX_NETNS_CREATE, family)
        // Connected, so that an answer from any other address would not be delivered.
        try connect(client.raw, to: family == AF_INET ? "192.0.2.53" : "2001:db8::53", port: 53, family)
        #expect(send(client.raw, "ask", 3, 0) == 3)
        var path = hoopx_datagram_path()
        var buffer = [UInt8](repeating: 0, count: 16)
        #expect(hoopx_datagram_receive(server.raw, &buffer, buffer.count, &path) == 3)
        #expect(hoopx_datagram_answer(server.raw, "told", 4, &path) == 0)
        #expect(recv(client.raw, &buffer, buffer.count, 0) == 4)
        #expect(buffer.prefix(4).elementsEqual("told".utf8))
    }

    @Test func aPortThatNobodyServesRefusesAtOnce() throws {
        let helper = try ready(.current)
        let client = try helper.make(HOOPX_NETNS_CREATE, AF_INET)
        try connect(client.raw, to: "192.0.2.1", port: 443, AF_INET)
        #expect(send(client.raw, "x", 1, 0) == 1)
        var byte: UInt8 = 0
        #expect(recv(client.raw, &byte, 1, 0) == -1)
        #expect(errno == ECONNREFUSED)
    }

    @Test func aRequestThatFailsIsToldWhy() throws {
        let helper = try ready(.current)
        #expect(throws: Errno(EAFNOSUPPORT)) { _ = try helper.make(HOOPX_NETNS_CREATE, 250) }
        _ = try helper.make(HOOPX_NETNS_BOUND, AF_INET, port: 53).raw
    }

    @Test func itEndsWhenTheSupervisorHangsUp() throws {
        let helper = try ready(.current)
        let process = try Pidfd(helper.pid)
        for signal in [SIGINT, SIGTERM, SIGHUP] { kill(helper.pid, signal) }
        _ = try helper.make(HOOPX_NETNS_CREATE, AF_INET).raw
        helper.hangUp()
        let processHasEnded = process.waitForEnd(milliseconds: 10_000)
        #expect(processHasEnded)
    }

    private func connect(_ socket: Int32, to address: String, port: UInt16, _ family: Int32) throws {
        if family == AF_INET {
            var target = sockaddr_in()
            target.sin_family = sa_family_t(family)
            target.sin_port = port.bigEndian
            inet_pton(family, address, &target.sin_addr)
            let length = socklen_t(MemoryLayout<sockaddr_in>.size)
            try Errno.checkLast(
                withUnsafePointer(to: &target) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(socket, $0, length) }
                })
        } else {
            var target = sockaddr_in6()
            target.sin6_family = sa_family_t(family)
            target.sin6_port = port.bigEndian
            inet_pton(family, address, &target.sin6_addr)
            let length = socklen_t(MemoryLayout<sockaddr_in6>.size)
            try Errno.checkLast(
                withUnsafePointer(to: &target) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(socket, $0, length) }
                })
        }
    }
}
