import HoopxCore
import HoopxCredentials

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
    /// nil for a connection that sends no credential.
    public let credential: LeaseHolder?
    public let entry: ConnectionEntry
    /// The host that the base URL stands for where there is no `upstream`.
    public let primaryHost: Destination

    public init(
        name: String, dialect: Dialect, upstream: UpstreamURL?, upstreamCA: String?, credential: LeaseHolder?,
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
        if case .signature = credential?.injection { true } else { false }
    }

    /// Where a request for a host of the connection goes.
    func upstream(for host: Destination) -> UpstreamURL { upstream ?? UpstreamURL(isTLS: true, destination: host) }
}
