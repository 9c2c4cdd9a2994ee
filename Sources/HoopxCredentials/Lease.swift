import HoopxCore

/// A credential for a while: what it is, and until when. Its textual forms hold the id and no credential.
public struct Lease: Sendable {
    public enum Material: Sendable {
        case token(Secret)
        case aws(AWSCredentials)
    }

    /// What the record calls it: random, and worth nothing to anybody.
    public let id: String
    public let material: Material
    /// From when on it is not used any more; nil where it never expires.
    public let expiresAt: ContinuousClock.Instant?
    /// From when on the holder asks its source again while this one still serves; nil for never.
    public let refreshAt: ContinuousClock.Instant?
    /// Whether `expiresAt` is only how long hoopx goes without asking again, and nobody said when the credential ends.
    public let isOwnLimit: Bool

    public init(
        _ material: Material, id: String = Lease.newID(), expiresAt: ContinuousClock.Instant? = nil,
        refreshAt: ContinuousClock.Instant? = nil, isOwnLimit: Bool = false
    ) {
        self.id = id
        self.material = material
        self.expiresAt = expiresAt
        self.refreshAt = refreshAt
        self.isOwnLimit = isOwnLimit
    }

    public init(
        token: Secret, expiresAt: ContinuousClock.Instant? = nil, refreshAt: ContinuousClock.Instant? = nil
    ) {
        self.init(.token(token), expiresAt: expiresAt, refreshAt: refreshAt)
    }

    /// The same credential with other times, still the same lease.
    public func prolonged(expiresAt: ContinuousClock.Instant?, refreshAt: ContinuousClock.Instant?) -> Lease {
        Lease(material, id: id, expiresAt: expiresAt, refreshAt: refreshAt, isOwnLimit: isOwnLimit)
    }

    /// 64 random bits in hexadecimal.
    public static func newID() -> String { "lease-" + Hexadecimal.text(of: UInt64.random(in: .min ... .max)) }

    public func isValid(at now: ContinuousClock.Instant) -> Bool { expiresAt.map { now < $0 } ?? true }

    func isDueForRefresh(at now: ContinuousClock.Instant) -> Bool { refreshAt.map { now >= $0 } ?? false }

    /// When it ends by the system's clock, as far as anybody said so.
    var expiry: Timestamp? {
        guard !isOwnLimit, let expiresAt else { return nil }
        let (seconds, attoseconds) = (expiresAt - .now).components
        return Timestamp(
            microseconds: Timestamp.now().microseconds + seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    }
}

extension Lease: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { id }
    public var debugDescription: String { id }
    public var customMirror: Mirror { Mirror(self, children: ["id": id]) }
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
