import HoopxCore

/// Reads the section `identity`.
struct IdentityReader {
    let paths: FilePaths

    private static let known = [
        "provider", "issuer", "client_id", "client_secret_file", "scopes", "audience", "groups_claim", "group_prefixes",
        "claims", "token_file", "token_variable", "cache", "ca",
    ]

    /// - Parameter node: nil where the file has no such section.
    func read(_ node: ConfigurationNode?) throws(HoopxError) -> IdentityConfiguration {
        guard let node, !node.isNull else { return IdentityConfiguration() }
        let fields = try node.fields(Self.known)
        let provider = try fields["provider"]?.choice(of: IdentityConfiguration.Provider.self) ?? .auto
        try requireFields(of: provider, fields, in: node)
        return IdentityConfiguration(
            provider: provider,
            issuer: try fields["issuer"]?.url(),
            clientID: try fields["client_id"]?.text(),
            clientSecretFile: try path(fields["client_secret_file"]),
            scopes: try scopes(fields["scopes"]),
            audience: try fields["audience"]?.text(),
            groupsClaim: try fields["groups_claim"]?.text() ?? "groups",
            groupPrefixes: try groupPrefixes(fields["group_prefixes"]),
            claims: try claims(fields["claims"]),
            tokenFile: try path(fields["token_file"]),
            tokenVariable: try fields["token_variable"]?.variableName(),
            cache: try fields["cache"]?.choice(of: IdentityConfiguration.Cache.self) ?? .sealedFile,
            ca: try path(fields["ca"]))
    }

    /// A login needs both, and one alone is a mistake whatever else is there.
    private func requireFields(
        of provider: IdentityConfiguration.Provider, _ fields: [String: ConfigurationNode], in node: ConfigurationNode
    ) throws(HoopxError) {
        var needed: [String] = []
        switch provider {
        case .oidc: needed = ["issuer", "client_id"]
        case .file: needed = ["issuer", "token_file"]
        case .env: needed = ["issuer", "token_variable"]
        case .auto, .github, .gitlab, .local: break
        }
        if fields["client_id"] != nil { needed.append("issuer") }
        if let missing = needed.first(where: { fields[$0] == nil }) {
            throw node.error(
                "expected the key \(missing) in identity",
                hint: missing == "issuer" ? "such as issuer: https://login.example.com" : nil)
        }
    }

    private func path(_ node: ConfigurationNode?) throws(HoopxError) -> String? {
        guard let node else { return nil }
        return paths.absolute(try node.text())
    }

    private func scopes(_ node: ConfigurationNode?) throws(HoopxError) -> [String] {
        guard let node else { return IdentityConfiguration.defaultScopes }
        let scopes = try node.texts()
        guard scopes.contains("openid") else {
            throw node.error("expected openid among \(node.key)", hint: "without it the issuer gives no ID token")
        }
        return scopes
    }

    private func groupPrefixes(
        _ node: ConfigurationNode?
    ) throws(HoopxError) -> [IdentityConfiguration.GroupPrefix] {
        guard let node, !node.isNull else { return [] }
        var prefixes: [IdentityConfiguration.GroupPrefix] = []
        for (prefix, value) in try node.entries(nil) {
            // An empty replacement takes the prefix off.
            prefixes.append(.init(prefix: prefix, replacement: value.isEmpty ? "" : try value.text()))
        }
        return prefixes
    }

    private func claims(_ node: ConfigurationNode?) throws(HoopxError) -> [String: String] {
        guard let node, !node.isNull else { return [:] }
        var claims: [String: String] = [:]
        for (name, value) in try node.entries(nil) { claims[name] = try value.text() }
        return claims
    }
}
