import Glibc
import Synchronization

/// A TCP listener and a UDP socket on loopback that only count who comes: what must never be reached.
public final class Witness: Sendable {
    public let tcpPort: UInt16
    public let udpPort: UInt16
    private let tcp: Int32
    private let udp: Int32
    private let visits = Atomic<Int>(0)

    public init() throws {
        (tcp, tcpPort) = try Self.bound(Int32(SOCK_STREAM.rawValue))
        (udp, udpPort) = try Self.bound(Int32(SOCK_DGRAM.rawValue))
        guard listen(tcp, 16) == 0 else { throw TestSupportError("listen: errno \(errno)") }
        detachThread { [self] in
            while true {
                let visitor = accept(tcp, nil, nil)
                guard visitor >= 0 else { return }
                visits.wrappingAdd(1, ordering: .acquiringAndReleasing)
                Glibc.close(visitor)
            }
        }
        detachThread { [self] in
            var byte: UInt8 = 0
            // shutdown(2) makes a blocked recv return 0; a datagram of a test is never empty.
            while recv(udp, &byte, 1, 0) > 0 { visits.wrappingAdd(1, ordering: .acquiringAndReleasing) }
        }
    }

    /// How many connections and datagrams came.
    public var visitCount: Int { visits.load(ordering: .acquiring) }

    public func close() {
        shutdown(tcp, Int32(SHUT_RDWR))
        shutdown(udp, Int32(SHUT_RDWR))
    }

    private static func bound(_ type: Int32) throws -> (Int32, UInt16) {
        let descriptor = socket(AF_INET, type | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw TestSupportError("bind: errno \(errno)") }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }
}
