/// Addresses as they are written in text. An address that is nobody's (loopback, unspecified, a netmask) is none.
enum NetworkAddresses {
    /// Four decimal numbers up to 255 without leading zeros (RFC 6943, 3.1.1).
    static func isIPv4(_ text: some Collection<UInt8>) -> Bool {
        guard let address = ipv4(text) else { return false }
        return address[0] != 0 && address[0] != 127 && address[0] != 255
    }

    private static func ipv4(_ text: some Collection<UInt8>) -> [Int]? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: [Int] = []
        for part in parts {
            guard (1...3).contains(part.count), part.allSatisfy(\.isDigit) else { return nil }
            let value = part.reduce(0) { $0 * 10 + $1.decimal }
            guard value < 256, part.count == 1 || part.first != UInt8(ascii: "0") else { return nil }
            address.append(value)
        }
        return address
    }

    /// An IPv6 address (RFC 4291, 2.2) in a range that IANA has given out, so that `a::b` of a program is none: global
    /// unicast 2000::/3, unique local fc00::/7, link-local fe80::/10, multicast ff00::/8, and those that hold an IPv4
    /// address (::ffff:0:0/96, 64:ff9b::/96).
    static func isIPv6(_ text: some Collection<UInt8>) -> Bool {
        guard let groups = ipv6(text) else { return false }
        if groups.prefix(5).allSatisfy({ $0 == 0 }) { return groups[5] == 0xFFFF }
        if groups[0] == 0x64 { return groups[1] == 0xFF9B }
        return switch groups[0] {
        case 0x2000...0x3FFF, 0xFC00...0xFDFF, 0xFE80...0xFEBF, 0xFF00...0xFFFF: true
        default: false
        }
    }

    /// Whether it has as many colons as an address can have, and two of them in a row at one place at most: nearly all
    /// that is none (`a::b::c`) is told by that.
    private static func hasShapeOfIPv6(_ text: some Collection<UInt8>) -> Bool {
        var (colons, gaps, last) = (0, 0, UInt8(0))
        for byte in text {
            if byte == UInt8(ascii: ":") {
                colons += 1
                if last == byte { gaps += 1 }
            }
            last = byte
        }
        return (2...8).contains(colons) && (gaps == 1 || gaps == 0 && colons <= 7)
    }

    private static func ipv6(_ text: some Collection<UInt8>) -> [Int]? {
        guard hasShapeOfIPv6(text) else { return nil }
        let colon = UInt8(ascii: ":")
        var parts = text.split(separator: colon, omittingEmptySubsequences: false).map { Array($0) }
        guard parts.count >= 3 else { return nil }
        // A double colon at either end gives two empty parts, elsewhere one.
        if parts[0].isEmpty && parts[1].isEmpty { parts.removeFirst() }
        if parts[parts.count - 1].isEmpty && parts[parts.count - 2].isEmpty { parts.removeLast() }
        var groups: [Int] = []
        var gap: Int?
        for (index, part) in parts.enumerated() {
            if part.isEmpty {
                guard gap == nil else { return nil }
                gap = groups.count
            } else if index == parts.count - 1, part.contains(UInt8(ascii: ".")) {
                guard let last = ipv4(part) else { return nil }
                groups += [last[0] << 8 | last[1], last[2] << 8 | last[3]]
            } else {
                guard part.count <= 4, part.allSatisfy(\.isHexDigit) else { return nil }
                groups.append(part.reduce(0) { $0 << 4 | Int($1.hexValue) })
            }
        }
        if let gap {
            guard groups.count < 8 else { return nil }
            groups.insert(contentsOf: [Int](repeating: 0, count: 8 - groups.count), at: gap)
        }
        return groups.count == 8 ? groups : nil
    }

    /// Six octets with colons or dashes, or three groups of four with dots; neither all zeros nor the broadcast address.
    static func isMAC(_ text: some Collection<UInt8>) -> Bool {
        let separators = Set(text.filter { !$0.isHexDigit })
        guard separators.count == 1, let separator = separators.first else { return false }
        let groups = text.split(separator: separator, omittingEmptySubsequences: false)
        let isShape =
            switch separator {
            case UInt8(ascii: ":"), UInt8(ascii: "-"): groups.count == 6 && groups.allSatisfy { $0.count == 2 }
            case UInt8(ascii: "."): groups.count == 3 && groups.allSatisfy { $0.count == 4 }
            default: false
            }
        let digits = text.filter(\.isHexDigit)
        return isShape && !digits.allSatisfy { $0 == UInt8(ascii: "0") }
            && !digits.allSatisfy { $0 | 0x20 == UInt8(ascii: "f") }
    }
}

extension UInt8 {
    /// The value of an ASCII hexadecimal digit.
    var hexValue: UInt8 { isDigit ? self &- 48 : (self | 0x20) &- 87 }
}
