import HoopxCore

/// Which way a connection of the target goes.
public enum EgressRoute: Hashable, Sendable {
    /// Through the request pipeline of the named connection.
    case connection(name: String)
    /// To the host itself, byte by byte, once the name it is asked for has been checked.
    case tunnel(rule: String)
    case deny(Denial)
}

/// The rules of `connections.*.hosts` and `egress`, evaluated over a destination. Pure.
public struct EgressPolicy: Sendable {
    /// What the policy needs to know of a connection.
    public struct Connection: Hashable, Sendable {
        public let name: String
        public let hosts: [HostPattern]
        public let entry: ConnectionEntry

        public init(name: String, hosts: [HostPattern], entry: ConnectionEntry) {
            self.name = name
            self.hosts = hosts
            self.entry = entry
        }
    }

    private let connections: [Connection]
    private let tunnels: [HostPattern]

    public init(connections: [Connection], tunnels: [HostPattern]) {
        self.connections = connections
        self.tunnels = tunnels
    }

    /// Decides on a destination. A connection's hosts come first: a tunnel to the same host would be a way around it.
    public func route(to destination: Destination) -> EgressRoute {
        if let connection = connections.first(where: { $0.hosts.contains { $0.matches(destination) } }) {
            switch connection.entry {
            case .intercept: return .connection(name: connection.name)
            case .baseURL: return .deny(baseURLDenial(connection, destination))
            }
        }
        if let tunnel = tunnels.first(where: { $0.matches(destination) }) { return .tunnel(rule: tunnel.description) }
        return .deny(defaultDenial(destination))
    }

    /// Whether some rule names a host, at whichever port.
    public func names(_ host: Destination.Host) -> Bool {
        connections.contains { $0.hosts.contains { $0.matches(host) } } || tunnels.contains { $0.matches(host) }
    }

    /// What a lookup of a name that no rule names is denied with. Which port was meant cannot be known yet.
    public static func denial(ofLookup name: DomainName) -> Denial {
        Denial(
            code: .nameNotAllowed, layer: .egress, rule: "egress.default", subject: "a lookup of \(name)",
            hint:
                "add \"\(name.host):443\", or with the port that it is used at, to egress.tunnel in the configuration "
                + "to allow it")
    }

    private func baseURLDenial(_ connection: Connection, _ destination: Destination) -> Denial {
        Denial(
            code: .baseURLRequired, layer: .egress, rule: "connections.\(connection.name).entry",
            subject: "a connection to \(destination)",
            hint:
                "use the base URL that the environment names, or set connections.\(connection.name).entry to intercept")
    }

    private func defaultDenial(_ destination: Destination) -> Denial {
        if case .address(let address) = destination.host, address.isLoopback || address.isUnspecified {
            return Denial(
                code: .loopbackNotAllowed, layer: .egress, rule: "egress.default",
                subject: "a connection to \(destination)",
                hint: "only servers that the command itself started can be reached on loopback; "
                    + "add \(destination.port) to egress.loopback to allow this one")
        }
        return Denial(
            code: .destinationNotAllowed, layer: .egress, rule: "egress.default",
            subject: "a connection to \(destination)",
            hint: "add \"\(destination)\" to egress.tunnel in the configuration to allow it")
    }
}
