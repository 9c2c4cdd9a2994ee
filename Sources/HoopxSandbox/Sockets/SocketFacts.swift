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

    /// Makes sure that a socket's interface changes no more but by hoopx.
    ///
    /// bind(2) of an IPv6 socket to a link-local address chooses an interface, whatever the socket is bound to already
    /// (ipv6(7)). A socket can be bound to an address once; one that is not yet is bound to any, and to a port.
    static func holdInterface(_ socket: Int32, domain: Int32) throws(Errno) {
        guard domain == AF_INET6 else { return }
        let size = MemoryLayout<sockaddr_in6>.size
        let family = withUnsafeBytes(of: sa_family_t(AF_INET6)) { Array($0) }
        let any = SocketAddress(bytes: family + [UInt8](repeating: 0, count: size - family.count))
        do throws(Errno) {
            try Errno.checkLast(any.withPointer { bind(socket, $0, $1) })
        } catch {
            // It is bound, or in a connection.
            guard error.code == EINVAL else { throw error }
        }
    }

    /// Binds a socket to the loopback interface, so that no option of it can send a packet elsewhere.
    ///
    /// - Throws: EPERM where it is bound to another interface.
    static func bindToLoopback(_ socket: Int32) throws(Errno) {
        do throws(Errno) {
            try Errno.checkLast(setsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3))
        } catch {
            // Without CAP_NET_RAW a socket can be bound once only. To lo it was by us.
            guard error.code == EPERM, try interface(of: socket) == "lo" else { throw error }
        }
    }

    /// The name of the interface that a socket is bound to; empty where it is bound to none.
    static func interface(of socket: Int32) throws(Errno) -> String {
        var name = [UInt8](repeating: 0, count: 16)
        var length = socklen_t(name.count)
        try Errno.checkLast(getsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, &name, &length))
        return String(decoding: name.prefix(Int(length)).prefix { $0 != 0 }, as: UTF8.self)
    }
}
