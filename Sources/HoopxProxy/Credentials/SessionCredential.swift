import HoopxCore
import Synchronization

/// What a run's target uses hoopx with: the placeholder, for as long as the session may last.
///
/// It ends once and for good, and from then on nothing new passes: no request, with or without the placeholder, no
/// tunnel, and no further byte of the target's in one that is open, or in a request's body. A request that has gone
/// upstream as a whole before goes on to the end of its response.
public final class SessionCredential: Sendable {
    public let placeholder: Placeholder
    /// Names the clients' own tokens in this session's record.
    let fingerprints = TokenFingerprint()

    private let issuedAt: ContinuousClock.Instant
    private let maxDuration: Duration?
    private let idleTimeout: Duration?
    private let clock: @Sendable () -> ContinuousClock.Instant
    private let state: Mutex<State>

    private struct State {
        var lastUse: ContinuousClock.Instant
        /// Exchanges with the placeholder that are under way: as long as an answer comes, nobody is idle.
        var exchanges = 0
        var ending: Ending?
    }

    /// Why it ended, and when.
    struct Ending: Sendable {
        enum Reason: Hashable, Sendable {
            case expired, idle, revoked
            case identityEnded(String)
        }

        let reason: Reason
        let at: Timestamp
    }

    /// - Parameters:
    ///   - maxDuration: how long it lasts from now on, however it is used; nil for as long as the command runs.
    ///   - idleTimeout: how long it lasts without a request that carries it; nil for as long as the command runs.
    ///   - clock: one that goes on while the machine sleeps: a lid that was closed for the night is eight hours without
    ///     use. `ContinuousClock` is CLOCK_BOOTTIME on Linux.
    public init(
        _ placeholder: Placeholder = .generate(), maxDuration: Duration? = nil, idleTimeout: Duration? = nil,
        clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.placeholder = placeholder
        self.maxDuration = maxDuration
        self.idleTimeout = idleTimeout
        self.clock = clock
        issuedAt = clock()
        state = Mutex(State(lastUse: issuedAt))
    }

    /// Ends it because the command has ended.
    public func revoke() { end(.revoked) }

    /// Ends it because the identity provider no longer vouches for the session's principal.
    ///
    /// - Parameter reason: in the user's words, without any part of a token; denials repeat it.
    public func end(identity reason: String) { end(.identityEnded(reason)) }

    private func end(_ reason: Ending.Reason) {
        let now = Timestamp.now()
        state.withLock { $0.ending = $0.ending ?? Ending(reason: reason, at: now) }
    }

    /// Why nothing new passes any more; nil while it does. Every request asks: one lock, and one reading of the clock
    /// where a limit is set.
    var ending: Ending? {
        guard maxDuration != nil || idleTimeout != nil else { return state.withLock { $0.ending } }
        let now = clock()
        return state.withLock { state in
            if state.ending == nil { state.ending = limitReached(at: now, state) }
            return state.ending
        }
    }

    /// A request came that carries it, whatever becomes of the request. It must have been found valid just before.
    func used() {
        guard idleTimeout != nil else { return }
        let now = clock()
        state.withLock { $0.lastUse = max($0.lastUse, now) }
    }

    /// A request that carries it goes upstream. It counts as a use until `exchangeEnded()`.
    func exchangeBegan() {
        guard idleTimeout != nil else { return }
        state.withLock { $0.exchanges += 1 }
    }

    func exchangeEnded() {
        guard idleTimeout != nil else { return }
        let now = clock()
        state.withLock { state in
            state.exchanges -= 1
            state.lastUse = max(state.lastUse, now)
        }
    }

    /// The limit that was reached first, as of the moment at which it was, by the wall clock of now.
    private func limitReached(at now: ContinuousClock.Instant, _ state: State) -> Ending? {
        let limits = [
            maxDuration.map { (Ending.Reason.expired, issuedAt + $0) },
            state.exchanges > 0 ? nil : idleTimeout.map { (.idle, state.lastUse + $0) },
        ]
        guard let (reason, moment) = limits.compactMap(\.self).filter({ now >= $0.1 }).min(by: { $0.1 < $1.1 }) else {
            return nil
        }
        let passed = (now - moment) / Duration.microseconds(1)
        return Ending(reason: reason, at: Timestamp(microseconds: Timestamp.now().microseconds - Int64(passed)))
    }

    /// What something new is denied with; nil while the session goes on.
    ///
    /// - Parameter subject: as in `Denial.subject`.
    func denial(of subject: String) -> Denial? {
        guard let ending else { return nil }
        let (code, rule, hint) = words(ending)
        return Denial(code: code, layer: .credential, rule: rule, subject: subject, hint: hint)
    }

    private func words(_ ending: Ending) -> (ReasonCode, rule: String, hint: String) {
        switch ending.reason {
        case .expired:
            let limit = "session.max_duration (\(maxDuration.map(\.setting) ?? "-"))"
            return (
                .sessionExpired, "session.max_duration",
                "this session reached \(limit) at \(ending.at); start another hoopx run, or raise the limit in the "
                    + "configuration"
            )
        case .idle:
            let limit = "session.idle_timeout (\(idleTimeout.map(\.setting) ?? "-"))"
            return (
                .sessionIdle, "session.idle_timeout",
                "this session sent no request for \(limit) and ended at \(ending.at); start another hoopx run, or raise "
                    + "the limit in the configuration"
            )
        case .revoked:
            return (
                .sessionRevoked, "session",
                "this session ended with its command at \(ending.at); start another hoopx run"
            )
        case .identityEnded(let reason):
            return (
                .identityEnded, "identity",
                "the identity provider no longer vouches for this session's principal since \(ending.at): \(reason); "
                    + "log in with hoopx login, then start another hoopx run"
            )
        }
    }
}

extension Duration {
    /// As the configuration writes it: `8h`, `30m`, `90s`.
    fileprivate var setting: String {
        let (seconds, attoseconds) = components
        guard attoseconds == 0, seconds > 0 else { return description }
        if seconds % 3_600 == 0 { return "\(seconds / 3_600)h" }
        return seconds % 60 == 0 ? "\(seconds / 60)m" : "\(seconds)s"
    }
}
