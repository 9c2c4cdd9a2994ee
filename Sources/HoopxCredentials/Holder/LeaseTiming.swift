/// How long a lease holder waits for what.
struct LeaseTiming: Sendable {
    /// Between a failed renewal and the next while the old lease still serves: doubled with each failure in a row.
    var retryInterval = Duration.seconds(5)
    var longestRetryInterval = Duration.seconds(60)
    /// How long a failure is the answer to whoever asks: a client that retries at once must not hammer a token service.
    var failureInterval = Duration.seconds(1)
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
        min(retryInterval * (1 << min(failures - 1, 16)), longestRetryInterval)
    }
}
