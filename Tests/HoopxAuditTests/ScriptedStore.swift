import Dispatch
import HoopxCore
import Synchronization

@testable import HoopxAudit

/// A store in memory that fails or waits when a test says so.
final class ScriptedStore: AuditStore {
    static let failure = HoopxError(.startup, doing: "writing", found: "no")

    private struct State {
        var written = RecordBatch()
        var events: [AuditEvent] = []
        var bodies: [BodyPart] = []
        var ending: SessionEnding?
        var fails = false
        var failuresLeft = 0
        var attempts = 0
        var failsWrites = false
    }

    private let state = Mutex(State())
    private let turn = DispatchSemaphore(value: 1)

    var written: RecordBatch { state.withLock { $0.written } }
    var events: [AuditEvent] { state.withLock { $0.events } }
    var bodies: [BodyPart] { state.withLock { $0.bodies } }
    var ending: SessionEnding? { state.withLock { $0.ending } }
    var fails: Bool {
        get { state.withLock { $0.fails } }
        set { state.withLock { $0.fails = newValue } }
    }
    /// Fails so many writes, and no more.
    var failuresLeft: Int {
        get { state.withLock { $0.failuresLeft } }
        set { state.withLock { $0.failuresLeft = newValue } }
    }
    /// How many writes have begun.
    var attempts: Int { state.withLock { $0.attempts } }
    /// Fails all writes but the end of a session without its requests.
    var failsWrites: Bool {
        get { state.withLock { $0.failsWrites } }
        set { state.withLock { $0.failsWrites = newValue } }
    }

    /// Lets no write return before `release`.
    func hold() { turn.wait() }
    func release() { turn.signal() }

    func begin(_ batch: EventBatch) throws(HoopxError) { try write(batch) }

    func write(_ batch: EventBatch) throws(HoopxError) {
        state.withLock { $0.attempts += 1 }
        turn.wait()
        defer { turn.signal() }
        let isToFail = state.withLock { state in
            defer { state.failuresLeft = max(0, state.failuresLeft - 1) }
            return state.failuresLeft > 0
        }
        if isToFail { throw Self.failure }
        let isLast = batch.events.contains { $0.event.kind == .sessionEnd }
        let hasRequest = batch.events.contains { $0.event.kind == .request }
        if fails || failsWrites && (hasRequest || !isLast) { throw Self.failure }
        state.withLock { state in
            state.bodies += batch.bodies
            for event in batch.events.map(\.event) {
                state.events.append(event)
                state.written.apply(event)
                if case .sessionEnd(let end) = event.content { state.ending = end.ending }
            }
        }
    }

    func closeInterrupted(_ session: SessionRecord) throws(HoopxError) {}
    func sessions(matching filter: SessionFilter, limit: Int) throws(HoopxError) -> [SessionSummary] { [] }
    func sessions(prefix: String, limit: Int) throws(HoopxError) -> [SessionSummary] { [] }
    func openSessions() throws(HoopxError) -> [SessionRecord] { [] }
    func contents(of session: SessionID) throws(HoopxError) -> RecordBatch { written }
    func events(of session: SessionID, after sequence: Int64, limit: Int) throws(HoopxError) -> [StoredEvent] { [] }
    func body(_ key: BodyKey, of session: SessionID) throws(HoopxError) -> StoredBody? { nil }
}
