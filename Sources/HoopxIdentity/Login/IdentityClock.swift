import Glibc
import HoopxCore

/// The time as logging in and refreshing see it, so that a test can be its master.
public struct IdentityClock: Sendable {
    /// UTC, as tokens have it. It can jump.
    public let now: @Sendable () -> Timestamp
    /// Since some moment in the past, never backwards, with the time that the machine slept.
    public let elapsed: @Sendable () -> Duration
    /// Waits for so long, or throws `CancellationError`.
    public let sleep: @Sendable (Duration) async throws -> Void

    public init(
        now: @escaping @Sendable () -> Timestamp, elapsed: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.elapsed = elapsed
        self.sleep = sleep
    }

    /// The machine's clocks.
    public static let system: IdentityClock = {
        let start = ContinuousClock.now
        return IdentityClock(
            now: { .now() }, elapsed: { ContinuousClock.now - start }, sleep: { try await Task.sleep(for: $0) })
    }()
}

extension Timestamp {
    func advanced(by duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return Timestamp(microseconds: microseconds + seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    }

    /// How long after another moment this one is; negative where it is before it.
    func duration(since other: Timestamp) -> Duration { .microseconds(microseconds - other.microseconds) }
}
