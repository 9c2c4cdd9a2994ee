import HoopxCore

/// Records that wait to be written. A record that comes again under its number replaces the one that waits, so a
/// request that is over within the grouping interval is written once.
struct PendingRecords {
    /// More waiting connections, requests and leases than this (some 20 MB) mean that the store cannot keep up.
    static let capacity = 32_768

    static let overflow = HoopxError(
        .startup, doing: "recording the session", found: "the audit store does not keep up, records were lost",
        hint: "look for a slow or full disk under the audit database")

    var facts = SessionFacts()
    private(set) var hasLostRecords = false
    private var connections: [Int64: ConnectionRecord] = [:]
    private var requests: [Int64: RequestRecord] = [:]
    private var denials: [Denial: DenialRecord] = [:]
    private var leases: [Int64: LeaseRecord] = [:]
    private var executions: [@Sendable () -> ExecutionRecord] = []
    private var executionCounts: ExecutionCounts?

    /// More waiting executions than this are not recorded: they are worth less than the rest, which must not fail for
    /// them.
    static let executionCapacity = 4_096

    /// - Returns: false where there was no room for it.
    mutating func add(_ connection: ConnectionRecord) -> Bool {
        guard hasRoom || connections[connection.number] != nil else { return lose() }
        connections[connection.number] = connection
        return true
    }

    /// - Returns: false where there was no room for it.
    mutating func add(_ request: RequestRecord) -> Bool {
        guard hasRoom || requests[request.number] != nil else { return lose() }
        requests[request.number] = request
        return true
    }

    /// - Returns: false where there was no room for it.
    mutating func add(_ lease: LeaseRecord) -> Bool {
        guard hasRoom || leases[lease.number] != nil else { return lose() }
        leases[lease.number] = lease
        return true
    }

    /// `DenialCounts` bounds how many different ones there are.
    mutating func add(_ denial: DenialRecord) { denials[denial.denial] = denial }

    /// Whether an execution can wait to be written.
    var hasRoomForExecution: Bool { executions.count < Self.executionCapacity }

    /// - Parameters:
    ///   - execution: makes the record; nil where it is only counted.
    ///   - counts: of the whole session, with it.
    mutating func add(_ execution: (@Sendable () -> ExecutionRecord)?, counts: ExecutionCounts) {
        if let execution { executions.append(execution) }
        executionCounts = counts
    }

    /// Empties it of executions, whose records are to be made by the caller: that takes a while.
    mutating func takeExecutions() -> [@Sendable () -> ExecutionRecord] {
        defer { executions.removeAll(keepingCapacity: true) }
        return executions
    }

    /// Empties it of everything else, in the order of the numbers: rows that are inserted in the order of their key are cheaper.
    mutating func take() -> RecordBatch {
        var batch = RecordBatch()
        batch.connections = connections.values.sorted { $0.number < $1.number }
        batch.requests = requests.values.sorted { $0.number < $1.number }
        batch.denials = denials.values.sorted { $0.firstAt < $1.firstAt }
        batch.leases = leases.values.sorted { $0.number < $1.number }
        batch.executionCounts = executionCounts
        batch.facts = facts
        connections.removeAll(keepingCapacity: true)
        requests.removeAll(keepingCapacity: true)
        denials.removeAll(keepingCapacity: true)
        leases.removeAll()
        executionCounts = nil
        facts = SessionFacts()
        return batch
    }

    /// Takes a batch back that could not be written. What came under the same number since then is newer and stays.
    mutating func putBack(_ batch: RecordBatch) {
        for record in batch.connections where connections[record.number] == nil { connections[record.number] = record }
        for record in batch.requests where requests[record.number] == nil { requests[record.number] = record }
        for record in batch.denials where denials[record.denial] == nil { denials[record.denial] = record }
        for record in batch.leases where leases[record.number] == nil { leases[record.number] = record }
        executions = batch.executions.map { record in { record } } + executions
        executionCounts = executionCounts ?? batch.executionCounts
        facts.complete(from: batch.facts)
    }

    private var hasRoom: Bool { connections.count + requests.count + leases.count < Self.capacity }

    private mutating func lose() -> Bool {
        hasLostRecords = true
        return false
    }
}
