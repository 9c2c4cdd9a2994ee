import HoopxCore
import Synchronization

/// A clock that goes when the test says so, forwards or backwards.
final class TestClock: Sendable {
    private let seconds = Mutex<Int64>(1_800_000_000)

    var now: Int64 { seconds.withLock { $0 } }

    func timestamp() -> Timestamp { Timestamp(microseconds: now * 1_000_000) }

    func advance(by count: Int64) { seconds.withLock { $0 += count } }
}
