import HoopxCore

/// A session as a list shows it.
public struct SessionSummary: Hashable, Sendable {
    public let record: SessionRecord
    public let connectionCount: Int64
    public let requestCount: Int64
    /// How often something was denied.
    public let denialCount: Int64

    public init(record: SessionRecord, connectionCount: Int64, requestCount: Int64, denialCount: Int64) {
        self.record = record
        self.connectionCount = connectionCount
        self.requestCount = requestCount
        self.denialCount = denialCount
    }
}

/// A session with all that is recorded of it.
public struct SessionDetails: Sendable {
    public let summary: SessionSummary
    public let connections: [ConnectionRecord]
    public let requests: [RequestRecord]
    /// The earliest first.
    public let denials: [DenialRecord]
    /// In the order in which they were issued.
    public let leases: [LeaseRecord]
    /// In the order in which the model asked for them.
    public let toolUses: [ToolUseRecord]
    public let maskings: [MaskingRecord]
    /// nil where what the command wrote to its terminal is not recorded.
    public let terminal: TerminalRecord?
    /// In the order in which they were seen.
    public let executions: [ExecutionRecord]
    /// nil where executions were not recorded.
    public let executionCounts: ExecutionCounts?
}

/// Answers `hoopx sessions` from a store.
public struct SessionReader: Sendable {
    private let store: any AuditStore

    public init(_ store: any AuditStore) { self.store = store }

    /// The newest sessions to which all of a filter applies, newest first.
    public func list(
        matching filter: SessionFilter = SessionFilter(), limit: Int
    ) throws(HoopxError) -> [SessionSummary] { try store.sessions(matching: filter, limit: limit) }

    /// All that is recorded of the session that `find` finds.
    public func show(_ name: String) throws(HoopxError) -> SessionDetails {
        let summary = try find(name)
        let contents = try store.contents(of: summary.record.id)
        return SessionDetails(
            summary: summary, connections: contents.connections, requests: contents.requests, denials: contents.denials,
            leases: contents.leases, toolUses: contents.toolUses, maskings: contents.maskings,
            terminal: contents.terminal, executions: contents.executions, executionCounts: contents.executionCounts)
    }

    /// A session's events behind a sequence, in their order: what came since the last time that it was asked. There are none
    /// of a session that was recorded before there was a log.
    ///
    /// - Parameter sequence: of the last event that is known; 0 for all.
    public func events(
        of session: SessionID, after sequence: Int64 = 0, limit: Int = 10_000
    ) throws(HoopxError) -> [StoredEvent] { try store.events(of: session, after: sequence, limit: limit) }

    /// A body of a request, or nil where none is recorded.
    public func body(
        of request: Int64, _ direction: BodyDirection, in session: SessionID
    ) throws(HoopxError) -> StoredBody? {
        try store.body(BodyKey(request: request, direction: direction), of: session)
    }

    /// What the command wrote to its terminal, as it was recorded, or nil where it was not.
    public func terminal(of session: SessionID) throws(HoopxError) -> StoredBody? {
        try store.body(.terminal, of: session)
    }

    /// The session with this name, or the only one whose name, or the random part of whose name, begins so.
    ///
    /// - Throws: a usage error where there is none, or more than one.
    public func find(_ name: String) throws(HoopxError) -> SessionSummary {
        let candidates = try store.sessions(prefix: name.lowercased(), limit: Self.shownCandidates + 1)
        guard let summary = candidates.first else {
            throw HoopxError(
                .usage, doing: "looking up session \(name)", found: "no session has a name that begins so",
                hint: "hoopx sessions list shows the names")
        }
        guard candidates.count == 1 else {
            let names = candidates.prefix(Self.shownCandidates).map(\.record.id.description)
            let more = candidates.count > Self.shownCandidates ? ", ..." : ""
            throw HoopxError(
                .usage, doing: "looking up session \(name)", found: "more than one session has a name that begins so",
                hint: "choose one of " + names.joined(separator: ", ") + more)
        }
        return summary
    }

    /// How many names an error lists where a prefix is ambiguous.
    private static let shownCandidates = 5
}
