import CHoopxLinux
import Glibc
import HoopxLinux
import Synchronization

/// The helper process in an empty network namespace of its own (hoopx-netns), which makes the target's datagram
/// sockets: they work as sockets do, and no packet of theirs leaves the machine.
final class NamespaceHelper: Sendable {
    /// The cookie of the helper's namespace, by which its sockets are known.
    let namespace: UInt64
    /// Sockets for the name service, on port 53 of every address: IPv4, and IPv6 where the namespace has it.
    let nameServiceSockets: [OwnedSocket]

    private let connection: Mutex<Connection>

    /// Why there is no helper: the step that failed and the kernel's reason.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// A descriptor that can stand in an array.
    final class OwnedSocket: Sendable {
        let descriptor: OwnedDescriptor
        let domain: Int32

        init(_ descriptor: consuming OwnedDescriptor, domain: Int32) {
            self.descriptor = descriptor
            self.domain = domain
        }
    }

    /// Starts the helper. It ends when the object goes, or with hoopx.
    ///
    /// - Parameter program: the path of hoopx-netns.
    init(program: String) throws(Failure) {
        let connection: Connection
        do throws(Errno) {
            connection = try Connection(program: program)
        } catch {
            throw Failure(description: "starting \(program): \(error)")
        }
        let ready: hoopx_netns_reply
        do throws(Errno) {
            ready = try connection.receive().0
        } catch {
            throw Failure(description: "\(program) ended at once")
        }
        guard ready.step == HOOPX_NETNS_READY.rawValue else {
            throw Failure(description: "\(Self.name(of: ready.step)): \(Errno(ready.error))")
        }
        do throws(Errno) {
            var sockets: [OwnedSocket] = []
            for domain in ready.error == 0 ? [AF_INET, AF_INET6] : [AF_INET] {
                let request = hoopx_netns_request(
                    operation: HOOPX_NETNS_BOUND.rawValue, domain: domain, type: SocketFacts.datagram, protocol: 0,
                    port: NameService.port, unused: 0)
                sockets.append(OwnedSocket(try connection.ask(request), domain: domain))
            }
            var cookie: UInt64 = 0
            try Errno.check(hoopx_netns_cookie(sockets[0].descriptor.raw, &cookie))
            namespace = cookie
            nameServiceSockets = sockets
        } catch {
            throw Failure(description: "making sockets: \(error)")
        }
        self.connection = Mutex(connection)
    }

    /// A new socket of the helper's namespace.
    func makeSocket(domain: Int32, type: Int32, protocol transport: Int32) throws(Errno) -> OwnedDescriptor {
        let request = hoopx_netns_request(
            operation: HOOPX_NETNS_CREATE.rawValue, domain: domain, type: type, protocol: transport, port: 0, unused: 0)
        return try connection.withLock { connection throws(Errno) in try connection.ask(request) }
    }

    private static func name(of step: UInt32) -> String {
        switch step {
        case HOOPX_NETNS_UNSHARE.rawValue: "making a user and a network namespace"
        case HOOPX_NETNS_ID_MAP.rawValue: "mapping the user into the namespace"
        case HOOPX_NETNS_LOOPBACK.rawValue: "bringing the namespace's loopback interface up"
        case HOOPX_NETNS_ROUTE.rawValue: "routing every address to the loopback interface"
        default: "step \(step)"
        }
    }

    private struct Connection: ~Copyable {
        private let socket: OwnedDescriptor
        private let pid: Int32

        init(program: String) throws(Errno) {
            let pair = try PacketSocketPair()
            // Its environment is empty: it has no use for one, and anyone may read it.
            pid = try ProcessSpawner(
                program: program, arguments: [program, "3"], environment: [], directory: "/",
                signals: .current(), descriptors: [nil, nil, nil, pair.theirs.raw]
            ).spawn()
            socket = pair.ours
        }

        deinit {
            shutdown(socket.raw, Int32(SHUT_RDWR))
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        }

        borrowing func ask(_ request: hoopx_netns_request) throws(Errno) -> OwnedDescriptor {
            var request = request
            try Errno.check(hoopx_send_packet(socket.raw, &request, MemoryLayout.size(ofValue: request), -1))
            let (reply, passed) = try receive()
            guard reply.error == 0 else { throw Errno(reply.error) }
            guard passed >= 0 else { throw Errno(EIO) }
            return OwnedDescriptor(passed)
        }

        borrowing func receive() throws(Errno) -> (hoopx_netns_reply, Int32) {
            var reply = hoopx_netns_reply()
            var passed: Int32 = -1
            let size = MemoryLayout.size(ofValue: reply)
            let count = try Errno.check(hoopx_receive_packet(socket.raw, &reply, size, &passed))
            guard count == size else {
                if passed >= 0 { close(passed) }
                throw Errno(EIO)
            }
            return (reply, passed)
        }
    }
}
