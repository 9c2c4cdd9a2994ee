import Synchronization

@testable import HoopxCredentials

/// A lease holder's time, which passes when the test says so.
final class TestAlarm: Sendable {
    private typealias Sleeper = (
        moment: ContinuousClock.Instant, wake: CheckedContinuation<ContinuousClock.Instant?, Never>
    )

    private struct State {
        var sleepers: [Int: Sleeper] = [:]
        var number = 0
        var cancelled: Set<Int> = []
    }
    private let state = Mutex(State())

    var timing: LeaseTiming {
        var timing = LeaseTiming()
        timing.sleep = { [self] in await sleep(until: $0) }
        return timing
    }

    /// What is waited for, in order.
    var moments: [ContinuousClock.Instant] { state.withLock { $0.sleepers.values.map(\.moment).sorted() } }

    /// Wakes whoever waits for this moment or an earlier one.
    func advance(to now: ContinuousClock.Instant) {
        let due = state.withLock { state in
            let due = state.sleepers.filter { $0.value.moment <= now }
            for number in due.keys { state.sleepers[number] = nil }
            return due.values.map(\.wake)
        }
        for wake in due { wake.resume(returning: now) }
    }

    private func sleep(until moment: ContinuousClock.Instant) async -> ContinuousClock.Instant? {
        let number = state.withLock { state in
            state.number += 1
            return state.number
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { wake in
                let isCancelled = state.withLock { state in
                    if state.cancelled.contains(number) { return true }
                    state.sleepers[number] = (moment, wake)
                    return false
                }
                if isCancelled { wake.resume(returning: nil) }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                state.cancelled.insert(number)
                return state.sleepers.removeValue(forKey: number)
            }
            sleeper?.wake.resume(returning: nil)
        }
    }
}

/// What a lease holder told.
final class EventLog: Sendable {
    private let events = Mutex<[LeaseEvent]>([])

    var all: [LeaseEvent] { events.withLock { $0 } }
    /// `issued`, `replaced`, ... without what belongs to them.
    var words: [String] {
        all.map { event in
            switch event.kind {
            case .issued: "issued"
            case .renewed: "renewed"
            case .replaced: "replaced"
            case .revoked: "revoked"
            case .failed(let error): "failed: \(error.found)"
            }
        }
    }

    @Sendable func add(_ event: LeaseEvent) { events.withLock { $0.append(event) } }
}
