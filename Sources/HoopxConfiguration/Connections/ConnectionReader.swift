import HoopxCore

/// Reads one connection.
struct ConnectionReader {
    let name: String
    let paths: FilePaths

    func read(_ node: ConfigurationNode) throws(HoopxError) -> ConnectionConfiguration {
        let fields = try node.fields([
            "type", "hosts", "entry", "upstream", "upstream_ca", "base_url_variable", "credential",
        ])
        let kind = try kind(fields["type"], of: node)
        let hosts = try hosts(fields["hosts"], kind: kind, of: node)
        let entry = try fields["entry"]?.choice(of: ConnectionEntry.self) ?? .intercept
        let upstream = try upstream(fields["upstream"])
        if entry == .baseURL, upstream == nil { try requireOneHost(hosts, at: fields["hosts"] ?? node) }
        let credential = CredentialReader(kind: kind, paths: paths)
        return ConnectionConfiguration(
            name: name, kind: kind, hosts: hosts, entry: entry, upstream: upstream,
            upstreamCA: try fields["upstream_ca"].map { node throws(HoopxError) in paths.absolute(try node.text()) },
            baseURLVariable: try baseURLVariable(fields["base_url_variable"], kind: kind, entry: entry, of: node),
            credential: try credential.read(fields["credential"]))
    }

    private func kind(
        _ node: ConfigurationNode?, of connection: ConfigurationNode
    ) throws(HoopxError) -> ConnectionConfiguration.Kind {
        if let node { return try node.choice(of: ConnectionConfiguration.Kind.self) }
        if name == ConnectionConfiguration.claude.name { return ConnectionConfiguration.claude.kind }
        throw connection.error("expected the key type in \(connection.key): anthropic or http")
    }

    private func hosts(
        _ node: ConfigurationNode?, kind: ConnectionConfiguration.Kind, of connection: ConfigurationNode
    ) throws(HoopxError) -> [HostPattern] {
        guard let node else {
            if kind == .anthropic { return Anthropic.hosts }
            throw connection.error(
                "expected the key hosts in \(connection.key)", hint: "such as hosts: [api.example.com]")
        }
        var hosts: [HostPattern] = []
        for item in try node.items() {
            let text = try item.text()
            guard let pattern = HostPattern(text, defaultPort: 443) else {
                throw item.error(
                    "expected a host in \(item.key), not \(text)",
                    hint: "such as api.example.com, \"*.example.com\" or \"[2001:db8::1]:8443\"")
            }
            hosts.append(pattern)
        }
        guard !hosts.isEmpty else { throw node.error("expected at least one host in \(node.key)") }
        return hosts
    }

    private func upstream(_ node: ConfigurationNode?) throws(HoopxError) -> UpstreamURL? {
        guard let node else { return nil }
        let text = try node.text()
        guard let upstream = UpstreamURL(text) else {
            // The text can hold a password in front of the host, so it is not repeated.
            throw node.error(
                "expected an https URL of host, port and path for \(node.key)",
                hint:
                    "such as https://llm-gateway.example.com/claude; user names, queries and fragments do not belong into it"
            )
        }
        guard upstream.isTLS || upstream.destination.host.isThisMachine else {
            throw node.error(
                "expected an https URL for \(node.key)",
                hint: "the credential would pass the network in the clear: http is for loopback only")
        }
        return upstream
    }

    /// A base URL names no host, so the requests that come by it must have one to go to.
    private func requireOneHost(_ hosts: [HostPattern], at node: ConfigurationNode) throws(HoopxError) {
        if hosts.count == 1, case .exact = hosts[0].host { return }
        throw node.error(
            "expected exactly one host without * in connections.\(name), because its entry is base_url",
            hint: "or name the upstream")
    }

    private func baseURLVariable(
        _ node: ConfigurationNode?, kind: ConnectionConfiguration.Kind, entry: ConnectionEntry,
        of connection: ConfigurationNode
    ) throws(HoopxError) -> String? {
        switch (kind, entry, node) {
        case (.anthropic, _, nil): return Anthropic.baseURLVariable
        case (.http, .baseURL, let node?): return try node.variableName()
        case (.http, .baseURL, nil):
            throw connection.error(
                "expected the key base_url_variable in \(connection.key), because its entry is base_url",
                hint: "the environment variable that the client reads its base URL from")
        case (.http, .intercept, nil): return nil
        case (_, _, let node?):
            throw node.error("base_url_variable belongs to connections of type http whose entry is base_url")
        }
    }
}
