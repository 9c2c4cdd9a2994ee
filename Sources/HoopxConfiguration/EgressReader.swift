import HoopxCore

/// Reads the section `egress`.
struct EgressReader {
    let connections: [ConnectionConfiguration]
    let paths: FilePaths

    private enum Default: String, CaseIterable {
        case deny
    }

    /// - Parameter node: nil where the file has no such section.
    func read(_ node: ConfigurationNode?) throws(HoopxError) -> EgressConfiguration {
        guard let node, !node.isNull else { return EgressConfiguration() }
        let fields = try node.fields(["default", "tunnel", "loopback", "listen", "unix"])
        _ = try fields["default"]?.choice(of: Default.self)
        return EgressConfiguration(
            tunnel: try tunnel(fields["tunnel"]), loopback: try ports(fields["loopback"]),
            listen: try ports(fields["listen"]), unix: try sockets(fields["unix"]))
    }

    private func tunnel(_ node: ConfigurationNode?) throws(HoopxError) -> [HostPattern] {
        guard let node, !node.isNull else { return [] }
        var patterns: [HostPattern] = []
        for item in try node.items() {
            let text = try item.text()
            guard let pattern = HostPattern(text, defaultPort: nil) else {
                let isHost = HostPattern(text, defaultPort: 443) != nil
                throw item.error(
                    "expected host:port in \(item.key), not \(text)",
                    hint: isHost ? "name the port: \"\(text):443\"" : "such as \"pypi.org:443\" or \"*.debian.org:443\""
                )
            }
            if let owner = connections.first(where: { $0.hosts.contains(pattern) }) {
                throw item.error(
                    "\(pattern) is a host of connections.\(owner.name) already",
                    hint: "remove it from one of both: a tunnel would be a way around the connection")
            }
            patterns.append(pattern)
        }
        return patterns
    }

    private func ports(_ node: ConfigurationNode?) throws(HoopxError) -> Set<UInt16> {
        guard let node, !node.isNull else { return [] }
        var ports: Set<UInt16> = []
        for item in try node.items() {
            let text = try item.text()
            guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(text), port > 0 else {
                throw item.error("expected a port of 1 to 65535 in \(item.key), not \(text)", hint: "such as 5432")
            }
            ports.insert(port)
        }
        return ports
    }

    private func sockets(_ node: ConfigurationNode?) throws(HoopxError) -> [String] {
        guard let node, !node.isNull else { return [] }
        var sockets: [String] = []
        for item in try node.items() {
            let text = try item.text()
            guard text.hasPrefix("/") || text.hasPrefix("~/") else {
                throw item.error(
                    "expected the path of a socket in \(item.key), not \(text)",
                    hint: "such as /run/postgresql/.s.PGSQL.5432")
            }
            sockets.append(paths.absolute(text))
        }
        return sockets
    }
}
