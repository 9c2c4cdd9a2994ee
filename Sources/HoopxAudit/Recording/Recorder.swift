import Dispatch
import HoopxCore
import Synchronization

/// Records a session without making anyone wait who need not: what happened is handed over in memory, and written
/// together with what else happened, in one transaction, a moment later.
///
/// Any thread may call it. What was handed over before `flush()` is durable when that returns.
public final class Recorder: Sendable {
    public let session: SessionID

    struct State {
        var pending = PendingRecords()
        var denials = DenialCounts()
        var executions = ExecutionBudget()
        var directConnections = DirectConnections()
        /// Requests that are recorded and not over, as they were recorded last.
        var openRequests: [Int64: RequestRecord] = [:]
        var openBodies: [BodyKey: BodyRecording] = [:]
        /// Who waits until what is pending is durable.
        var waiters: [@Sendable (HoopxError?) -> Void] = []
        var isDrainScheduled = false
        var isLateDrainScheduled = false
        var isUrgentDrainScheduled = false
        var isClosed = false
        var failure: HoopxError?
    }

    let store: any AuditStore
    private let settings: AuditSettings
    let state = Mutex(State())
    let failed = Atomic(false)
    private let lastConnection = Atomic<Int64>(0)
    private let lastRequest = Atomic<Int64>(0)
    private let lastLease = Atomic<Int64>(0)
    private let lastExecution = Atomic<Int64>(0)
    // Everything that touches the store runs here, one after the other.
    let queue = DispatchQueue(label: "hoopx.audit.writer", qos: .userInteractive)
    // Of that queue: nobody ever waits for it.
    let writer: Mutex<RecordWriter>
    let inbox = BodyInbox()

    /// Inserts the session into the store, durably, before anything can happen in it.
    ///
    /// - Parameter mask: what every text goes through before it is written.
    public init(
        beginning session: SessionRecord, in store: any AuditStore, settings: AuditSettings = AuditSettings(),
        mask: @escaping RecordMask = { $0 }
    ) throws(HoopxError) {
        var writer = RecordWriter(session, mask: mask)
        try store.begin(writer.unwritten)
        _ = writer.written()
        self.session = session.id
        self.store = store
        self.settings = settings
        self.writer = Mutex(writer)
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
        guard connection.duration != nil else { return add(.connection(connection)) }
        enqueueLate { state, moment in state.pending.add(.connection(connection), at: moment) }
    }

    /// Records a connection that goes past hoopx, to a server of this machine; where there were too many of them, counts it.
    ///
    /// - Parameter rule: that allows it, as the configuration names it.
    public func recordDirect(to destination: ConnectionRecord.Endpoint, rule: String, pid: Int32, command: String) {
        let connection = DirectConnection(destination: destination, rule: rule, pid: pid, command: command)
        enqueue { state, moment in
            guard
                let record = state.directConnections.add(
                    connection, at: moment.time, number: { nextConnectionNumber() })
            else { return true }
            return state.pending.add(.connection(record), at: moment)
        }
    }

    /// Records a request that was decided on, or again with its end, which ends its bodies too.
    public func record(_ request: RequestRecord) {
        enqueue { state, moment in Self.add(request, to: &state, at: moment) }
    }

    /// Records a request, and lets it go on once that is durable: before the first byte of it goes to the upstream.
    ///
    /// A body of it that is finished by now becomes durable with it.
    ///
    /// - Parameter then: called once, on the writer's thread, with nil when the request is durable, or with why it is not: then
    ///   nothing of it may leave. It must not block.
    public func recordBeforeEgress(_ request: RequestRecord, then: @escaping @Sendable (HoopxError?) -> Void) {
        let moment = EventMoment.now()
        let (mustSchedule, mustWait) = state.withLock { state in
            let isTaken = !state.isClosed && Self.add(request, to: &state, at: moment)
            if !isTaken, !state.isClosed { noteOverflow(&state) }
            // While the store fails, it is tried now and then; a request is not another attempt.
            guard isTaken, !failed.load(ordering: .relaxed) else { return (false, false) }
            state.waiters.append(then)
            defer { state.isUrgentDrainScheduled = true }
            return (!state.isUrgentDrainScheduled, true)
        }
        if mustSchedule { scheduleUrgentDrain() }
        guard !mustWait else { return }
        let error = failure ?? Self.isOver
        queue.async { then(error) }
    }

