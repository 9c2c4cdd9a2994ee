import Glibc
import HoopxCore
import HoopxLinux

/// A socket address in the kernel's own layout: one that a target passed, copied once so that it cannot change any
/// more, or one that hoopx passes itself.
struct SocketAddress: Hashable, Sendable {
    /// What the kernel takes at most, `sizeof(struct sockaddr_storage)`.
    static let maximumLength = 128

    let bytes: [UInt8]

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The address family, nil where there is not even room for one.
    var family: Int32? {
        guard bytes.count >= 2 else { return nil }
        return Int32(UInt16(bytes[0]) | UInt16(bytes[1]) << 8)
    }

    // MARK: Internet

    /// An address and a port. An IPv4 address on an IPv6 socket is passed in its mapped form.
    struct Endpoint: Hashable, Sendable {
        let address: IPAddress
        let port: UInt16
    }

    /// - Parameter domain: AF_INET or AF_INET6, the domain of the socket that the address is for.
    init(_ endpoint: Endpoint, domain: Int32) {
        var bytes = [UInt8(domain & 0xff), UInt8(domain >> 8), UInt8(endpoint.port >> 8), UInt8(endpoint.port & 0xff)]
        if domain == AF_INET {
            bytes += endpoint.address.bytes + [UInt8](repeating: 0, count: 8)
        } else {
            bytes += [0, 0, 0, 0]
            if endpoint.address.isV4 { bytes += [UInt8](repeating: 0, count: 10) + [0xff, 0xff] }
            bytes += endpoint.address.bytes + [0, 0, 0, 0]
        }
        self.bytes = bytes
    }

    /// Reads the address as tcp_v4_connect and tcp_v6_connect do, with their errors in their order.
    ///
    /// - Parameter domain: AF_INET or AF_INET6, the domain of the socket that the address is for.
    func endpoint(domain: Int32) throws(Errno) -> Endpoint {
        let (minimum, range) = domain == AF_INET ? (16, 4..<8) : (24, 8..<24)
        guard bytes.count >= minimum else { throw Errno(EINVAL) }
        guard family == domain else { throw Errno(EAFNOSUPPORT) }
        guard let address = IPAddress(bytes: Array(bytes[range])) else { throw Errno(EINVAL) }
        return Endpoint(address: address, port: UInt16(bytes[2]) << 8 | UInt16(bytes[3]))
    }

    // MARK: Unix

    enum UnixName: Hashable, Sendable {
        /// The bytes up to the first NUL.
        case path([UInt8])
        /// The bytes behind the leading NUL, NULs included.
        case abstract([UInt8])
    }

    /// - Parameter name: at most 107 bytes.
    init(_ name: UnixName) {
        let family = [UInt8(AF_UNIX), 0]
        switch name {
        case .path(let path): bytes = family + path + [0]
        case .abstract(let name): bytes = family + [0] + name
        }
    }

    /// Reads the name as unix_validate_addr does (2 for the family, 108 for the name).
    func unixName() throws(Errno) -> UnixName {
        guard bytes.count > 2, bytes.count <= 110, family == AF_UNIX else { throw Errno(EINVAL) }
        let name = bytes[2...]
        if name.first == 0 { return .abstract(Array(name.dropFirst())) }
        return .path(Array(name.prefix { $0 != 0 }))
    }

    // MARK: Passing it to the kernel

    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafeTemporaryAllocation(byteCount: Self.maximumLength, alignment: 16) { room in
            room.initializeMemory(as: UInt8.self, repeating: 0)
            room.copyBytes(from: bytes.prefix(Self.maximumLength))
            let pointer = UnsafeRawPointer(room.baseAddress.unsafelyUnwrapped).assumingMemoryBound(to: sockaddr.self)
            return body(pointer, socklen_t(bytes.count))
        }
    }

    /// The address that a function like getsockname(2) or accept(2) fills in.
    static func filled(
        by body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) throws(Errno) -> SocketAddress {
        var length = socklen_t(maximumLength)
        var result: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: maximumLength) { room, count in
            let start = UnsafeMutableRawPointer(room.baseAddress.unsafelyUnwrapped)
            start.withMemoryRebound(to: sockaddr.self, capacity: 1) { result = body($0, &length) }
            count = result < 0 ? 0 : min(Int(length), maximumLength)
        }
        try Errno.checkLast(result)
        return SocketAddress(bytes: bytes)
    }

    /// The address that a socket is bound to.
    static func local(of socket: Int32) throws(Errno) -> SocketAddress {
        try filled { getsockname(socket, $0, $1) }
    }
}
