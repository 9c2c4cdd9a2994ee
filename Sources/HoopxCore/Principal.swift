/// Who a session acts for.
public struct Principal: Hashable, Sendable {
    public enum Kind: String, Sendable {
        /// The Unix user that started hoopx; nobody vouches for the name.
        case localUser = "local_user"
    }

    public let kind: Kind
    /// The name that people know the principal by: for a local user the login name.
    public let name: String
    /// The stable identifier: for a local user the numeric uid.
    public let subject: String
    /// Whether an identity provider's signature stands behind it.
    public let isVerified: Bool

    public init(kind: Kind, name: String, subject: String, isVerified: Bool) {
        self.kind = kind
        self.name = name
        self.subject = subject
        self.isVerified = isVerified
    }

    public static func localUser(name: String, uid: UInt32) -> Principal {
        Principal(kind: .localUser, name: name, subject: String(uid), isVerified: false)
    }
}
