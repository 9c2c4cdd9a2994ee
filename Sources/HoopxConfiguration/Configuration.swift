import HoopxCore

/// What a run is configured to do, with every default filled in.
public struct Configuration: Hashable, Sendable {
    /// In the order of the file; the built-in connection `claude` comes first where the file does not name it.
    public let connections: [ConnectionConfiguration]
    public let egress: EgressConfiguration
    public let filesystem: FilesystemConfiguration
    public let audit: AuditConfiguration
    public let masking: MaskingConfiguration
    public let identity: IdentityConfiguration
    public let session: SessionConfiguration
    /// The file that it was read from, or nil for the built-in configuration.
    public let path: String?

    public init(
        connections: [ConnectionConfiguration], egress: EgressConfiguration,
        filesystem: FilesystemConfiguration = FilesystemConfiguration(),
        audit: AuditConfiguration = AuditConfiguration(), masking: MaskingConfiguration = MaskingConfiguration(),
        identity: IdentityConfiguration = IdentityConfiguration(),
        session: SessionConfiguration = SessionConfiguration(), path: String? = nil
    ) {
        self.connections = connections
        self.egress = egress
        self.filesystem = filesystem
        self.audit = audit
        self.masking = masking
        self.identity = identity
        self.session = session
        self.path = path
    }

    /// What holds without a file: Claude's API is reached with the user's key, and nothing else is.
    public static let builtIn = Configuration(connections: [.claude], egress: EgressConfiguration())
}

/// For how long the command has access.
public struct SessionConfiguration: Hashable, Sendable {
    /// From the run's start; nil for as long as it runs.
    public let maximumDuration: Duration?
    /// From its last request; nil for however long it is silent.
    public let idleTimeout: Duration?

    public init(maximumDuration: Duration? = nil, idleTimeout: Duration? = nil) {
        self.maximumDuration = maximumDuration
        self.idleTimeout = idleTimeout
    }
}
