import HoopxCore
import Synchronization

/// What was denied during a run, counted, for the lines that the user reads after the command has ended.
///
/// hoopx never writes while the command runs: the terminal is the command's.
public final class DenialLog: Sendable {
    public struct Entry: Hashable, Sendable {
        public let denial: Denial
        public let count: Int
    }

    /// More different denials than this are counted together: a hostile command must not fill the memory.
    static let capacity = 100

    private struct State {
        var order: [Denial] = []
        var counts: [Denial: Int] = [:]
        var beyondCapacity = 0
    }

    private let state = Mutex(State())

    public init() {}

    public func add(_ denial: Denial) {
        state.withLock { state in
            if let count = state.counts[denial] {
                state.counts[denial] = count + 1
            } else if state.order.count < Self.capacity {
                state.order.append(denial)
                state.counts[denial] = 1
            } else {
                state.beyondCapacity += 1
            }
        }
    }

    /// What was denied, in the order in which it first was.
    public var entries: [Entry] {
        state.withLock { state in state.order.map { Entry(denial: $0, count: state.counts[$0] ?? 1) } }
    }

    /// How many denials came after the first `capacity` different ones.
    public var uncounted: Int { state.withLock { $0.beyondCapacity } }
}
