import Dispatch
import HoopxCore

// What becomes of what is handed to a recorder: it waits, and the writer takes it in turns.

extension Recorder {
    /// How long records wait for others to be written with, where nobody waits for them: a group commit costs as much as
    /// a single one.
    static let groupingInterval = DispatchTimeInterval.milliseconds(20)
    /// How long executions and the ends of connections wait, which nothing depends on: a target that starts program after
    /// program need not share its processors with a commit for every few of them.
    static let lateInterval = DispatchTimeInterval.milliseconds(200)
    /// How long a failed write waits before it is tried again.
    static let retryInterval = DispatchTimeInterval.seconds(1)
    /// How long what is told at intervals waits to be looked at again.
    static let repetitionInterval = DispatchTimeInterval.seconds(1)

    /// How much is recorded of what the command writes to its terminal, in bytes.
    static let terminalCapacity = 256 << 20

    static let isOver = HoopxError(.startup, doing: "recording a request", found: "the session is over")

    func add(_ content: PendingRecords.Content) {
        enqueue { state, moment in state.pending.add(content, at: moment) }
    }

    /// - Returns: whether there was room for it.
    static func add(_ request: RequestRecord, to state: inout State, at moment: EventMoment) -> Bool {
        guard request.duration != nil else {
            state.openRequests[request.number] = request
            return state.pending.add(.request(request), at: moment)
        }
        let isNew = state.openRequests.removeValue(forKey: request.number) == nil
        guard !isNew || state.pending.add(.request(request.beginning), at: moment) else { return false }
        return state.pending.add(.response(request), at: moment)
    }

    /// - Parameter change: says whether there was room for the record.
    func enqueue(_ change: (inout State, EventMoment) -> Bool) {
        let moment = EventMoment.now()
        let mustSchedule = state.withLock { state in
            guard !state.isClosed else { return false }
            if !change(&state, moment) { noteOverflow(&state) }
            defer { state.isDrainScheduled = true }
            return !state.isDrainScheduled
        }
        if mustSchedule { scheduleDrain(after: Self.groupingInterval) }
    }

    /// As `enqueue`, for what may wait longer.
    func enqueueLate(_ change: (inout State, EventMoment) -> Bool) {
        let moment = EventMoment.now()
        let mustSchedule = state.withLock { state in
            guard !state.isClosed else { return false }
            if !change(&state, moment) { noteOverflow(&state) }
            guard !state.isDrainScheduled, !state.isLateDrainScheduled else { return false }
            state.isLateDrainScheduled = true
            return true
        }
        if mustSchedule { scheduleLateDrain(after: Self.lateInterval) }
    }

    func noteOverflow(_ state: inout State) {
        state.failure = PendingRecords.overflow
        failed.store(true, ordering: .releasing)
    }

    /// There is something of a body.
    func wake(isUrgent: Bool) {
        guard isUrgent else { return enqueue { _, _ in true } }
        queue.async { self.drain(.ordinary) }
    }

    // MARK: The writer's turns

    /// What a turn of the writer writes.
    enum Turn {
        /// What somebody waits for, and what came with it; not the bodies of other requests, nor executions.
        case urgent
        case ordinary
        /// Also what is told at intervals only.
        case all
    }

    func scheduleUrgentDrain() {
        queue.async {
            self.state.withLock { $0.isUrgentDrainScheduled = false }
            self.drain(.urgent)
        }
    }

    private func scheduleDrain(after interval: DispatchTimeInterval) {
        queue.asyncAfter(deadline: .now() + interval) {
            self.state.withLock { $0.isDrainScheduled = false }
            self.drain(.ordinary)
        }
    }

    private func scheduleLateDrain(after interval: DispatchTimeInterval) {
        queue.asyncAfter(deadline: .now() + interval) {
            self.state.withLock { $0.isLateDrainScheduled = false }
            self.drain(.ordinary)
        }
    }

    /// Writes what is pending. What cannot be written stays in front of what comes after it.
    func drain(_ turn: Turn) {
        let (waiters, error) = writer.withLock { writer in
            // Where there is no room for more, what is there is written first: whoever waits for the rest must not take that
            // for it.
            var error = writer.isFull ? write(&writer) : nil
            let waiters = error == nil ? gather(turn, into: &writer) : takeWaiters()
            error = error ?? write(&writer)
            if let error { failed(error) } else { succeeded(hasUntold: writer.hasUntold) }
            return (waiters, error)
        }
        for waiter in waiters { waiter(error) }
    }

