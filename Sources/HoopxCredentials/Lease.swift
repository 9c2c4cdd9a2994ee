import HoopxCore

/// A credential for a while: the token, how requests carry it, and until when.
public struct Lease: Sendable {
    public let token: Secret
    public let header: CredentialHeader
    /// From when on it is worth nothing; nil where it never expires.
    public let expiresAt: ContinuousClock.Instant?
    /// From when on the holder asks its source again while this one still serves; nil for never.
    public let refreshAt: ContinuousClock.Instant?

    public init(
        token: Secret, header: CredentialHeader, expiresAt: ContinuousClock.Instant? = nil,
        refreshAt: ContinuousClock.Instant? = nil
    ) {
        self.token = token
        self.header = header
        self.expiresAt = expiresAt
        self.refreshAt = refreshAt
    }

    public func isValid(at now: ContinuousClock.Instant) -> Bool { expiresAt.map { now < $0 } ?? true }

    func isDueForRefresh(at now: ContinuousClock.Instant) -> Bool { refreshAt.map { now >= $0 } ?? false }
}
