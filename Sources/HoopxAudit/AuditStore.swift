import HoopxCore

/// Where sessions are recorded. Nothing above this room knows which kind of store it is.
///
/// Each writing call is one transaction, durable when it returns. Calls block: they do not belong on an event loop.
public protocol AuditStore: Sendable {
    /// Inserts a session that begins.
    func begin(_ session: SessionRecord) throws(HoopxError)

    /// Inserts records, and replaces those of the same number; a denial that is there already gets the new count.
    func write(_ batch: RecordBatch, of session: SessionID) throws(HoopxError)

    /// Writes the last records of a session and closes it, where it is open.
    ///
    /// - Parameter time: when it ended, or nil where nobody knows.
    func end(
        _ session: SessionID, _ ending: SessionEnding, at time: Timestamp?, writing batch: RecordBatch
    ) throws(HoopxError)

    /// The newest sessions, newest first.
    func sessions(limit: Int) throws(HoopxError) -> [SessionSummary]

    /// The sessions whose name, or the random part of whose name, begins so, newest first.
    func sessions(prefix: String, limit: Int) throws(HoopxError) -> [SessionSummary]

    /// The sessions that nobody has closed.
    func openSessions() throws(HoopxError) -> [SessionRecord]

    /// A session's connections, requests, executions and leases in the order of their numbers, and its denials, the earliest
    /// first.
    func contents(of session: SessionID) throws(HoopxError) -> RecordBatch
}

extension AuditStore {
    /// Closes the sessions whose hoopx is gone, as `interrupted`.
    ///
    /// - Returns: their names, so that what they left behind can be swept.
    public func closeInterruptedSessions() throws(HoopxError) -> [SessionID] {
        var closed: [SessionID] = []
        for session in try openSessions() where session.supervisor.isAlive == false {
            try end(session.id, .interrupted, at: nil, writing: RecordBatch())
            closed.append(session.id)
        }
        return closed
    }
}

/// Records of one session that are written together.
public struct RecordBatch: Sendable, Equatable {
    public var connections: [ConnectionRecord] = []
    public var requests: [RequestRecord] = []
    /// With the counts of the whole session, not of the batch.
    public var denials: [DenialRecord] = []
    public var executions: [ExecutionRecord] = []
    public var leases: [LeaseRecord] = []
    /// Of the whole session, not of the batch; nil where they are not counted, or have not changed.
    public var executionCounts: ExecutionCounts?
    public var facts = SessionFacts()

    public init() {}

    public var isEmpty: Bool {
        connections.isEmpty && requests.isEmpty && denials.isEmpty && executions.isEmpty && leases.isEmpty
            && executionCounts == nil && facts.isEmpty
    }
}

/// What becomes known of a session only after it has begun.
public struct SessionFacts: Sendable, Equatable {
    /// How datagrams are kept in, as the sandbox names its tier.
    public var datagramTier: String?
    /// SHA-256 of the program's file in lower-case hexadecimal.
    public var programDigest: String?

    public init() {}

    public var isEmpty: Bool { self == SessionFacts() }

    /// Adds what another says that this one does not.
    mutating func complete(from older: SessionFacts) {
        datagramTier = datagramTier ?? older.datagramTier
        programDigest = programDigest ?? older.programDigest
    }
}
