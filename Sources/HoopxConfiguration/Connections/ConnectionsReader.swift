import HoopxCore

/// Reads the section `connections`.
///
/// The built-in connection `claude` is there unless the file says `claude: null`; what the file says of `claude`
/// replaces its parts one by one.
struct ConnectionsReader {
    let paths: FilePaths

    /// - Parameter node: nil where the file has no such section.
    func read(_ node: ConfigurationNode?) throws(HoopxError) -> [ConnectionConfiguration] {
        guard let node, !node.isNull else { return [.claude] }
        let entries = try node.entries(nil)
        var connections: [ConnectionConfiguration] = []
        if !entries.contains(where: { $0.name == ConnectionConfiguration.claude.name }) { connections = [.claude] }
        for (name, value) in entries {
            guard isName(name) else {
                throw value.error(
                    "expected a connection's name of at most 64 letters, digits, hyphens and underscores, not \(name)")
            }
            if name == ConnectionConfiguration.claude.name, value.isNull { continue }
            let connection = try ConnectionReader(name: name, paths: paths).read(value)
            try refuseSharedHosts(of: connection, with: connections, at: value)
            connections.append(connection)
        }
        return connections
    }

    private func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            }
    }

    private func refuseSharedHosts(
        of connection: ConnectionConfiguration, with others: [ConnectionConfiguration], at node: ConfigurationNode
    ) throws(HoopxError) {
        for other in others {
            guard let shared = connection.hosts.first(where: other.hosts.contains) else { continue }
            let isBuiltIn = other == .claude
            throw node.error(
                "\(shared) is a host of connections.\(other.name) already",
                hint: isBuiltIn ? "\"claude: null\" under connections removes the built-in one" : nil)
        }
    }
}