    /// Begins to record a body of a request. Where bodies are not recorded, what it is given is dropped.
    ///
    /// - Parameter request: the number of the request's record.
    public func body(of request: Int64, _ direction: BodyDirection) -> BodyRecording {
        let key = BodyKey(request: request, direction: direction)
        return state.withLock { state in
            let room = settings.recordsBodies && !state.isClosed ? settings.bodyCapacity : nil
            let recording = BodyRecording(key, room: room, inbox: inbox) { self.wake(isUrgent: $0) }
            if room != nil { state.openBodies[key] = recording }
            return recording
        }
    }

    /// Begins to record what the command writes to its terminal; at most once in a session.
    ///
    /// - Parameters:
    ///   - columns: of the terminal, in characters.
    ///   - rows: of the terminal, in characters.
    public func terminalRecording(columns: Int, rows: Int) -> BodyRecording {
        add(.terminal(columns: Int64(columns), rows: Int64(rows)))
        return state.withLock { state in
            let room = state.isClosed ? nil : Self.terminalCapacity
            let recording = BodyRecording(.terminal, room: room, inbox: inbox) { self.wake(isUrgent: $0) }
            state.openBodies[.terminal] = recording
            return recording
        }
    }

    /// Records a tool that a model asked for.
    public func record(_ toolUse: ToolUseRecord) { add(.toolUse(toolUse)) }

    /// Records how much was masked.
    public func record(_ masking: MaskingRecord) { if !masking.counts.isEmpty { add(.masking(masking)) } }

    /// Records that hoopx itself failed at something in the session.
    public func record(_ error: HoopxError) { add(.error(error)) }

    /// Records a lease that was issued, or again with a renewal or its end.
    public func record(_ lease: LeaseRecord) { add(.lease(lease)) }

    /// Counts a denial.
    public func record(_ denial: Denial) {
        enqueue { state, moment in
            state.pending.add(state.denials.count(denial, at: moment.time))
            return true
        }
    }

    /// Counts the denial of a request, and records it as the decision on it.
    public func record(_ denial: Denial, ofRequest number: Int64) {
        enqueue { state, moment in
            state.pending.add(state.denials.count(denial, at: moment.time))
            return state.pending.add(.decision(denial, request: number), at: moment)
        }
    }

    /// Records an execution, unless there were too many: then it is counted.
    ///
    /// - Parameters:
    ///   - size: roughly what its path and arguments take, in bytes.
    ///   - execution: makes the record, on the writer's thread: the target waits while this is called.
    public func recordExecution(size: Int, _ execution: @escaping @Sendable () -> ExecutionRecord) {
        enqueueLate { state, moment in
            let isAdmitted = state.executions.admits(size: size, hasRoom: state.pending.hasRoomForExecution)
            state.pending.add(isAdmitted ? (moment, execution) : nil, counts: state.executions.counts)
            return true
        }
    }

    /// Counts an attempt to execute what is no executable file.
    public func recordMissedExecution() {
        enqueueLate { state, _ in
            state.executions.countMiss()
            state.pending.add(nil, counts: state.executions.counts)
            return true
        }
    }

    /// Records which tier keeps datagrams in.
    public func record(datagramTier: String) {
        var facts = SessionFacts()
        facts.datagramTier = datagramTier
        add(.facts(facts))
    }

    /// Records the SHA-256 of the program's file, which takes longer to compute than a session to begin.
    public func record(programDigest: String) {
        var facts = SessionFacts()
        facts.programDigest = programDigest
        add(.facts(facts))
    }

    /// Waits until all that was recorded before is durable. Blocks: not for an event loop.
    ///
    /// - Throws: where it could not be written, or was lost before.
    public func flush() throws(HoopxError) {
        queue.sync { drain(.all) }
        if let failure { throw failure }
    }

    /// Writes what is left and closes the session, in one transaction. What is recorded afterwards is dropped.
    ///
    /// - Throws: where something could not be written or was lost before. The session is closed without it, if that much
    ///   can be written.
    public func close(_ ending: SessionEnding) throws(HoopxError) {
        let result = queue.sync { Result { () throws(HoopxError) in try closeNow(ending) } }
        try result.get()
    }
}
