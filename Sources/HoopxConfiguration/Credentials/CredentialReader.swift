import HoopxCore

/// Reads a connection's `credential`.
struct CredentialReader {
    let kind: ConnectionConfiguration.Kind
    let paths: FilePaths

    private enum Source: String, CaseIterable {
        case env, file, exec, vault, client
        case anthropicFederation = "anthropic_federation"
        case awsWebIdentity = "aws_web_identity"
        case googleFederation = "google_federation"

        /// The keys beside `source` and `placeholder`.
        var keys: [String] {
            switch self {
            case .env: ["variable", "header", "format"]
            case .file: ["path", "header", "format"]
            case .exec: ["command", "timeout", "header", "format"]
            case .vault:
                ["address", "auth_mount", "role", "path", "field", "namespace", "ca", "audience", "header", "format"]
            case .client: []
            case .anthropicFederation:
                [
                    "federation_rule_id", "organization_id", "service_account_id", "workspace_id", "token_url",
                    "audience",
                ]
            case .awsWebIdentity:
                ["role_arn", "region", "service", "session_name", "duration", "sts_endpoint", "audience"]
            case .googleFederation:
                ["audience", "service_account", "scopes", "token_url", "impersonation_url", "identity_audience"]
            }
        }
    }

    /// Every key that some source has, once.
    private static let known = Source.allCases.reduce(into: ["source", "placeholder"]) { known, source in
        known += source.keys.filter { !known.contains($0) }
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
        let fields = try node.fields(Self.known)
        guard let source = try fields["source"]?.choice(of: Source.self) else {
            let sources = Source.allCases.map(\.rawValue).joined(separator: ", ")
            throw node.error("expected the key source in \(node.key): one of \(sources)")
        }
        try refuseForeignKeys(of: source, fields)
        let keys = CredentialKeys(fields: fields, node: node, kind: kind, paths: paths)
        let placeholder = try fields["placeholder"]?.variableName()
        switch source {
        case .env: return try keys.environment(placeholder: placeholder)
        case .client: return try keys.client(placeholder: placeholder)
        default: break
        }
        let clientVariable = kind == .anthropic ? Anthropic.credentialVariables[0].name : nil
        // A client of AWS is told in variables of its own.
        let isAWS = source == .awsWebIdentity
        return CredentialConfiguration(
            source: try configured(source, keys), placeholder: placeholder ?? (isAWS ? nil : clientVariable))
    }

    private func configured(
        _ source: Source, _ keys: CredentialKeys
    ) throws(HoopxError) -> CredentialConfiguration.Source {
        switch source {
        case .file: .file(path: paths.absolute(try keys.required("path")), header: try keys.header())
        case .exec: try keys.command()
        case .vault: try keys.vault()
        case .anthropicFederation: try keys.anthropicFederation()
        case .awsWebIdentity: try keys.awsWebIdentity()
        case .googleFederation: try keys.googleFederation()
        case .env, .client: preconditionFailure("read before")
        }
    }

    private func refuseForeignKeys(
        of source: Source, _ fields: [String: ConfigurationNode]
    ) throws(HoopxError) {
        for (name, value) in fields.sorted(by: { $0.key < $1.key })
        where name != "source" && name != "placeholder" && !source.keys.contains(name) {
            let owners = Source.allCases.filter { $0.keys.contains(name) }.map(\.rawValue)
            throw value.error(
                "\(value.key) belongs to a credential whose source is \(owners.joined(separator: " or "))")
        }
    }
}
