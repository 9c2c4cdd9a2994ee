import HoopxCore

/// Records that wait to be written. A record that comes again under its number replaces the one that waits, so a
/// request that is over within the grouping interval is written once.
struct PendingRecords {
    /// More waiting connections and requests than this (some 20 MB) mean that the store cannot keep up.
    static let capacity = 32_768

    static let overflow = HoopxError(
        .startup, doing: "recording the session", found: "the audit store does not keep up, records were lost",
        hint: "look for a slow or full disk under the audit database")

    var facts = SessionFacts()
    private(set) var hasLostRecords = false
    private var connections: [Int64: ConnectionRecord] = [:]
    private var requests: [Int64: RequestRecord] = [:]
    private var denials: [Denial: DenialRecord] = [:]

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

    /// `DenialCounts` bounds how many different ones there are.
    mutating func add(_ denial: DenialRecord) { denials[denial.denial] = denial }

    /// Empties it, in the order of the numbers: rows that are inserted in the order of their key are cheaper.
    mutating func take() -> RecordBatch {
        var batch = RecordBatch()
        batch.connections = connections.values.sorted { $0.number < $1.number }
        batch.requests = requests.values.sorted { $0.number < $1.number }
        batch.denials = denials.values.sorted { $0.firstAt < $1.firstAt }
        batch.facts = facts
        connections.removeAll(keepingCapacity: true)
        requests.removeAll(keepingCapacity: true)
        denials.removeAll(keepingCapacity: true)
        facts = SessionFacts()
        return batch
    }

    /// Takes a batch back that could not be written. What came under the same number since then is newer and stays.
    mutating func putBack(_ batch: RecordBatch) {
        for record in batch.connections where connections[record.number] == nil { connections[record.number] = record }
        for record in batch.requests where requests[record.number] == nil { requests[record.number] = record }
        for record in batch.denials where denials[record.denial] == nil { denials[record.denial] = record }
        facts.complete(from: batch.facts)
    }

    private var hasRoom: Bool { connections.count + requests.count < Self.capacity }

    private mutating func lose() -> Bool {
        hasLostRecords = true
        return false
    }
}
