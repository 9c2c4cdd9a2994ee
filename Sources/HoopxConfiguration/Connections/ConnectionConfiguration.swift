import HoopxCore

/// A named upstream.
public struct ConnectionConfiguration: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The Claude API, or a gateway that speaks it.
        case anthropic
        /// Any other API over HTTP.
        case http
    }

    public let name: String
    public let kind: Kind
    /// The destinations that the target knows it by; at least one.
    public let hosts: [HostPattern]
    public let entry: ConnectionEntry
    /// Where requests are sent instead of the host itself.
    public let upstream: UpstreamURL?
    /// A PEM file of roots that the upstream may be verified with, beside the system's; absolute.
    public let upstreamCA: String?
    /// The variable that clients read the base URL from; always there where the entry is the base URL.
    public let baseURLVariable: String?
    /// nil for an upstream that takes none.
    public let credential: CredentialConfiguration?

    public init(
        name: String, kind: Kind, hosts: [HostPattern], entry: ConnectionEntry = .intercept,
        upstream: UpstreamURL? = nil, upstreamCA: String? = nil, baseURLVariable: String? = nil,
        credential: CredentialConfiguration?
    ) {
        self.name = name
        self.kind = kind
        self.hosts = hosts
        self.entry = entry
        self.upstream = upstream
        self.upstreamCA = upstreamCA
        self.baseURLVariable = baseURLVariable
        self.credential = credential
    }

    /// The file that its credential is read from, or nil.
    public var credentialFile: String? {
        guard case .file(let path, _) = credential?.source else { return nil }
        return path
    }

    /// The program that prints its credential, or nil: absolute, or a word to be looked up in PATH.
    public var credentialProgram: String? {
        guard case .command(let words, _, _) = credential?.source else { return nil }
        return words.first
    }

    /// What the target's client is told beside its credential, where the environment does not say it already.
    public var clientSettings: [String: String] {
        guard case .awsWebIdentity(let role) = credential?.source else { return [:] }
        return AWSVariables.settings(region: role.region)
    }

    /// Whether the target's own OAuth token passes.
    public var passesClientToken: Bool { credential?.source == .client }

    /// The variables of hoopx's own environment that can hold the connection's real credential: the target gets none of
    /// them as they are.
    public var secretVariables: [String] {
        var names = kind == .anthropic ? Anthropic.secretVariables : []
        switch credential?.source {
        case .environment(let variables): names += variables.map(\.name).filter { !names.contains($0) }
        case .awsWebIdentity: names += AWSVariables.secret
        case .vault: names.append("VAULT_TOKEN")
        case .client: names.removeAll { $0 == Anthropic.oauthVariable }
        default: break
        }
        return names
    }
}
