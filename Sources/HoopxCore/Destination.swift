/// Where a connection wants to go, as the target named it.
public struct Destination: Hashable, Sendable, CustomStringConvertible {
    public enum Host: Hashable, Sendable, CustomStringConvertible {
        case name(DomainName)
        case address(IPAddress)

        /// A host from text: an address where it reads as one (with or without the brackets of a URL), else a name.
        public init?(_ text: String) {
            let isBracketed = text.hasPrefix("[") && text.hasSuffix("]") && text.utf8.count > 2
            if isBracketed {
                guard let address = IPAddress(String(text.dropFirst().dropLast())), text.contains(":") else {
                    return nil
                }
                self = .address(address)
            } else if let address = IPAddress(text) {
                self = .address(address)
            } else if let name = DomainName(text) {
                self = .name(name)
            } else {
                return nil
            }
        }

        /// Whether what is sent to it stays on this machine.
        public var isThisMachine: Bool {
            switch self {
            case .address(let address): address.isLoopback
            // RFC 6761, 6.3: always loopback.
            case .name(let name): name.description == "localhost"
            }
        }

        public var description: String {
            switch self {
            case .name(let name): name.description
            case .address(let address): address.description
            }
        }
    }

    public let host: Host
    public let port: UInt16

    public init(host: Host, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// A `host[:port]` as the Host header, the CONNECT method and a URL have it.
    ///
    /// - Returns: nil for anything else, for a pattern, and where there is no port and no default.
    public init?(authority text: String, defaultPort: UInt16?) {
        guard let pattern = HostPattern(text, defaultPort: defaultPort), case .exact(let host) = pattern.host else {
            return nil
        }
        self.init(host: host, port: pattern.port)
    }

    /// `host:port`, with brackets around an IPv6 address; the form that `egress.tunnel` takes.
    public var description: String {
        if case .address(let address) = host, !address.isV4 { return "[\(address)]:\(port)" }
        return "\(host):\(port)"
    }
}
