import CHoopxLinux
import Glibc
import HoopxCore
import HoopxLinux

/// A loopback port that is open only while hoopx connects a target's socket to it, and takes that connection alone.
///
/// The connection and its other end are known to belong together, because nothing stands between them: no registry
/// of source ports, and no proxy port that others could dial. Each notification thread has its own, so that two connections
/// cannot be mixed up.
final class PrivateListener {
    let endpoint: SocketAddress.Endpoint
    private let socket: OwnedDescriptor

    /// How long an established connection may take to appear in the accept queue, in milliseconds. On loopback it is there
    /// when connect(2) returns, unless the machine is so busy that ksoftirqd carries the packets.
    private static let patience: Int32 = 1000

    /// - Parameter isV4: 127.0.0.1, otherwise ::1.
    init(isV4: Bool) throws(Errno) {
        let domain = isV4 ? AF_INET : AF_INET6
        // The port is bound by its number: one that the kernel chose it would give up each time the listener closes.
        // A second socket holds it meanwhile.
        let reservation = try Self.bound(domain, SocketAddress.Endpoint(address: isV4 ? .loopback : .loopbackV6, port: 0))
        let endpoint = try SocketAddress.local(of: reservation.raw).endpoint(domain: domain)
        socket = try Self.bound(domain, endpoint)
        self.endpoint = endpoint
    }

    private static func bound(
        _ domain: Int32, _ endpoint: SocketAddress.Endpoint
    ) throws(Errno) -> OwnedDescriptor {
        let type = SocketFacts.stream | Int32(HOOPX_SOCK_CLOEXEC | HOOPX_SOCK_NONBLOCK)
        let socket = OwnedDescriptor(try Errno.checkLast(Glibc.socket(domain, type, 0)))
        var one: Int32 = 1
        setsockopt(socket.raw, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        let raw = socket.raw
        try Errno.checkLast(SocketAddress(endpoint, domain: domain).withPointer { bind(raw, $0, $1) })
        return socket
    }

    /// Opens the port. Until then, and after `close`, a stranger's connection is refused by the kernel.
    func open() throws(Errno) {
        try Errno.checkLast(listen(socket.raw, 16))
    }

    /// Takes the connection that comes from a source, and closes every other one.
    ///
    /// - Returns: a connected, blocking socket; nil where the connection has not come.
    func accept(from source: SocketAddress.Endpoint) -> OwnedDescriptor? {
        while true {
            var taken: Int32 = -1
            let listener = socket.raw
            let peer = try? SocketAddress.filled { address, length in
                taken = hoopx_accept(listener, address, length)
                return taken < 0 ? -1 : 0
            }
            if taken >= 0 {
                let connection = OwnedDescriptor(taken)
                if let peer, let domain = peer.family, let endpoint = try? peer.endpoint(domain: domain), endpoint == source {
                    return connection
                }
                continue
            }
            if taken == -EINTR || taken == -ECONNABORTED { continue }
            guard taken == -EAGAIN else { return nil }
            var wait = pollfd(fd: socket.raw, events: Int16(POLLIN), revents: 0)
            guard poll(&wait, 1, Self.patience) > 0 else { return nil }
        }
    }

    /// Closes the port, and whatever strangers have put in its queue.
    func close() { shutdown(socket.raw, Int32(SHUT_RD)) }
}