    /// - Returns: why it could not be written.
    private func write(_ writer: inout RecordWriter) -> HoopxError? {
        guard !writer.unwritten.isEmpty else { return nil }
        do throws(HoopxError) {
            try store.write(writer.unwritten)
        } catch {
            return error
        }
        inbox.release(writer.written())
        return nil
    }

    private func takeWaiters() -> [@Sendable (HoopxError?) -> Void] {
        state.withLock { state in
            defer { state.waiters = [] }
            return state.waiters
        }
    }

    private func succeeded(hasUntold: Bool) {
        let mustSchedule = state.withLock { state in
            if !state.pending.hasLostRecords {
                state.failure = nil
                failed.store(false, ordering: .releasing)
            }
            guard hasUntold || state.directConnections.hasUntold, !state.isLateDrainScheduled, !state.isClosed else {
                return false
            }
            state.isLateDrainScheduled = true
            return true
        }
        if mustSchedule { scheduleLateDrain(after: Self.repetitionInterval) }
    }

    private func failed(_ error: HoopxError) {
        let mustSchedule = state.withLock { state in
            if !state.pending.hasLostRecords { state.failure = error }
            failed.store(true, ordering: .releasing)
            defer { state.isDrainScheduled = true }
            return !state.isDrainScheduled && !state.isClosed
        }
        if mustSchedule { scheduleDrain(after: Self.retryInterval) }
    }

    /// Makes events of what is pending.
    ///
    /// - Returns: who waits for them.
    private func gather(_ turn: Turn, into writer: inout RecordWriter) -> [@Sendable (HoopxError?) -> Void] {
        let (waiters, pending) = state.withLock { state in
            defer { state.waiters = [] }
            let now = EventMoment.now()
            for record in state.directConnections.takeDue(at: now.time, all: turn == .all)
            where !state.pending.add(.connection(record), at: now) { noteOverflow(&state) }
            return (state.waiters, state.pending.take(executions: turn != .urgent))
        }
        // After the records: what was handed over of a body before a record that waits is there by now.
        gatherBodies(of: pending.entries, isUrgent: turn == .urgent, into: &writer)
        for entry in pending.entries { writer.add(entry) }
        for (moment, execution) in pending.executions { writer.add(execution(), at: moment) }
        if let counts = pending.executionCounts { writer.add(counts) }
        writer.add(pending.denials)
        writer.addDue(all: turn == .all)
        return waiters
    }

    /// - Parameter isUrgent: only those of the requests that the entries tell of.
    private func gatherBodies(
        of entries: [PendingRecords.Entry], isUrgent: Bool, into writer: inout RecordWriter
    ) {
        var requests: Set<Int64> = []
        for entry in entries {
            switch entry.content {
            case .terminal(let columns, let rows): writer.terminalSize = (columns, rows)
            case .request(let record): requests.insert(record.number)
            case .response(let record):
                requests.insert(record.number)
                let bodies = state.withLock { state in
                    [.request, .response].compactMap { state.openBodies[record.bodyKey($0)] }
                }
                for body in bodies { body.breakOff() }
            default: break
            }
        }
        let ended = writer.add(inbox.take(isUrgent ? requests : nil))
        guard !ended.isEmpty else { return }
        state.withLock { state in for key in ended { state.openBodies[key] = nil } }
    }

    func closeNow(_ ending: SessionEnding) throws(HoopxError) {
        let (lost, bodies) = state.withLock { state in
            state.isClosed = true
            // Their ends tell of their bodies.
            for request in state.openRequests.values.sorted(by: { $0.number < $1.number }) {
                _ = state.pending.add(.response(request), at: .now())
            }
            return (state.pending.hasLostRecords ? state.failure : nil, Array(state.openBodies.values))
        }
        for body in bodies { body.breakOff() }
        let (waiters, error) = writer.withLock { writer in
            let waiters = gather(.all, into: &writer)
            let moment = EventMoment.now()
            writer.add(ending, at: moment)
            do throws(HoopxError) {
                try store.write(writer.unwritten)
                inbox.release(writer.written())
                return (waiters, nil as HoopxError?)
            } catch {
                inbox.release(writer.abandon(because: error))
                writer.add(ending, at: moment)
                try? store.write(writer.unwritten)
                return (waiters, error)
            }
        }
        for waiter in waiters { waiter(error) }
        if let error = error ?? lost { throw error }
    }
}
