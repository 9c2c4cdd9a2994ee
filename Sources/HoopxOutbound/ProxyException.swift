import HoopxCore

/// One entry of NO_PROXY: `*`, a domain (and all below it, with or without a leading dot), an address, a network
/// (`10.0.0.0/8`), each but the network optionally with a port.
struct ProxyException: Sendable {
    private enum Pattern {
        case all
        case domain(String)
        case network([UInt8], bits: Int)
    }

    private let pattern: Pattern
    private let port: UInt16?

    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if text == "*" {
            (pattern, port) = (.all, nil)
        } else if parts.count == 2, let network = IPAddress(parts[0]), let bits = Int(parts[1]),
            (0...network.bytes.count * 8).contains(bits)
        {
            (pattern, port) = (.network(network.bytes, bits: bits), nil)
        } else if let address = IPAddress(text) {
            (pattern, port) = (.network(address.bytes, bits: address.bytes.count * 8), nil)
        } else {
            let domain = text.hasPrefix("*.") ? text.dropFirst(2) : text.drop { $0 == "." }
            guard let named = HostPattern(String(domain), defaultPort: 1), case .exact(let host) = named.host else {
                return nil
            }
            port = domain.contains(":") ? named.port : nil
            switch host {
            case .name(let name): pattern = .domain(name.description)
            case .address(let address): pattern = .network(address.bytes, bits: address.bytes.count * 8)
            }
        }
    }

    func covers(_ destination: Destination) -> Bool {
        guard port == nil || port == destination.port else { return false }
        switch (pattern, destination.host) {
        case (.all, _): return true
        case (.domain(let domain), .name(let name)):
            return name.description == domain || name.description.hasSuffix("." + domain)
        case (.network(let network, let bits), .address(let address)):
            guard network.count == address.bytes.count else { return false }
            return (0..<bits).allSatisfy { bit in
                (network[bit / 8] ^ address.bytes[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0
            }
        default: return false
        }
    }
}
