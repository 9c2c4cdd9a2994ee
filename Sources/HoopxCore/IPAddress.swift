#if canImport(Glibc)
    import Glibc
#endif

/// An IPv4 or IPv6 address, 4 or 16 bytes in network order. A v4-mapped IPv6 address is its IPv4 address:
/// the kernel routes both alike, so a rule must see them alike (RFC 4291, 2.5.5.2).
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    public let bytes: [UInt8]

    /// - Returns: nil where there are neither 4 nor 16 bytes.
    public init?(bytes: [UInt8]) {
        switch bytes.count {
        case 4: self.bytes = bytes
        case 16:
            let isMapped = bytes[0..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
            self.bytes = isMapped ? Array(bytes[12...]) : bytes
        default: return nil
        }
    }

    /// Reads the canonical text forms that inet_pton(3) takes: no octal, hexadecimal, short or scoped forms.
    public init?(_ text: String) {
        // C would read no further than a zero byte, and take `127.0.0.1\0.example.com` for an address.
        guard !text.utf8.contains(0) else { return nil }
        var v4 = in_addr()
        var v6 = in6_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            self.init(bytes: withUnsafeBytes(of: v4) { Array($0) })
        } else if inet_pton(AF_INET6, text, &v6) == 1 {
            self.init(bytes: withUnsafeBytes(of: v6) { Array($0) })
        } else {
            return nil
        }
    }

    private init(v6 bytes: [UInt8]) { self.bytes = bytes }

    private init(v4 a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) { bytes = [a, b, c, d] }

    public static let loopback = IPAddress(v4: 127, 0, 0, 1)
    /// `::1`.
    public static let loopbackV6 = IPAddress(v6: [UInt8](repeating: 0, count: 15) + [1])

    public var isV4: Bool { bytes.count == 4 }

    /// 127.0.0.0/8 or ::1.
    public var isLoopback: Bool {
        isV4 ? bytes[0] == 127 : bytes[15] == 1 && bytes[0..<15].allSatisfy { $0 == 0 }
    }

    /// 0.0.0.0/8 or ::, which Linux connects to as if they named the machine itself.
    public var isUnspecified: Bool { isV4 ? bytes[0] == 0 : bytes.allSatisfy { $0 == 0 } }

    /// 169.254.0.0/16 (cloud metadata services live there) or fe80::/10.
    public var isLinkLocal: Bool {
        isV4 ? bytes[0] == 169 && bytes[1] == 254 : bytes[0] == 0xfe && bytes[1] & 0xc0 == 0x80
    }

    public var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = isV4 ? AF_INET : AF_INET6
        let written = bytes.withUnsafeBytes { inet_ntop(family, $0.baseAddress, &text, socklen_t(text.count)) }
        return written.map { String(cString: $0) } ?? ""
    }
}
