import HoopxCore
import HoopxCredentials

/// Whose credential a connection's requests carry.
public enum ConnectionCredential: Sendable {
    /// None: the connection needs none.
    case none
    /// hoopx's own, in the placeholder's place.
    case held(LeaseHolder)
    /// The client's own OAuth token, which passes.
    case client

    /// How requests carry it; nil where they carry none.
    public var injection: CredentialInjection? {
        switch self {
        case .none: nil
        case .held(let holder): holder.injection
        case .client: .client
        }
    }
}

/// A connection of the configuration, as the proxy needs it: where its requests go and with which credential.
public struct NamedConnection: Sendable {
    /// The shape in which its clients understand an error.
    public enum Dialect: Sendable {
        case anthropic, aws, plain
    }

    public let name: String
    public let dialect: Dialect
    /// Where its requests are sent; nil for the host that was asked for, over TLS.
    public let upstream: UpstreamURL?
    /// A PEM file: the only authorities that may vouch for the upstream. nil for those of the system.
    public let upstreamCA: String?
    public let credential: ConnectionCredential
    public let entry: ConnectionEntry
    /// The host that the base URL stands for where there is no `upstream`.
    public let primaryHost: Destination

    public init(
        name: String, dialect: Dialect, upstream: UpstreamURL?, upstreamCA: String?, credential: ConnectionCredential,
        entry: ConnectionEntry, primaryHost: Destination
    ) {
        self.name = name
        self.dialect = dialect
        self.upstream = upstream
        self.upstreamCA = upstreamCA
        self.credential = credential
        self.entry = entry
        self.primaryHost = primaryHost
    }

    /// Whether its credential is a signature over each request.
    var isSigned: Bool {
        if case .signature = credential.injection { true } else { false }
    }

    /// Where a request for a host of the connection goes.
    func upstream(for host: Destination) -> UpstreamURL { upstream ?? UpstreamURL(isTLS: true, destination: host) }
}
