import Synchronization

/// Which way a body goes.
public enum BodyDirection: String, Sendable, CaseIterable {
    /// From the target to the upstream.
    case request
    /// From the upstream to the target.
    case response
    /// From the command to its terminal: of the session, not of a request.
    case terminal
}

/// One body that is being recorded. What is handed over has been masked.
///
/// Any thread may call it, an event loop too: pieces are put in a queue, and the recorder's writer works on them.
public final class BodyRecording: Sendable {
    let key: BodyKey
    private let inbox: BodyInbox
    /// Tells the writer that there is something for it, to be done at once or in a while.
    private let wake: @Sendable (_ isUrgent: Bool) -> Void
    private let state: Mutex<State>

    private struct State {
        /// How many more bytes are recorded.
        var room: Int
        var pieces: [BodyPiece] = []
        var truncation: RecordedBody.Truncation?
        var isOver: Bool
        /// The writer knows that there is something for it.
        var isAnnounced = false
    }

    /// - Parameter room: how many bytes are recorded at most; nil where none are, and no body stands in the record.
    init(_ key: BodyKey, room: Int?, inbox: BodyInbox, wake: @escaping @Sendable (_ isUrgent: Bool) -> Void) {
        self.key = key
        self.inbox = inbox
        self.wake = wake
        state = Mutex(State(room: room ?? 0, isOver: room == nil))
    }

    /// Whether more of the body would be recorded: false once it is over or has been truncated.
    public var isTaking: Bool { state.withLock { !$0.isOver && $0.truncation == nil } }

    /// Takes the next piece of the body.
    ///
    /// - Parameters:
    ///   - masked: as it is to be recorded.
    ///   - microseconds: when it came, by a monotonic clock, since the request's head had been read.
    public func append(_ masked: [UInt8], at microseconds: Int64) {
        guard !masked.isEmpty else { return }
        var isUrgent = false
        let mustAnnounce = state.withLock { state in
            guard !state.isOver, state.truncation == nil else { return false }
            let taken = min(masked.count, state.room)
            if taken < masked.count { state.truncation = .limit }
            guard taken > 0 else { return false }
            guard let reservation = inbox.reserve(taken) else {
                state.truncation = .store
                return false
            }
            isUrgent = reservation
            state.room -= taken
            let bytes = taken == masked.count ? masked : Array(masked[..<taken])
            state.pieces.append(BodyPiece(bytes: bytes, time: microseconds))
            return announce(&state)
        }
        if mustAnnounce || isUrgent { wake(isUrgent) }
    }

    /// The body is complete. What comes afterwards is dropped. The end of its request's record ends it too.
    public func finish() { end(nil) }

    /// The body is over, before it was complete.
    func breakOff() { end(.incomplete) }

    private func end(_ truncation: RecordedBody.Truncation?) {
        let mustAnnounce = state.withLock { state in
            guard !state.isOver else { return false }
            state.isOver = true
            state.truncation = state.truncation ?? truncation
            return announce(&state)
        }
        if mustAnnounce { wake(false) }
    }

    /// - Returns: false where the writer knows already.
    private func announce(_ state: inout State) -> Bool {
        guard !state.isAnnounced else { return false }
        state.isAnnounced = true
        inbox.add(self)
        return true
    }

    /// What came since the last time, and whether it is all.
    func take() -> (pieces: [BodyPiece], isOver: Bool, truncation: RecordedBody.Truncation?) {
        state.withLock { state in
            state.isAnnounced = false
            defer { state.pieces = [] }
            return (state.pieces, state.isOver, state.truncation)
        }
    }
}

/// A piece of a body as it came.
struct BodyPiece {
    let bytes: [UInt8]
    /// In microseconds since the request's head had been read.
    let time: Int64
}
