import HoopxCore

/// Something of the issuer's with the moment of its fetch.
struct Fetched<Value: Sendable>: Sendable {
    let value: Value
    let at: Timestamp
    /// In seconds.
    let lifetime: Int64

    func isFresh(_ now: Timestamp) -> Bool { serves(now, for: lifetime) }

    /// Whether it may stand in while there is nothing newer.
    func servesInOutage(_ now: Timestamp) -> Bool { serves(now, for: lifetime + KeyLifetime.outage) }

    func unlessTooOld(_ now: Timestamp) -> Self? { servesInOutage(now) ? self : nil }

    /// A clock that was set back makes the fetch a future one, whose age nobody knows: then it is asked for anew.
    private func serves(_ now: Timestamp, for seconds: Int64) -> Bool {
        let age = now.microseconds - at.microseconds
        return age >= -TokenClaims.skew * 1_000_000 && age < seconds * 1_000_000
    }
}
