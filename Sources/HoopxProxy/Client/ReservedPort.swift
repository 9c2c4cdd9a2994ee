import Glibc
import HoopxCore
import HoopxLinux

/// A port of 127.0.0.1 that is held without listening: the target's connects to it are served by hoopx, everybody
/// else's are refused, and nobody can bind it in the meantime.
final class ReservedPort: Sendable {
    let number: UInt16
    private let socket: OwnedDescriptor

    init() throws(HoopxError) {
        let raw = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { throw Self.failure() }
        let socket = OwnedDescriptor(raw)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                bind(raw, name, length) == 0 ? getsockname(raw, name, &length) : -1
            }
        }
        guard status == 0 else { throw Self.failure() }
        number = UInt16(bigEndian: address.sin_port)
        self.socket = socket
    }

    var destination: Destination { Destination(host: .address(.loopback), port: number) }

    private static func failure() -> HoopxError {
        HoopxError(.startup, doing: "reserving a loopback port", found: "\(Errno.last)")
    }
}
