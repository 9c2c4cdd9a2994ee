import HoopxCore

/// What is recorded of a session: what its events come to.
public struct RecordBatch: Sendable, Equatable {
    public var connections: [ConnectionRecord] = []
    public var requests: [RequestRecord] = []
    public var denials: [DenialRecord] = []
    public var executions: [ExecutionRecord] = []
    public var leases: [LeaseRecord] = []
    public var toolUses: [ToolUseRecord] = []
    public var maskings: [MaskingRecord] = []
    /// nil where it is not recorded.
    public var terminal: TerminalRecord?
    /// nil where executions are not counted.
    public var executionCounts: ExecutionCounts?

    public init() {}

    public var isEmpty: Bool { self == RecordBatch() }

    /// Adds what an event tells: the tables of a store as values.
    public mutating func apply(_ event: AuditEvent) {
        switch event.content {
        case .connection(let record): Self.upsert(record, in: &connections) { $0.number }
        case .request(let record, _): Self.upsert(record, in: &requests) { $0.number }
        case .response(let outcome, _):
            guard let index = requests.lastIndex(where: { $0.number <= outcome.number }),
                requests[index].number == outcome.number
            else { return }
            requests[index].outcome = outcome
        case .egressDenied(let record):
            if let index = denials.firstIndex(where: { $0.denial == record.denial }) {
                denials[index] = record
            } else {
                denials.append(record)
            }
        case .credential(let record): Self.upsert(record, in: &leases) { $0.number }
        case .execution(let record): executions.append(record)
        case .executionCounts(let counts): executionCounts = counts
        case .toolUse(let record): toolUses.append(record)
        case .masked(let record):
            maskings.removeAll { $0.request == record.request && $0.place == record.place }
            maskings.append(record)
        case .terminal(let record): terminal = record
        case .sessionStart, .sessionEnd, .decision, .error, .retention, .legalHold, .logKey: break
        }
    }

    /// Replaces the record of the same number, or inserts it in the order of the numbers.
    private static func upsert<Record>(_ record: Record, in records: inout [Record], by number: (Record) -> Int64) {
        var (low, high) = (0, records.count)
        while low < high {
            let middle = (low + high) / 2
            if number(records[middle]) < number(record) { low = middle + 1 } else { high = middle }
        }
        if low < records.count, number(records[low]) == number(record) {
            records[low] = record
        } else {
            records.insert(record, at: low)
        }
    }
}

/// What becomes known of a session only after it has begun.
public struct SessionFacts: Sendable, Equatable {
    /// How datagrams are kept in, as the sandbox names its tier.
    public var datagramTier: String?
    /// SHA-256 of the program's file in lower-case hexadecimal.
    public var programDigest: String?

    public init() {}
}
