import HoopxCore

/// Where sessions are recorded. Nothing above this room knows which kind of store it is.
///
/// Each writing call is one transaction, durable when it returns: all of it, or nothing. Calls block: they do not belong on
/// an event loop.
public protocol AuditStore: Sendable {
    /// Writes the first events of a session.
    ///
    /// - Throws: also where there is one of this name.
    func begin(_ batch: EventBatch) throws(HoopxError)

    /// Writes events and bodies. Events that are there already are left as they are, so that a batch can be written again
    /// of which nobody knows whether it was.
    func write(_ batch: EventBatch) throws(HoopxError)

    /// Closes a session whose hoopx is gone, where it is open.
    func closeInterrupted(_ session: SessionRecord) throws(HoopxError)

    /// The newest sessions to which all of the filter applies, newest first.
    func sessions(matching filter: SessionFilter, limit: Int) throws(HoopxError) -> [SessionSummary]

    /// The sessions whose name, or the random part of whose name, begins so, newest first.
    func sessions(prefix: String, limit: Int) throws(HoopxError) -> [SessionSummary]

    /// The sessions that nobody has closed.
    func openSessions() throws(HoopxError) -> [SessionRecord]

    /// A session's records, in the order of their numbers, and its denials, the earliest first.
    func contents(of session: SessionID) throws(HoopxError) -> RecordBatch

    /// A session's events behind a sequence, in their order. There are none of a session that was recorded before there was
    /// a log.
    ///
    /// - Parameter sequence: 0 for all.
    func events(
        of session: SessionID, after sequence: Int64, limit: Int
    ) throws(HoopxError) -> [StoredEvent]

    /// A body, or nil where none is recorded.
    func body(_ key: BodyKey, of session: SessionID) throws(HoopxError) -> StoredBody?
}

extension AuditStore {
    /// The newest sessions, newest first.
    public func sessions(limit: Int) throws(HoopxError) -> [SessionSummary] {
        try sessions(matching: SessionFilter(), limit: limit)
    }

    /// Closes the sessions whose hoopx is gone, as `interrupted`.
    ///
    /// - Returns: their names, so that what they left behind can be swept.
    public func closeInterruptedSessions() throws(HoopxError) -> [SessionID] {
        var closed: [SessionID] = []
        for session in try openSessions() where session.supervisor.isAlive == false {
            try closeInterrupted(session)
            closed.append(session.id)
        }
        return closed
    }
}

/// An event as it stands in the log.
public struct StoredEvent: Sendable, Hashable {
    /// Its position in the log, from 0.
    public let leaf: Int64
    public let session: SessionID
    /// Within the session: 1, 2, ...
    public let sequence: Int64
    /// As `EventKind` names it, or a later hoopx.
    public let kind: String
    public let time: Timestamp
    /// Canonical JSON (RFC 8785); nil where retention has deleted it.
    public let payload: [UInt8]?
    /// SHA-256(0x00 || payload), 32 bytes.
    public let leafHash: [UInt8]
}

/// A body as it is stored.
public struct StoredBody: Sendable, Hashable {
    public let bytes: [UInt8]
    /// What the events say of it.
    public let recorded: RecordedBody
    public let timings: BodyTimings
}
