import Foundation
import HoopxCore
import HoopxIdentity
import HoopxTestSupport
import Synchronization

/// A clock whose time passes when a test says so, or when somebody sleeps.
final class LoginClock: Sendable {
    private struct State {
        var elapsed = Duration.zero
        /// What UTC jumped by, beside the time that passed.
        var jump = Duration.zero
        var sleeps: [Duration] = []
        var sleepers: [Int: (end: Duration, continuation: CheckedContinuation<Void, any Error>)] = [:]
        var count = 0
    }

    private let state = Mutex(State())
    private let passesInSleep: Bool
    private let start = Timestamp(microseconds: Timestamp.now().microseconds / 1_000_000 * 1_000_000)

    /// - Parameter passesInSleep: whether a sleep is over at once, and its time has passed.
    init(passesInSleep: Bool = false) { self.passesInSleep = passesInSleep }

    var clock: IdentityClock {
        IdentityClock(
            now: { self.now }, elapsed: { self.state.withLock { $0.elapsed } }, sleep: { try await self.sleep($0) })
    }

    var now: Timestamp {
        let since = state.withLock { $0.elapsed + $0.jump }
        return Timestamp(microseconds: start.microseconds + Int64(since / .microseconds(1)))
    }

    var date: Date { Date(timeIntervalSince1970: Double(now.microseconds) / 1_000_000) }

    /// Every sleep so far.
    var sleeps: [Duration] { state.withLock { $0.sleeps } }

    var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    func advance(by time: Duration) {
        let woken = state.withLock { state in
            state.elapsed += time
            let over = state.sleepers.filter { $0.value.end <= state.elapsed }
            for id in over.keys { state.sleepers[id] = nil }
            return over.values.map(\.continuation)
        }
        for continuation in woken { continuation.resume() }
    }

    /// Somebody sets the machine's clock.
    func jump(by time: Duration) { state.withLock { $0.jump += time } }

    /// Lets sleepers sleep, one after the other, until a condition holds.
    func pass(_ what: String, until condition: () -> Bool) async throws {
        try await eventually(what) {
            if condition() { return true }
            let next = state.withLock { state in state.sleepers.values.map(\.end).min().map { $0 - state.elapsed } }
            if let next { advance(by: next) }
            return condition()
        }
    }

    private func sleep(_ time: Duration) async throws {
        if passesInSleep {
            try Task.checkCancellation()
            state.withLock { state in
                state.sleeps.append(time)
                state.elapsed += time
            }
            return
        }
        let id = state.withLock { state in
            state.count += 1
            return state.count
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let error: (any Error)? = state.withLock { state in
                    if Task.isCancelled { return CancellationError() }
                    state.sleeps.append(time)
                    state.sleepers[id] = (state.elapsed + time, continuation)
                    return nil
                }
                if let error { continuation.resume(throwing: error) }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume(throwing: CancellationError())
        }
    }
}
