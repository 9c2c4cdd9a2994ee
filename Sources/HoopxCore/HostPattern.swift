/// A rule's pattern for destinations: `pypi.org:443`, `*.debian.org:443`, `192.0.2.7:22`, `[2001:db8::1]:443`.
///
/// `*.` stands for one or more labels in front of the rest, never for the rest alone and never for part of a label.
public struct HostPattern: Hashable, Sendable, CustomStringConvertible {
    public enum Host: Hashable, Sendable {
        case exact(Destination.Host)
        case subdomains(of: DomainName)
    }

    public let host: Host
    public let port: UInt16

    public init(host: Host, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// - Parameter defaultPort: the port of a pattern that names none; nil where it must name one.
    /// - Returns: nil where the text is no pattern, or has no port and needs one.
    public init?(_ text: String, defaultPort: UInt16?) {
        guard let (hostText, port) = Self.split(text, defaultPort: defaultPort) else { return nil }
        if hostText.hasPrefix("*.") {
            guard let rest = DomainName(String(hostText.dropFirst(2))) else { return nil }
            self.init(host: .subdomains(of: rest), port: port)
        } else {
            guard let exact = Destination.Host(hostText) else { return nil }
            self.init(host: .exact(exact), port: port)
        }
    }

    public func matches(_ destination: Destination) -> Bool {
        destination.port == port && matches(destination.host)
    }

    /// Whether it stands for a host at its port.
    public func matches(_ other: Destination.Host) -> Bool {
        switch host {
        case .exact(let exact): return exact == other
        case .subdomains(let rest):
            guard case .name(let name) = other else { return false }
            return name.description.hasSuffix("." + rest.description)
        }
    }

    public var description: String {
        switch host {
        case .exact(let exact): Destination(host: exact, port: port).description
        case .subdomains(let rest): "*.\(rest):\(port)"
        }
    }

    /// Splits `host:port`; a colon inside brackets, or one of several outside them, belongs to an IPv6 address.
    private static func split(_ text: String, defaultPort: UInt16?) -> (String, UInt16)? {
        if !text.hasSuffix("]"), let colon = text.lastIndex(of: ":") {
            let head = text[..<colon]
            if !head.contains(":") || head.hasSuffix("]") {
                let digits = text[text.index(after: colon)...]
                guard let port = UInt16(digits), port > 0, digits.utf8.first != UInt8(ascii: "+") else { return nil }
                return (String(head), port)
            }
        }
        guard let defaultPort else { return nil }
        return (text, defaultPort)
    }
}
