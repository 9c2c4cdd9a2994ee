import CHoopxLinux
import Glibc
import HoopxCore
import HoopxLinux

/// A loopback port that hoopx connects one socket of the target to at a time, and takes exactly that connection from.
///
/// The connection and its other end are known to belong together, because nothing stands between them: no registry
/// of source ports, and no proxy port that others could dial. Each notification thread has its own, so that two
/// connections cannot be mixed up.
final class PrivateListener {
    let endpoint: SocketAddress.Endpoint
    private let socket: OwnedDescriptor

    /// Strangers can fill the queue, though only between two connections: it is emptied before each.
    private static let backlog: Int32 = 4096

    /// How long an established connection may take to appear in the queue, in milliseconds. On loopback it is there
    /// when connect(2) returns, unless the machine is so busy that ksoftirqd carries the packets.
    private static let patience: Int32 = 1000

    /// - Parameter isV4: 127.0.0.1, otherwise ::1.
    init(isV4: Bool) throws(Errno) {
        let domain = isV4 ? AF_INET : AF_INET6
        let type = SocketFacts.stream | Int32(HOOPX_SOCK_CLOEXEC | HOOPX_SOCK_NONBLOCK)
        socket = OwnedDescriptor(try Errno.checkLast(Glibc.socket(domain, type, 0)))
        let raw = socket.raw
        let any = SocketAddress.Endpoint(address: isV4 ? .loopback : .loopbackV6, port: 0)
        try Errno.checkLast(SocketAddress(any, domain: domain).withPointer { bind(raw, $0, $1) })
        try Errno.checkLast(listen(raw, Self.backlog))
        endpoint = try SocketAddress.local(of: raw).endpoint(domain: domain)
    }

    /// Connects a socket, which is in no connection, and takes the other end.
    func connect(_ client: borrowing OwnedDescriptor, domain: Int32) throws(Errno) -> PrivateConnection {
        while try next() != nil {}
        var isInProgress = false
        do throws(Errno) {
            try Supervisor.connect(client, to: SocketAddress(endpoint, domain: domain))
        } catch {
            guard error.code == EINPROGRESS else { throw error }
            isInProgress = true
        }
        let source = try SocketAddress.local(of: client.raw).endpoint(domain: domain)
        while true {
            if let visitor = try next() {
                if visitor.source == source { return PrivateConnection(isInProgress: isInProgress, end: visitor.end) }
            } else {
                var wait = pollfd(fd: socket.raw, events: Int16(POLLIN), revents: 0)
                guard poll(&wait, 1, Self.patience) > 0 else { throw Errno(isInProgress ? EINPROGRESS : ECONNREFUSED) }
            }
        }
    }

    private struct Visitor: ~Copyable {
        let source: SocketAddress.Endpoint
        let end: OwnedDescriptor
    }

    /// The next connection in the queue; nil where it is empty.
    private func next() throws(Errno) -> Visitor? {
        let listener = socket.raw
        while true {
            var taken: Int32 = -1
            let peer = try SocketAddress.filled { address, length in
                taken = hoopx_accept(listener, address, length)
                return 0
            }
            switch taken {
            case 0...:
                let end = OwnedDescriptor(taken)
                return Visitor(source: try peer.endpoint(domain: peer.family ?? AF_UNSPEC), end: end)
            case -EAGAIN: return nil
            case -EINTR, -ECONNABORTED: continue
            default: throw Errno(-taken)
            }
        }
    }
}

/// A connection between a socket of the target and hoopx.
struct PrivateConnection: ~Copyable {
    /// connect(2) said EINPROGRESS, as it does on a socket that does not block.
    let isInProgress: Bool
    /// hoopx's end: a connected socket that blocks.
    let end: OwnedDescriptor
}
