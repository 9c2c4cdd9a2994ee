import HoopxCore

/// What clients of the Claude API agree on.
enum Anthropic {
    static let host = "api.anthropic.com"
    static let baseURLVariable = "ANTHROPIC_BASE_URL"

    /// An API key comes before a token, as the clients themselves have it.
    static let credentialVariables = [
        CredentialVariable(name: "ANTHROPIC_API_KEY", header: .anthropicAPIKey),
        CredentialVariable(name: "ANTHROPIC_AUTH_TOKEN", header: .bearer),
    ]

    /// What a login with a Claude subscription leaves: the clients' own, never hoopx's.
    static let oauthVariable = "CLAUDE_CODE_OAUTH_TOKEN"

    /// With these a client would exchange an ID token itself.
    static let identityVariables = ["ANTHROPIC_IDENTITY_TOKEN", "ANTHROPIC_IDENTITY_TOKEN_FILE"]

    static var secretVariables: [String] { credentialVariables.map(\.name) + [oauthVariable] + identityVariables }

    static var hosts: [HostPattern] { HostPattern(host, defaultPort: 443).map { [$0] } ?? [] }
}

extension ConnectionConfiguration {
    /// The connection that is there without configuration.
    public static let claude = ConnectionConfiguration(
        name: "claude", kind: .anthropic, hosts: Anthropic.hosts, baseURLVariable: Anthropic.baseURLVariable,
        credential: CredentialConfiguration(source: .environment(Anthropic.credentialVariables)))
}
