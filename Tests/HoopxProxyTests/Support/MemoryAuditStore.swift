import Dispatch
import HoopxAudit
import HoopxCore
import Synchronization

/// Keeps what was recorded in memory; can be made to fail.
final class MemoryAuditStore: AuditStore {
    private struct State {
        var contents = RecordBatch()
        var events: [AuditEvent] = []
        var bodies: [BodyKey: [UInt8]] = [:]
        /// What is to be written once `unblock` or `passOne` lets it.
        var waiting: [AuditEvent] = []
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

    /// What a write brings that waits.
    var waiting: [AuditEvent] { state.withLock { $0.waiting } }

    /// All events so far.
    var events: [AuditEvent] { state.withLock { $0.events } }

    func begin(_ batch: EventBatch) throws(HoopxError) { try write(batch) }

    func write(_ batch: EventBatch) throws(HoopxError) {
        if isBlocked.load(ordering: .acquiring) {
            state.withLock { $0.waiting = batch.events.map(\.event) }
            writing.wait()
        }
        let isFailing = state.withLock { state in
            state.waiting = []
            if state.isFailing { return true }
            for event in batch.events.map(\.event) {
                state.events.append(event)
                state.contents.apply(event)
            }
            for body in batch.bodies {
                state.bodies[body.key, default: []] += body.chunks.flatMap(\.bytes) + (body.end?.content ?? [])
            }
            return false
        }
        if isFailing { throw HoopxError(.startup, doing: "write the record", found: "no space left on device") }
    }

    func closeInterrupted(_ session: SessionRecord) throws(HoopxError) {}

    func sessions(matching filter: SessionFilter, limit: Int) throws(HoopxError) -> [SessionSummary] { [] }

    func sessions(prefix: String, limit: Int) throws(HoopxError) -> [SessionSummary] { [] }

    func openSessions() throws(HoopxError) -> [SessionRecord] { [] }

    func contents(of session: SessionID) throws(HoopxError) -> RecordBatch {
        state.withLock { state in
            var contents = state.contents
            contents.connections.sort { $0.number < $1.number }
            contents.requests.sort { $0.number < $1.number }
            contents.leases.sort { $0.number < $1.number }
            return contents
        }
    }

    func events(of session: SessionID, after sequence: Int64, limit: Int) throws(HoopxError) -> [StoredEvent] { [] }

    func body(_ key: BodyKey, of session: SessionID) throws(HoopxError) -> StoredBody? { nil }

    /// What was stored of each body so far.
    var allBodies: [[UInt8]] { state.withLock { Array($0.bodies.values) } }

    /// What was stored of a body so far.
    func bytes(of key: BodyKey) -> [UInt8] { state.withLock { $0.bodies[key] ?? [] } }
}
