import HoopxCore

/// What may leave beside the connections. Everything else is denied.
public struct EgressConfiguration: Hashable, Sendable {
    /// Destinations that are passed on byte by byte.
    public let tunnel: [HostPattern]
    /// Ports of this machine's loopback addresses that are connected to directly, whoever listens there.
    public let loopback: Set<UInt16>
    /// Ports that others may reach the target's servers at; all other servers are bound to loopback.
    public let listen: Set<UInt16>
    /// Socket files of servers outside that may be connected to; absolute.
    public let unix: [String]

    public init(
        tunnel: [HostPattern] = [], loopback: Set<UInt16> = [], listen: Set<UInt16> = [], unix: [String] = []
    ) {
        self.tunnel = tunnel
        self.loopback = loopback
        self.listen = listen
        self.unix = unix
    }
}
