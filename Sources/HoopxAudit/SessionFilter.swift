import HoopxCore

/// Which sessions are looked for: those to which all of it applies.
public struct SessionFilter: Sendable, Hashable {
    /// Which way something of the session went.
    public enum Verdict: String, Sendable, CaseIterable {
        /// Something was denied.
        case denied
        /// A connection went through a configured connection, a tunnel, or past hoopx.
        case connection, tunnel, direct
    }

    /// A principal's name, subject or email, as a whole.
    public var principal: String?
    /// It began at this time or later.
    public var since: Timestamp?
    /// It began before this time.
    public var until: Timestamp?
    /// It has a connection through the configured connection of this name.
    public var connection: String?
    public var verdict: Verdict?
    /// Something of this entity was masked in it: `EMAIL_ADDRESS`.
    public var entity: String?

    public init(
        principal: String? = nil, since: Timestamp? = nil, until: Timestamp? = nil, connection: String? = nil,
        verdict: Verdict? = nil, entity: String? = nil
    ) {
        self.principal = principal
        self.since = since
        self.until = until
        self.connection = connection
        self.verdict = verdict
        self.entity = entity
    }
}
