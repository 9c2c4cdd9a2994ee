import Glibc
import HoopxCore

/// The addresses of the machine's interfaces.
enum MachineAddresses {
    /// Whether an interface has the address now; false where that cannot be told.
    static func hold(_ address: IPAddress) -> Bool {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return false }
        defer { freeifaddrs(first) }
        return sequence(first: first, next: { $0?.pointee.ifa_next }).contains { entry in
            entry?.pointee.ifa_addr.flatMap(Self.address) == address
        }
    }

    private static func address(_ raw: UnsafeMutablePointer<sockaddr>) -> IPAddress? {
        let domain = Int32(raw.pointee.sa_family)
        let size: Int
        switch domain {
        case AF_INET: size = MemoryLayout<sockaddr_in>.size
        case AF_INET6: size = MemoryLayout<sockaddr_in6>.size
        default: return nil
        }
        let bytes = Array(UnsafeRawBufferPointer(start: raw, count: size))
        return try? SocketAddress(bytes: bytes).endpoint(domain: domain).address
    }
}
