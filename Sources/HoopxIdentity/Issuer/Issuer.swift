import HoopxCore
import HoopxOutbound

/// An identity provider, as far as hoopx must know it: its metadata and its keys.
public final class Issuer: Sendable {
    /// As configured, and as tokens must name it (`iss`).
    public let url: String
    /// A PEM file with the only authorities that may vouch for it; nil for those of the system.
    public let caPath: String?
    let client: ControlClient
    let now: @Sendable () -> Timestamp
    let deadline: Duration

    /// Nothing is fetched yet.
    ///
    /// - Parameters:
    ///   - url: https, or http on this machine; without query and fragment.
    ///   - snapshot: what `snapshot()` gave an earlier run. One that is corrupt, too old, or another issuer's is ignored.
    ///   - deadline: for each document that is fetched.
    /// - Throws: a usage error where the URL is none of these.
    public init(
        _ url: String, caPath: String?, client: ControlClient, snapshot: [UInt8]? = nil,
        now: @escaping @Sendable () -> Timestamp = Timestamp.now, deadline: Duration = .seconds(10)
    ) throws(HoopxError) {
        self.url = url
        self.caPath = caPath
        self.client = client
        self.now = now
        self.deadline = deadline
    }

    /// The metadata, fetched at the first call and kept. Callers at one time share one fetch.
    public func metadata() async throws(HoopxError) -> IssuerMetadata {
        throw HoopxError(.startup, doing: "read the discovery document of \(url)", found: "not built yet")
    }

    /// Metadata and keys for a later run's `init`, in JSON; nil while there are none.
    ///
    /// Whoever can change it chooses the keys that tokens are verified with: keep it where only hoopx can write.
    public func snapshot() -> [UInt8]? { nil }
}
