import CHoopxLinux
import Glibc
import HoopxLinux

/// What a socket is, asked from the socket itself. The first three can never change for a socket; the state can.
struct SocketFacts {
    let domain: Int32
    let type: Int32
    let namespace: UInt64

    /// - Throws: ENOTSOCK, as connect(2) and listen(2) do.
    init(of socket: Int32) throws(Errno) {
        domain = try Self.option(SO_DOMAIN, of: socket)
        type = try Self.option(SO_TYPE, of: socket)
        var cookie: UInt64 = 0
        try Errno.check(hoopx_netns_cookie(socket, &cookie))
        namespace = cookie
    }

    var isInternet: Bool { domain == AF_INET || domain == AF_INET6 }

    static let stream = Int32(SOCK_STREAM.rawValue)
    static let datagram = Int32(SOCK_DGRAM.rawValue)
    static let sequence = Int32(SOCK_SEQPACKET.rawValue)

    static func option(_ name: Int32, level: Int32 = SOL_SOCKET, of socket: Int32) throws(Errno) -> Int32 {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        try Errno.checkLast(getsockopt(socket, level, name, &value, &length))
        return value
    }

    /// Binds a socket to the loopback interface, so that no option of it can send a packet elsewhere.
    ///
    /// - Throws: EPERM where it is bound to another interface.
    static func bindToLoopback(_ socket: Int32) throws(Errno) {
        do throws(Errno) {
            try Errno.checkLast(setsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3))
        } catch {
            // Without CAP_NET_RAW a socket can be bound once only. The target cannot do it: to lo it was by us.
            guard error.code == EPERM else { throw error }
            var name = [UInt8](repeating: 0, count: 16)
            var length = socklen_t(name.count)
            try Errno.checkLast(getsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, &name, &length))
            guard name.prefix(3) == [0x6c, 0x6f, 0] else { throw error }
        }
    }
}
