import HoopxCore

/// Reads the section `egress`.
struct EgressReader {
    let connections: [ConnectionConfiguration]

    private enum Default: String, CaseIterable {
        case deny
    }

    /// - Parameter node: nil where the file has no such section.
    func read(_ node: ConfigurationNode?) throws(HoopxError) -> EgressConfiguration {
        guard let node, !node.isNull else { return EgressConfiguration(tunnel: []) }
        let fields = try node.fields(["default", "tunnel"])
        _ = try fields["default"]?.choice(of: Default.self)
        return EgressConfiguration(tunnel: try tunnel(fields["tunnel"]))
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
}
