/// The conversation with a token endpoint while a person confirms a login (RFC 8628, 3.3 to 3.5), as a pure value: what
/// happened goes in, what to do comes out.
///
/// Times are since the provider's answer to the first request.
struct DevicePolling {
    enum State: Hashable {
        /// Until the next question. To `asking` when the wait is over; to `ended` when the code has expired.
        case waiting
        /// For the answer to one. To `waiting` while the login is not confirmed, or the provider not to be had; to `ended`
        /// with everything else.
        case asking
        /// With tokens or without. Nothing leads out of it.
        case ended
    }

    /// What to do next.
    enum Action {
        case wait(Duration)
        case ask
        case succeed(TokenSet)
        case fail(Failure)
    }

    enum Failure: Hashable {
        /// The person, or the provider for them, said no.
        case denied(OAuthRefusal)
        /// Nobody confirmed in time. With what was last found, where the provider was not to be had at the end.
        case expired(lastTrouble: String?)
        /// Another refusal, or no answer that makes sense.
        case endpoint(OAuthFailure)
    }

    private(set) var state = State.waiting
    private let lifetime: Duration
    private var interval: Duration
    /// How many times in a row the provider was not to be had.
    private var troubles = 0
    private var lastTrouble: String?

    /// RFC 8628, 3.5: what slow_down adds, for good.
    private static let slowDown = Duration.seconds(5)
    /// The longest wait after trouble, unless the provider's interval is longer.
    private static let longestBackoff = Duration.seconds(60)

    init(lifetime: Duration, interval: Duration) {
        self.lifetime = lifetime
        self.interval = interval
    }

    /// The first action.
    func start() -> Action { .wait(min(interval, lifetime)) }

    /// A wait is over.
    mutating func waited(now: Duration) -> Action {
        precondition(state == .waiting, "a wait ends in \(state)")
        guard now < lifetime else { return end(.expired(lastTrouble: lastTrouble)) }
        state = .asking
        return .ask
    }

    /// The endpoint gave tokens.
    mutating func received(_ tokens: TokenSet) -> Action {
        precondition(state == .asking, "tokens come in \(state)")
        state = .ended
        return .succeed(tokens)
    }

    /// The endpoint gave none.
    mutating func failed(_ failure: OAuthFailure, now: Duration) -> Action {
        precondition(state == .asking, "an answer comes in \(state)")
        switch failure {
        case .transient(let trouble):
            // RFC 8628, 3.5: less often after each, by doubling the interval.
            troubles += 1
            lastTrouble = trouble
            let backoff = interval * (1 << min(troubles, 6))
            return wait(max(interval, min(backoff, Self.longestBackoff)), now: now)
        case .unusable: return end(.endpoint(failure))
        case .refused(let refusal):
            troubles = 0
            lastTrouble = nil
            switch refusal.code {
            case "authorization_pending": return wait(interval, now: now)
            case "slow_down":
                interval += Self.slowDown
                return wait(interval, now: now)
            case "access_denied": return end(.denied(refusal))
            case "expired_token": return end(.expired(lastTrouble: nil))
            default: return end(.endpoint(failure))
            }
        }
    }

    private mutating func wait(_ time: Duration, now: Duration) -> Action {
        state = .waiting
        return .wait(max(.zero, min(time, lifetime - now)))
    }

    private mutating func end(_ failure: Failure) -> Action {
        state = .ended
        return .fail(failure)
    }
}
