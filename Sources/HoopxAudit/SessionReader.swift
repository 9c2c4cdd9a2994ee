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
    /// In the order in which they were seen.
    public let executions: [ExecutionRecord]
    /// nil where executions were not recorded.
    public let executionCounts: ExecutionCounts?
}

/// Answers `hoopx sessions` from a store.
public struct SessionReader: Sendable {
    private let store: any AuditStore

    public init(_ store: any AuditStore) { self.store = store }

    /// The newest sessions, newest first.
    public func list(limit: Int) throws(HoopxError) -> [SessionSummary] { try store.sessions(limit: limit) }

    /// The session with this name, or the only one whose name, or the random part of whose name, begins so.
    ///
    /// - Throws: a usage error where there is none, or more than one.
    public func show(_ name: String) throws(HoopxError) -> SessionDetails {
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
        let contents = try store.contents(of: summary.record.id)
        return SessionDetails(
            summary: summary, connections: contents.connections, requests: contents.requests, denials: contents.denials,
            leases: contents.leases, executions: contents.executions, executionCounts: contents.executionCounts)
    }

    /// How many names an error lists where a prefix is ambiguous.
    private static let shownCandidates = 5
}
