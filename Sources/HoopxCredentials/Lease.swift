import HoopxCore

/// A credential for a while: what it is, and until when.
public struct Lease: Sendable {
    public enum Material: Sendable {
        case token(Secret)
        case aws(AWSCredentials)
    }

    /// What the record calls it: random, and worth nothing to anybody.
    public let id: String
    public let material: Material
    /// From when on it is worth nothing; nil where it never expires.
    public let expiresAt: ContinuousClock.Instant?
    /// From when on the holder asks its source again while this one still serves; nil for never.
    public let refreshAt: ContinuousClock.Instant?

    public init(
        _ material: Material, id: String = Lease.newID(), expiresAt: ContinuousClock.Instant? = nil,
        refreshAt: ContinuousClock.Instant? = nil
    ) {
        self.id = id
        self.material = material
        self.expiresAt = expiresAt
        self.refreshAt = refreshAt
    }

    public init(
        token: Secret, expiresAt: ContinuousClock.Instant? = nil, refreshAt: ContinuousClock.Instant? = nil
    ) {
        self.init(.token(token), expiresAt: expiresAt, refreshAt: refreshAt)
    }

    /// 64 random bits in hexadecimal.
    public static func newID() -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return "lease-" + String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    public func isValid(at now: ContinuousClock.Instant) -> Bool { expiresAt.map { now < $0 } ?? true }

    func isDueForRefresh(at now: ContinuousClock.Instant) -> Bool { refreshAt.map { now >= $0 } ?? false }
}

/// Temporary security credentials of AWS (STS).
public struct AWSCredentials: Sendable {
    /// Public by itself.
    public let accessKeyID: String
    public let secretKey: Secret
    public let sessionToken: Secret

    public init(accessKeyID: String, secretKey: Secret, sessionToken: Secret) {
        self.accessKeyID = accessKeyID
        self.secretKey = secretKey
        self.sessionToken = sessionToken
    }
}
