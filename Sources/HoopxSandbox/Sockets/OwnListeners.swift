import CHoopxLinux
import Glibc
import HoopxCore
import HoopxLinux
import Synchronization

/// The sockets that processes of the target listen on, known by their kernel cookies.
///
/// A cookie is never used twice, so a closed listener's entry means nothing any more; ports, paths and inodes do get new
/// owners.
final class OwnListeners: Sendable {
    private struct State {
        var cookies: Set<UInt64> = []
        var order: [UInt64] = []
        var oldest = 0
        var sharesPorts = false
    }

    private let state = Mutex(State())
    private let capacity: Int

    /// - Parameter capacity: how many are remembered; the oldest are forgotten, and cannot be connected to any more.
    init(capacity: Int = 1 << 14) { self.capacity = capacity }

    /// Remembers a socket that hoopx called listen(2) on.
    ///
    /// - Parameter sharesPort: other listeners may have the same address and port (SO_REUSEPORT).
    func add(_ socket: Int32, sharesPort: Bool) throws(Errno) {
        var cookie: UInt64 = 0
        try Errno.check(hoopx_socket_cookie(socket, &cookie))
        let added = cookie
        state.withLock { state in
            if sharesPort { state.sharesPorts = true }
            guard state.cookies.insert(added).inserted else { return }
            if state.order.count < capacity {
                state.order.append(added)
            } else {
                state.cookies.remove(state.order[state.oldest])
                state.order[state.oldest] = added
                state.oldest = (state.oldest + 1) % capacity
            }
        }
    }

    private func contains(_ cookie: UInt64) -> Bool { state.withLock { $0.cookies.contains(cookie) } }

    /// Who a connection to a loopback address would reach; `own` where it can only be a server of the target.
    ///
    /// - Parameter inquiry: a socket of `hoopx_open_sock_diag` that no other thread uses.
    func listening(on endpoint: SocketAddress.Endpoint, inquiry: borrowing OwnedDescriptor) -> Listening {
        let sharesPorts = state.withLock { $0.sharesPorts }
        var cookie: UInt64 = 0
        let domain = endpoint.address.isV4 ? AF_INET : AF_INET6
        let found = hoopx_tcp_listener_for(inquiry.raw, domain, endpoint.address.bytes, endpoint.port, &cookie)
        if found == -ENOENT { return .nobody }
        return found == 0 && contains(cookie) && (!sharesPorts || ownAll(endpoint)) ? .own : .foreign
    }

    /// Whether each socket that could take the connection is the target's: with SO_REUSEPORT the kernel chooses one by
    /// a hash of both ends.
    private func ownAll(_ endpoint: SocketAddress.Endpoint) -> Bool {
        guard let listeners = Self.listeners(on: endpoint.port) else { return false }
        let candidates = listeners.filter { Self.takes(endpoint.address, at: $0) }
        return !candidates.isEmpty && candidates.allSatisfy { contains($0.cookie) }
    }

    /// Whether a server that is not the target's listens where a socket is bound that is about to, or where `localhost` leads to
    /// one of both first.
    func othersListen(at endpoint: SocketAddress.Endpoint) -> Bool {
        guard let listeners = Self.listeners(on: endpoint.port) else { return true }
        return listeners.contains { listener in
            guard !contains(listener.cookie), let bound = Self.address(of: listener) else { return false }
            return Self.takes(bound, at: endpoint.address) || Self.takes(endpoint.address, at: bound)
                || Self.takesLocalhost(bound) && Self.takesLocalhost(endpoint.address)
        }
    }

    /// The listeners on a port; nil where they cannot be told, or there are more than can be.
    private static func listeners(on port: UInt16) -> [hoopx_tcp_listener]? {
        let limit = 256
        var found = 0
        let listeners = [hoopx_tcp_listener](unsafeUninitializedCapacity: limit) { room, count in
            found = Int(hoopx_tcp_listeners(port, room.baseAddress, limit))
            count = max(0, found)
        }
        // A full list may not be the whole list.
        return (0..<limit).contains(found) ? listeners : nil
    }

    private static func address(of listener: hoopx_tcp_listener) -> IPAddress? {
        let count = listener.family == AF_INET ? 4 : 16
        return IPAddress(bytes: withUnsafeBytes(of: listener.address) { Array($0.prefix(count)) })
    }

    private static func takes(_ address: IPAddress, at listener: hoopx_tcp_listener) -> Bool {
        self.address(of: listener).map { takes(address, at: $0) } ?? false
    }

    /// Whether a listener is bound to an address or to all of its kind. An IPv6 wildcard may take IPv4 connections too.
    private static func takes(_ address: IPAddress, at bound: IPAddress) -> Bool {
        if bound.bytes.allSatisfy({ $0 == 0 }) { return !bound.isV4 || address.isV4 }
        return bound == address
    }

    /// Whether clients that look `localhost` up come to a server at an address.
    private static func takesLocalhost(_ address: IPAddress) -> Bool {
        address == .loopback || address == .loopbackV6 || address.isUnspecified
    }

    /// How a Unix socket is found.
    enum UnixTarget {
        /// A socket file: its inode, and the device of its file system's superblock.
        case file(inode: UInt64, device: UInt64)
        case abstract([UInt8])
    }

    /// Who listens.
    enum Listening: Hashable {
        case own, foreign, nobody
    }

    /// Says who listens on a Unix socket. Nothing is sent to it. Listeners in other network namespaces are not seen.
    func listening(on target: UnixTarget) -> Listening {
        var limit = 1024
        while limit <= 1 << 18 {
            let room = UnsafeMutablePointer<hoopx_unix_listener>.allocate(capacity: limit)
            defer { room.deallocate() }
            let count = Int(hoopx_unix_listeners(room, limit))
            guard count >= 0 else { return .foreign }
            // A full list may not be the whole list.
            guard count == limit else {
                let matching = UnsafeBufferPointer(start: room, count: count).filter { Self.matches($0, target) }
                return Self.listening(whereOwn: matching.map { contains($0.cookie) })
            }
            limit *= 4
        }
        return .foreign
    }

    /// What the listeners that match come to, each of them the target's own or not.
    ///
    /// Of a file there can be several: the kernel tells the low half of the inode's number only, and a target that makes
    /// files for hours can have a socket whose half is that of another's.
    static func listening(whereOwn matching: [Bool]) -> Listening {
        if matching.isEmpty { return .nobody }
        return matching.allSatisfy { $0 } ? .own : .foreign
    }

    private static func matches(_ listener: hoopx_unix_listener, _ target: UnixTarget) -> Bool {
        switch target {
        case .file(let inode, let device):
            return listener.inode != 0 && listener.inode == UInt32(truncatingIfNeeded: inode)
                && listener.device == device
        case .abstract(let name):
            guard listener.inode == 0, Int(listener.name_length) == name.count + 1 else { return false }
            return withUnsafeBytes(of: listener.name) { bytes in
                bytes.first == 0 && bytes.dropFirst().prefix(name.count).elementsEqual(name)
            }
        }
    }
}
