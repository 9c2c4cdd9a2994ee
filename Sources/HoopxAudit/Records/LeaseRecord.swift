import HoopxCore

/// A credential that hoopx held for a while. Record it when it is issued, and again, under its number, when it is renewed
/// and when it ends. The credential itself stands nowhere in it.
public struct LeaseRecord: Hashable, Sendable {
    /// Why a lease is not used any more.
    public enum Ending: String, Sendable {
        /// Another took its place.
        case replaced
        /// Its time was over.
        case expired
        /// It was given back to its source.
        case revoked
        /// It was to be given back and the source did not take it: it is worth something until it expires.
        case revocationFailed = "revocation_failed"
    }

    /// From `Recorder.nextLeaseNumber()`: 1 for the session's first.
    public let number: Int64
    /// Random, and worth nothing to anybody; requests name it.
    public let id: String
    public let connectionName: String
    /// Where it came from, as messages name it: "the file /home/ada/token".
    public let source: String
    public let issuedAt: Timestamp
    /// nil where it never expires.
    public var expiresAt: Timestamp?
    /// How often its source prolonged it.
    public var renewalCount: Int64
    /// nil while it is in use.
    public var endedAt: Timestamp?
    /// nil while it is in use, and where it was never ended: a credential of the environment outlives the session.
    public var ending: Ending?

    public init(
        number: Int64, id: String, connectionName: String, source: String, issuedAt: Timestamp,
        expiresAt: Timestamp? = nil, renewalCount: Int64 = 0, endedAt: Timestamp? = nil, ending: Ending? = nil
    ) {
        self.number = number
        self.id = id
        self.connectionName = connectionName
        self.source = source
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.renewalCount = renewalCount
        self.endedAt = endedAt
        self.ending = ending
    }
}
