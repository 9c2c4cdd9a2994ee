import HoopxCore

/// When a lease is refreshed and when it ends, by what its source says of its lifetime.
struct LeaseTerm: Sendable {
    /// What is longer is taken for this: nobody means it.
    static let longest = Duration.seconds(365 * 86_400)

    let refreshAt: ContinuousClock.Instant
    let expiresAt: ContinuousClock.Instant

    /// - Parameters:
    ///   - lifetime: positive.
    ///   - start: before the source was asked, so that the way of its answer makes no lease too long.
    ///   - ahead: how long before its end it is refreshed; not in the first half of its life, however short that is.
    ///   - reserve: how long before its end it is used for the last time, for the way of a request; a quarter at most.
    init(lifetime: Duration, from start: ContinuousClock.Instant, ahead: Duration, reserve: Duration = .zero) {
        let lifetime = min(lifetime, Self.longest)
        refreshAt = start + max(lifetime - ahead, lifetime / 2)
        expiresAt = start + lifetime - min(reserve, lifetime / 4)
    }

    func lease(_ token: Secret) -> Lease { Lease(token: token, expiresAt: expiresAt, refreshAt: refreshAt) }
}
