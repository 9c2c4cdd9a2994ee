import HoopxCore

/// What a run is configured to do, with every default filled in.
public struct Configuration: Hashable, Sendable {
    /// In the order of the file; the built-in connection `claude` comes first where the file does not name it.
    public let connections: [ConnectionConfiguration]
    public let egress: EgressConfiguration
    public let filesystem: FilesystemConfiguration
    public let audit: AuditConfiguration
    /// The file that it was read from, or nil for the built-in configuration.
    public let path: String?

    public init(
        connections: [ConnectionConfiguration], egress: EgressConfiguration,
        filesystem: FilesystemConfiguration = FilesystemConfiguration(),
        audit: AuditConfiguration = AuditConfiguration(), path: String? = nil
    ) {
        self.connections = connections
        self.egress = egress
        self.filesystem = filesystem
        self.audit = audit
        self.path = path
    }

    /// What holds without a file: Claude's API is reached with the user's key, and nothing else is.
    public static let builtIn = Configuration(connections: [.claude], egress: EgressConfiguration())
}

/// What is recorded beside connections, requests and denials, which always are.
public struct AuditConfiguration: Hashable, Sendable {
    /// Which programs the target executes.
    public let recordsExecutions: Bool

    public init(recordsExecutions: Bool = true) { self.recordsExecutions = recordsExecutions }
}

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

    /// The variables of hoopx's own environment that can hold the connection's real credential: the target gets none of
    /// them as they are.
    public var secretVariables: [String] {
        var names = kind == .anthropic ? Anthropic.credentialVariables.map(\.name) : []
        if case .environment(let variables) = credential?.source {
            names += variables.map(\.name).filter { !names.contains($0) }
        }
        return names
    }
}

/// Where a connection's real credential comes from, and where the target finds the placeholder for it.
public struct CredentialConfiguration: Hashable, Sendable {
    public enum Source: Hashable, Sendable {
        /// hoopx's own environment: the first of these variables that is set; at least one.
        case environment([CredentialVariable])
        /// A file that only its owner can read; absolute.
        case file(path: String, header: CredentialHeader)
    }

    public let source: Source
    /// The variable that the target's client reads, where that is not the one that hoopx reads.
    private let placeholder: String?

    public init(source: Source, placeholder: String? = nil) {
        self.source = source
        self.placeholder = placeholder
    }

    /// The variable that the target gets the placeholder in, or nil where its client is told in another way.
    ///
    /// - Parameter environment: hoopx's own.
    public func placeholderVariable(in environment: [String: String]) -> String? {
        if let placeholder { return placeholder }
        guard case .environment(let variables) = source else { return nil }
        let isSet: (CredentialVariable) -> Bool = { !(environment[$0.name] ?? "").isEmpty }
        return (variables.first(where: isSet) ?? variables.first)?.name
    }
}
