import Dispatch
import HoopxCore
import Synchronization

/// Records a session without making anyone wait: records are handed over in memory and written together, in one
/// transaction, a moment later.
///
/// Any thread may call it. What was handed over before `flush()` is durable when that returns.
public final class Recorder: Sendable {
    public let session: SessionID

    /// How long records wait for others to be written with: a group commit costs as much as a single one.
    static let groupingInterval = DispatchTimeInterval.milliseconds(20)
    /// How long executions wait, which nothing depends on: a target that starts program after program need not share its
    /// processors with a commit for every few of them.
    static let executionInterval = DispatchTimeInterval.milliseconds(200)
    /// How long a failed write waits before it is tried again.
    static let retryInterval = DispatchTimeInterval.seconds(1)

    private struct State {
        var pending = PendingRecords()
        var denials = DenialCounts()
        var executions = ExecutionBudget()
        var isDrainScheduled = false
        var isLateDrainScheduled = false
        var isClosed = false
        var failure: HoopxError?
    }

    private let store: any AuditStore
    private let state = Mutex(State())
    private let failed = Atomic(false)
    private let lastConnection = Atomic<Int64>(0)
    private let lastRequest = Atomic<Int64>(0)
    private let lastLease = Atomic<Int64>(0)
    private let lastExecution = Atomic<Int64>(0)
    // Everything that touches the store runs here, one after the other.
    private let writer = DispatchQueue(label: "hoopx.audit.writer")

    /// Inserts the session into the store, durably, before anything can happen in it.
    ///
    /// - Parameter mask: what every text goes through before it is written.
    public init(
        beginning session: SessionRecord, in store: any AuditStore, settings: AuditSettings = AuditSettings(),
        mask: @escaping RecordMask = { $0 }
    ) throws(HoopxError) {
        try store.begin(session)
        self.session = session.id
        self.store = store
    }

    /// Whether records may be lost: the last attempt to write failed, or the store cannot keep up. Nothing may pass
    /// then. It is cheap: one atomic load.
    public var isFailed: Bool { failed.load(ordering: .acquiring) }

    /// What failed, while `isFailed`.
    public var failure: HoopxError? { state.withLock { $0.failure } }

    /// The number of the session's next connection: 1, 2, ...
    public func nextConnectionNumber() -> Int64 { lastConnection.add(1, ordering: .relaxed).newValue }

    /// The number of the session's next request: 1, 2, ...
    public func nextRequestNumber() -> Int64 { lastRequest.add(1, ordering: .relaxed).newValue }

    /// The number of the session's next lease: 1, 2, ...
    public func nextLeaseNumber() -> Int64 { lastLease.add(1, ordering: .relaxed).newValue }

    /// The number of the session's next execution: 1, 2, ...
    public func nextExecutionNumber() -> Int64 { lastExecution.add(1, ordering: .relaxed).newValue }

    /// Records a connection that opened, or again with its end.
    public func record(_ connection: ConnectionRecord) {
        enqueue { $0.pending.add(connection) }
    }

    /// Records a request that was decided on, or again with its end.
    public func record(_ request: RequestRecord) {
        enqueue { $0.pending.add(request) }
    }

    /// Records a request, and lets it go on once that is durable: before the first byte of it goes to the upstream.
    ///
    /// A body of it that is finished by now becomes durable with it.
    ///
    /// - Parameter then: called once, on the writer's thread, with nil when the request is durable, or with why it is not: then
    ///   nothing of it may leave. It must not block.
    public func recordBeforeEgress(_ request: RequestRecord, then: @escaping @Sendable (HoopxError?) -> Void) {
        record(request)
        writer.async {
            self.drain()
            then(self.failure)
        }
    }

    /// Begins to record a body of a request. Where bodies are not recorded, what it is given is dropped.
    ///
    /// - Parameter request: the number of the request's record.
    public func body(of request: Int64, _ direction: BodyDirection) -> BodyRecording { BodyRecording() }

    /// Records a tool that a model asked for.
    public func record(_ toolUse: ToolUseRecord) {}

    /// Records how much was masked.
    public func record(_ masking: MaskingRecord) {}

    /// Records that hoopx itself failed at something in the session.
    public func record(_ error: HoopxError) {}

    /// Counts the denial of a request and records it as the decision on it.
    public func record(_ denial: Denial, ofRequest number: Int64) { record(denial) }

    /// Records a lease that was issued, or again with a renewal or its end.
    public func record(_ lease: LeaseRecord) {
        enqueue { $0.pending.add(lease) }
    }

    /// Counts a denial.
    public func record(_ denial: Denial) {
        let now = Timestamp.now()
        enqueue { state in
            state.pending.add(state.denials.count(denial, at: now))
            return true
        }
    }

