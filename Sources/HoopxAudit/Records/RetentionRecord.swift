import HoopxCore

/// Payloads that were deleted for their age. Their leaves' hashes stay in the log.
public struct RetentionRecord: Hashable, Sendable {
    /// What ended before is deleted.
    public let before: Timestamp
    public let sessions: [SessionID]
    public let eventCount: Int64
    public let bodyCount: Int64

    public init(before: Timestamp, sessions: [SessionID], eventCount: Int64, bodyCount: Int64) {
        self.before = before
        self.sessions = sessions
        self.eventCount = eventCount
        self.bodyCount = bodyCount
    }
}

/// Whether a session's payloads are kept whatever their age.
public struct LegalHoldRecord: Hashable, Sendable {
    public let session: SessionID
    public let isHeld: Bool
    /// As its author gave it.
    public let reason: String?

    public init(session: SessionID, isHeld: Bool, reason: String?) {
        self.session = session
        self.isHeld = isHeld
        self.reason = reason
    }
}
