import HoopxCore

/// What became of a lease, for the record: its id and its times, never what it is worth.
public struct LeaseEvent: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// The first of its connection, or the first after one that had expired.
        case issued
        /// The same lease, for longer.
        case renewed
        /// It takes the place of this lease, which its source is asked to revoke a little later.
        case replaced(id: String)
        /// Its source says that it is worth nothing any more.
        case revoked
        /// The source gave none, or could not revoke this one: why, without any part of a credential. The same failure
        /// several times in a row is told once.
        case failed(HoopxError)
    }

    public let kind: Kind
    /// As `CredentialSource.name`.
    public let source: String
    /// Which lease; for a failure to get one, the lease that still serves, or nil where none does.
    public let lease: String?
    /// When the lease ends; nil where that is unknown, or it has no end.
    public let expiresAt: Timestamp?

    init(_ kind: Kind, source: String, lease: Lease?) {
        self.kind = kind
        self.source = source
        self.lease = lease?.id
        expiresAt = lease?.expiry
    }
}