    /// Records an execution, unless there were too many: then it is counted.
    ///
    /// - Parameters:
    ///   - size: roughly what its path and arguments take, in bytes.
    ///   - execution: makes the record, on the writer's thread: the target waits while this is called.
    public func recordExecution(size: Int, _ execution: @escaping @Sendable () -> ExecutionRecord) {
        enqueueExecution { state in
            let isAdmitted = state.executions.admits(size: size, hasRoom: state.pending.hasRoomForExecution)
            state.pending.add(isAdmitted ? execution : nil, counts: state.executions.counts)
        }
    }

    /// Counts an attempt to execute what is no executable file.
    public func recordMissedExecution() {
        enqueueExecution { state in
            state.executions.countMiss()
            state.pending.add(nil, counts: state.executions.counts)
        }
    }

    /// Records which tier keeps datagrams in.
    public func record(datagramTier: String) {
        enqueue { state in
            state.pending.facts.datagramTier = datagramTier
            return true
        }
    }

    /// Records the SHA-256 of the program's file, which takes longer to compute than a session to begin.
    public func record(programDigest: String) {
        enqueue { state in
            state.pending.facts.programDigest = programDigest
            return true
        }
    }

    /// Waits until all that was recorded before is durable. Blocks: not for an event loop.
    ///
    /// - Throws: where it could not be written, or was lost before.
    public func flush() throws(HoopxError) {
        writer.sync { drain() }
        if let failure { throw failure }
    }

    /// Writes what is left and closes the session, in one transaction. What is recorded afterwards is dropped.
    ///
    /// - Throws: where something could not be written or was lost before. The session is closed without it, if that much
    ///   can be written.
    public func close(_ ending: SessionEnding) throws(HoopxError) {
        let result = writer.sync { Result { () throws(HoopxError) in try closeNow(ending) } }
        try result.get()
    }

    private func closeNow(_ ending: SessionEnding) throws(HoopxError) {
        let failure = state.withLock { state in
            state.isClosed = true
            return state.pending.hasLostRecords ? state.failure : nil
        }
        let batch = takePending()
        let now = Timestamp.now()
        do throws(HoopxError) {
            try store.end(session, ending, at: now, writing: batch)
        } catch {
            if !batch.isEmpty { try? store.end(session, ending, at: now, writing: RecordBatch()) }
            throw error
        }
        if let failure { throw failure }
    }

    /// - Parameter change: says whether there was room for the record.
    private func enqueue(_ change: (inout State) -> Bool) {
        let mustSchedule = state.withLock { state in
            guard !state.isClosed else { return false }
            if !change(&state) {
                state.failure = PendingRecords.overflow
                failed.store(true, ordering: .releasing)
            }
            defer { state.isDrainScheduled = true }
            return !state.isDrainScheduled
        }
        if mustSchedule { scheduleDrain(after: Self.groupingInterval) }
    }

    private func enqueueExecution(_ change: (inout State) -> Void) {
        let mustSchedule = state.withLock { state in
            guard !state.isClosed else { return false }
            change(&state)
            guard !state.isDrainScheduled, !state.isLateDrainScheduled else { return false }
            state.isLateDrainScheduled = true
            return true
        }
        guard mustSchedule else { return }
        writer.asyncAfter(deadline: .now() + Self.executionInterval) {
            self.state.withLock { $0.isLateDrainScheduled = false }
            self.drain()
        }
    }

    private func scheduleDrain(after interval: DispatchTimeInterval) {
        writer.asyncAfter(deadline: .now() + interval) { self.drain() }
    }

    private func takePending() -> RecordBatch {
        var (batch, executions) = state.withLock { ($0.pending.take(), $0.pending.takeExecutions()) }
        batch.executions = executions.map { $0() }
        return batch
    }

    /// Writes what is pending. A batch that cannot be written goes back in front of what came after it.
    private func drain() {
        state.withLock { $0.isDrainScheduled = false }
        let batch = takePending()
        guard !batch.isEmpty else { return }
        do throws(HoopxError) {
            try store.write(batch, of: session)
            state.withLock { state in
                guard !state.pending.hasLostRecords else { return }
                state.failure = nil
                failed.store(false, ordering: .releasing)
            }
        } catch {
            let mustSchedule = state.withLock { state in
                state.pending.putBack(batch)
                if !state.pending.hasLostRecords { state.failure = error }
                failed.store(true, ordering: .releasing)
                defer { state.isDrainScheduled = true }
                return !state.isDrainScheduled && !state.isClosed
            }
            if mustSchedule { scheduleDrain(after: Self.retryInterval) }
        }
    }
}
