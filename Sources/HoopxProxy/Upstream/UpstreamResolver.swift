import Glibc
import HoopxCore
import NIOCore
import NIOPosix

/// Resolves names with the system's resolver on threads of its own, and leaves out the addresses that a name under
/// somebody else's control must not lead to.
struct UpstreamResolver: Resolver {
    /// Every address of the name is one of this machine or of its link.
    struct AddressNotAllowed: Error {}

    struct LookupFailed: Error, CustomStringConvertible {
        let description: String
    }

    let threads: NIOThreadPool
    let door: LoopDoor
    let loop: any EventLoop
    let mayBeLocal: Bool

    func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        query(host, port: port, family: AF_INET)
    }

    func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        query(host, port: port, family: AF_INET6)
    }

    /// A lookup that nobody waits for any more ends by itself.
    func cancelQueries() {}

    private func query(_ host: String, port: Int, family: Int32) -> EventLoopFuture<[SocketAddress]> {
        let mayBeLocal = mayBeLocal
        return door.run(on: threads, for: loop) {
            let found = try Self.lookUp(host, port: port, family: family)
            let allowed = mayBeLocal ? found : found.filter { !Self.isLocal($0) }
            if allowed.isEmpty, !found.isEmpty { throw AddressNotAllowed() }
            return allowed
        }
    }

    // EAI_NODATA and EAI_ADDRFAMILY of <netdb.h>, which Swift sees without GNU's extensions: the name exists, without
    // an address of this family.
    private static let noData: Int32 = -5
    private static let noAddressOfFamily: Int32 = -9

    private static func lookUp(_ host: String, port: Int, family: Int32) throws -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_family = family
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        switch status {
        case 0: break
        case noData, noAddressOfFamily: return []
        default: throw LookupFailed(description: gai_strerror(status).map { String(cString: $0) } ?? "lookup failed")
        }
        return sequence(first: list, next: { $0?.pointee.ai_next }).compactMap { node in
            guard let node, let address = node.pointee.ai_addr else { return nil }
            return Self.address(address, family: node.pointee.ai_family)
        }
    }

    private static func address(_ raw: UnsafeMutablePointer<sockaddr>, family: Int32) -> SocketAddress? {
        switch family {
        case AF_INET: raw.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { SocketAddress($0.pointee) }
        case AF_INET6: raw.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { SocketAddress($0.pointee) }
        default: nil
        }
    }

    private static func isLocal(_ address: SocketAddress) -> Bool {
        guard let text = address.ipAddress, let address = IPAddress(text) else { return true }
        return address.isLoopback || address.isUnspecified || address.isLinkLocal
    }
}
