import Dispatch
import HoopxAudit
import HoopxCore
import Synchronization

/// Keeps what was recorded in memory; can be made to fail.
final class MemoryAuditStore: AuditStore {
    private struct State {
        var connections: [Int64: ConnectionRecord] = [:]
        var requests: [Int64: RequestRecord] = [:]
        var leases: [Int64: LeaseRecord] = [:]
        var denials: [Denial: DenialRecord] = [:]
        var isFailing = false
    }

    private let state = Mutex(State())
    private let writing = DispatchSemaphore(value: 0)
    private let isBlocked = Atomic(false)

    func failFromNowOn() { state.withLock { $0.isFailing = true } }

    func work() { state.withLock { $0.isFailing = false } }

    /// Makes writes wait until `unblock` or `passOne`.
    func block() { isBlocked.store(true, ordering: .releasing) }

    /// Lets one write pass that waits, or comes.
    func passOne() { writing.signal() }

    func unblock() {
        isBlocked.store(false, ordering: .releasing)
        writing.signal()
    }

    func begin(_ session: SessionRecord) throws(HoopxError) {}

    func write(_ batch: RecordBatch, of session: SessionID) throws(HoopxError) {
        if isBlocked.load(ordering: .acquiring) { writing.wait() }
        let isFailing = state.withLock { state in
            if state.isFailing { return true }
            for record in batch.connections { state.connections[record.number] = record }
            for record in batch.requests { state.requests[record.number] = record }
            for record in batch.leases { state.leases[record.number] = record }
            for record in batch.denials { state.denials[record.denial] = record }
            return false
        }
        if isFailing { throw HoopxError(.startup, doing: "write the record", found: "no space left on device") }
    }

    func end(
        _ session: SessionID, _ ending: SessionEnding, at time: Timestamp?, writing batch: RecordBatch
    ) throws(HoopxError) { try write(batch, of: session) }

    func sessions(limit: Int) throws(HoopxError) -> [SessionSummary] { [] }

    func sessions(prefix: String, limit: Int) throws(HoopxError) -> [SessionSummary] { [] }

    func openSessions() throws(HoopxError) -> [SessionRecord] { [] }

    func contents(of session: SessionID) throws(HoopxError) -> RecordBatch {
        state.withLock { state in
            var batch = RecordBatch()
            batch.connections = state.connections.sorted { $0.key < $1.key }.map(\.value)
            batch.requests = state.requests.sorted { $0.key < $1.key }.map(\.value)
            batch.leases = state.leases.sorted { $0.key < $1.key }.map(\.value)
            batch.denials = Array(state.denials.values)
            return batch
        }
    }
}
