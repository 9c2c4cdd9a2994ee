import HoopxCore

/// The keys of a `credential`, as each source reads them.
struct CredentialKeys {
    let fields: [String: ConfigurationNode]
    let node: ConfigurationNode
    let kind: ConnectionConfiguration.Kind
    let paths: FilePaths

    func required(_ name: String, hint: String? = nil) throws(HoopxError) -> String {
        guard let field = fields[name] else {
            throw node.error("expected the key \(name) in \(node.key)", hint: hint)
        }
        return try field.text()
    }

    func optional(_ name: String) throws(HoopxError) -> String? { try fields[name]?.text() }

    // MARK: Sources

    func environment(placeholder: String?) throws(HoopxError) -> CredentialConfiguration {
        guard let variable = try fields["variable"]?.variableName() else {
            throw node.error(
                "expected the key variable in \(node.key)", hint: "the environment variable that hoopx reads")
        }
        let known = kind == .anthropic ? Anthropic.credentialVariables.first { $0.name == variable } : nil
        let header = try header(default: known?.header)
        // Clients of Claude's API know their own two variables only.
        let clientVariable = kind == .anthropic && known == nil ? Anthropic.credentialVariables[0].name : nil
        return CredentialConfiguration(
            source: .environment([.init(name: variable, header: header)]), placeholder: placeholder ?? clientVariable)
    }

    func client(placeholder: String?) throws(HoopxError) -> CredentialConfiguration {
        guard kind == .anthropic else {
            throw node.error("the source client is for connections of type anthropic")
        }
        guard placeholder == nil else {
            throw node.error("the source client has no placeholder", hint: "the client sends a token of its own")
        }
        return CredentialConfiguration(source: .client)
    }

    func command() throws(HoopxError) -> CredentialConfiguration.Source {
        guard let command = fields["command"] else {
            throw node.error("expected the key command in \(node.key)", hint: "such as command: [print-token, --json]")
        }
        var words = try command.texts()
        guard let program = words.first else { throw command.error("expected at least one word in \(command.key)") }
        // Not from the directory that hoopx happens to be started in. A bare word is looked up in PATH.
        if program.contains("/") { words[0] = paths.absolute(program) }
        return .command(words, timeout: try fields["timeout"]?.duration() ?? .seconds(10), header: try header())
    }

    func anthropicFederation() throws(HoopxError) -> CredentialConfiguration.Source {
        .anthropicFederation(
            AnthropicFederationConfiguration(
                federationRuleID: try optional("federation_rule_id"), organizationID: try optional("organization_id"),
                serviceAccountID: try optional("service_account_id"), workspaceID: try optional("workspace_id"),
                tokenURL: try fields["token_url"]?.url(), audience: try optional("audience")))
    }

    func googleFederation() throws(HoopxError) -> CredentialConfiguration.Source {
        .googleFederation(
            GoogleFederationConfiguration(
                audience: try required("audience", hint: "the provider: //iam.googleapis.com/projects/..."),
                serviceAccount: try optional("service_account"),
                scopes: try fields["scopes"]?.texts() ?? ["https://www.googleapis.com/auth/cloud-platform"],
                tokenURL: try fields["token_url"]?.url(), impersonationURL: try fields["impersonation_url"]?.url(),
                identityAudience: try optional("identity_audience")))
    }

    func vault() throws(HoopxError) -> CredentialConfiguration.Source {
        guard let address = fields["address"] else {
            throw node.error("expected the key address in \(node.key)", hint: "such as https://vault.example.com:8200")
        }
        let vault = VaultConfiguration(
            address: try address.url(), authMount: try optional("auth_mount") ?? "jwt", role: try required("role"),
            path: try required("path", hint: "such as secret/data/claude"), field: try optional("field") ?? "token",
            namespace: try optional("namespace"), ca: try optional("ca").map(paths.absolute),
            audience: try optional("audience"))
        return .vault(vault, header: try header())
    }

    func awsWebIdentity() throws(HoopxError) -> CredentialConfiguration.Source {
        .awsWebIdentity(
            AWSWebIdentityConfiguration(
                roleARN: try required("role_arn", hint: "such as arn:aws:iam::123456789012:role/agent"),
                region: try required("region", hint: "such as us-east-1"),
                service: try optional("service") ?? "bedrock", sessionName: try optional("session_name"),
                duration: try fields["duration"]?.duration() ?? .seconds(3_600),
                stsEndpoint: try fields["sts_endpoint"]?.url(), audience: try optional("audience")))
    }

    // MARK: The header

    func header(default preferred: CredentialHeader? = nil) throws(HoopxError) -> CredentialHeader {
        guard let nameNode = fields["header"] else {
            if let format = fields["format"] { throw format.error("format needs the key header beside it") }
            return preferred ?? (kind == .anthropic ? .anthropicAPIKey : .bearer)
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
}
