/// How long a lease holder waits for what.
struct LeaseTiming: Sendable {
    /// Between a failed renewal and the next while the old lease still serves: doubled with each failure in a row.
    var retryInterval = Duration.seconds(5)
    var longestRetryInterval = Duration.seconds(60)
    /// How long a failure is the answer to whoever asks, doubled with each in a row: a client that tries again and again
    /// must not hammer a token service.
    var failureInterval = Duration.seconds(1)
    var longestFailureInterval = Duration.seconds(60)
    /// Between the replacement of a lease and its revocation: what was sent with it has arrived by then.
    var revocationDelay = Duration.seconds(30)
    /// Waits until a moment and says which it is then; nil where the task was cancelled.
    var sleep: @Sendable (ContinuousClock.Instant) async -> ContinuousClock.Instant? = { moment in
        do {
            try await Task.sleep(until: moment, clock: .continuous)
            return .now
        } catch {
            return nil
        }
    }

    /// - Parameter failures: in a row, at least one.
    func retryDelay(after failures: Int) -> Duration {
        Self.doubled(retryInterval, after: failures, atMost: longestRetryInterval)
    }

    /// - Parameters:
    ///   - failures: in a row, at least one.
    ///   - isLocal: whether the source is of this machine alone (`CredentialSource.isLocal`): it is not to be spared, and what
    ///     the user has put right there serves at once.
    func failurePause(after failures: Int, isLocal: Bool) -> Duration {
        isLocal ? failureInterval : Self.doubled(failureInterval, after: failures, atMost: longestFailureInterval)
    }

    private static func doubled(_ interval: Duration, after failures: Int, atMost longest: Duration) -> Duration {
        min(interval * (1 << min(failures - 1, 16)), longest)
    }
}
