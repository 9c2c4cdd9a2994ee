import HoopxCore

/// When an ID token's successor is fetched.
struct RenewalSchedule: Sendable {
    /// The moment of the next try.
    private(set) var next: Timestamp
    private var backoff: Duration

    private static let shortestPause = Duration.seconds(1)
    private static let shortestBackoff = Duration.seconds(5)
    private static let longestBackoff = Duration.seconds(60)

    /// After 80 % of the token's life, and 120 s before its end where it is long enough for that, a little earlier at
    /// random: machines that start together shall not ask together.
    ///
    /// - Parameters:
    ///   - receivedAt: counts as its birth where it is before what the token says: a clock may be wrong.
    ///   - jitter: 0 to 1, what of the random part is used.
    init(_ token: VerifiedIDToken, receivedAt: Timestamp, jitter: Double = .random(in: 0...1)) {
        let birth = min(token.issuedAt, receivedAt)
        let life = max(token.expiresAt.duration(since: birth), .zero)
        // In the first half of a life, asking would only bring the same again.
        let early = max(min(life * 0.8, life - .seconds(120)), life * 0.5)
        let due = birth.advanced(by: early - life * (0.05 * jitter))
        // Whatever a token's times are, its provider is not asked in a circle.
        next = max(due, receivedAt.advanced(by: Self.shortestPause))
        backoff = Self.shortestBackoff
    }

    /// After a try that failed: 5 s, then twice as long each time, at most 60 s; the last one is at the token's end.
    mutating func retry(after now: Timestamp, until end: Timestamp) {
        next = min(now.advanced(by: backoff), max(end, now))
        backoff = min(backoff * 2, Self.longestBackoff)
    }

    /// No try before the token's end.
    mutating func rest(until end: Timestamp) { next = max(next, end) }
}
