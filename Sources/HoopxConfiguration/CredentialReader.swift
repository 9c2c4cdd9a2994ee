import HoopxCore

/// Reads a connection's `credential`.
struct CredentialReader {
    let kind: ConnectionConfiguration.Kind
    let paths: FilePaths

    private enum Source: String, CaseIterable {
        case env, file
    }

    /// - Parameter node: nil where the connection has no such key.
    func read(_ node: ConfigurationNode?) throws(HoopxError) -> CredentialConfiguration? {
        guard let node else {
            switch kind {
            case .anthropic: return ConnectionConfiguration.claude.credential
            case .http: return nil
            }
        }
        // The source first: it says which keys there are.
        let known = ["source", "variable", "path", "placeholder", "header", "format"]
        let fields = try node.fields(known)
        guard let source = try fields["source"]?.choice(of: Source.self) else {
            throw node.error("expected the key source in \(node.key): env or file")
        }
        switch source {
        case .env:
            return try environment(fields, of: node)
        case .file:
            return try file(fields, of: node)
        }
    }

    private func environment(
        _ fields: [String: ConfigurationNode], of node: ConfigurationNode
    ) throws(HoopxError) -> CredentialConfiguration {
        try refuse(fields["path"], "file")
        guard let variable = try fields["variable"]?.variableName() else {
            throw node.error(
                "expected the key variable in \(node.key)", hint: "the environment variable that hoopx reads")
        }
        let known = kind == .anthropic ? Anthropic.credentialVariables.first { $0.name == variable } : nil
        let header = try header(fields, default: known?.header ?? defaultHeader, of: node)
        let source = CredentialConfiguration.Source.environment([.init(name: variable, header: header)])
        // Clients of Claude's API know their own two variables only.
        let clientVariable = kind == .anthropic && known == nil ? Anthropic.credentialVariables[0].name : nil
        return CredentialConfiguration(
            source: source, placeholder: try fields["placeholder"]?.variableName() ?? clientVariable)
    }

    private func file(
        _ fields: [String: ConfigurationNode], of node: ConfigurationNode
    ) throws(HoopxError) -> CredentialConfiguration {
        try refuse(fields["variable"], "env")
        guard let path = try fields["path"]?.text() else { throw node.error("expected the key path in \(node.key)") }
        let header = try header(fields, default: defaultHeader, of: node)
        let clientVariable = kind == .anthropic ? Anthropic.credentialVariables[0].name : nil
        return CredentialConfiguration(
            source: .file(path: paths.absolute(path), header: header),
            placeholder: try fields["placeholder"]?.variableName() ?? clientVariable)
    }

    private var defaultHeader: CredentialHeader { kind == .anthropic ? .anthropicAPIKey : .bearer }

    private func header(
        _ fields: [String: ConfigurationNode], default defaultHeader: CredentialHeader, of node: ConfigurationNode
    ) throws(HoopxError) -> CredentialHeader {
        guard let nameNode = fields["header"] else {
            if let format = fields["format"] { throw format.error("format needs the key header beside it") }
            return defaultHeader
        }
        let name = try nameNode.text()
        guard CredentialHeader(name: name, format: "{token}") != nil else {
            throw nameNode.error("expected the name of an HTTP header for \(nameNode.key), not \(name)")
        }
        let isAuthorization = name.lowercased() == "authorization"
        let format = try fields["format"]?.text() ?? (isAuthorization ? CredentialHeader.bearer.format : "{token}")
        guard let header = CredentialHeader(name: name, format: format) else {
            throw (fields["format"] ?? nameNode).error(
                "expected a text with {token} in it, once, for \(node.key).format", hint: "such as \"Bearer {token}\"")
        }
        return header
    }

    private func refuse(_ node: ConfigurationNode?, _ source: String) throws(HoopxError) {
        if let node { throw node.error("\(node.key) belongs to a credential whose source is \(source)") }
    }
}
