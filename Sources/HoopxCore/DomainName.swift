/// A host name as DNS carries it: lower case, without the trailing dot, ASCII (A-labels for IDNA).
///
/// Two spellings of one name are one value, so a rule cannot be dodged by case or by a trailing dot.
public struct DomainName: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    /// - Parameter text: labels of 1 to 63 letters, digits, hyphens or underscores, 253 bytes in all (RFC 1035, 2.3.4).
    /// - Returns: nil for anything else, and for what reads as an IPv4 address or ends in a numeric label, which
    ///   resolvers take for an address (WHATWG URL, "ends in a number").
    public init?(_ text: String) {
        var bytes = Array(text.utf8)
        if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
        guard !bytes.isEmpty, bytes.count <= 253 else { return nil }
        for index in bytes.indices where (0x41...0x5a).contains(bytes[index]) { bytes[index] |= 0x20 }
        let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        for label in labels {
            guard (1...63).contains(label.count), label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-"),
                label.allSatisfy(Self.isLabelByte)
            else { return nil }
        }
        guard let last = labels.last, !Self.isNumber(last) else { return nil }
        description = String(decoding: bytes, as: UTF8.self)
    }

    /// The host behind a name under which a service of it is looked up, such as `_http._tcp.example.com` (RFC 2782; RFC
    /// 8552); any other name itself.
    public var host: DomainName {
        let labels = description.split(separator: ".")
        return DomainName(labels.drop { $0.hasPrefix("_") }.joined(separator: ".")) ?? self
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7a, 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func isNumber(_ label: ArraySlice<UInt8>) -> Bool {
        if label.allSatisfy({ (0x30...0x39).contains($0) }) { return true }
        let isHex: (UInt8) -> Bool = { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        return label.starts(with: [0x30, 0x78]) && label.dropFirst(2).allSatisfy(isHex)
    }
}
