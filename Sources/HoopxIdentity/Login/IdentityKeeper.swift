import HoopxCore
import Synchronization

/// Holds a run's verified ID token: fetches the next one before it expires, and knows when the identity has ended.
///
/// It ends for good when the provider refuses a refresh, or when the token has expired without a successor. A network
/// that is down for a while ends nothing while the token lasts.
public final class IdentityKeeper: IdentityTokenSource, Sendable {
    public enum Status: Hashable, Sendable {
        case valid
        /// Why, for a denial's text: "the provider refused to refresh the login: invalid_grant".
        case ended(reason: String)
    }

    /// Fetches the successor of a token, verified and of the same subject.
    public typealias Renewal =
        @Sendable (_ current: VerifiedIDToken) async throws(RenewalFailure) -> VerifiedIDToken
    /// Fetches a token for an audience that the run's own token is not meant for.
    public typealias AudienceToken = @Sendable (_ audience: String) async throws(HoopxError) -> Secret

    private struct State {
        var token: VerifiedIDToken
        /// When it came: what is left of its life then decides when the next is fetched.
        var schedule: RenewalSchedule
        /// Why the identity has ended for good.
        var end: String?
        /// What the last try to renew found, where it failed.
        var trouble: String?
        var onEnd: (@Sendable (String) -> Void)?
        var keeping: Task<Void, Never>?
        /// The renewal that is under way.
        var renewal: Task<Void, Never>?
        var isStopped = false
    }

    private let state: Mutex<State>
    private let clock: IdentityClock
    private let renew: Renewal?
    private let tokenForAudience: AudienceToken?

    /// - Parameters:
    ///   - token: valid now.
    ///   - renew: nil where there is no way to a successor: the identity then ends with the token.
    ///   - tokenForAudience: nil where the provider makes tokens for one audience only.
    public init(
        _ token: VerifiedIDToken, clock: IdentityClock = .system, renew: Renewal?,
        tokenForAudience: AudienceToken? = nil
    ) {
        self.clock = clock
        self.renew = renew
        self.tokenForAudience = tokenForAudience
        state = Mutex(State(token: token, schedule: RenewalSchedule(token, receivedAt: clock.now())))
    }

    /// Begins to keep the token fresh.
    ///
    /// - Parameter onEnd: called once, on any thread, when the identity ends for good; not after `stop`.
    public func start(onEnd: @escaping @Sendable (_ reason: String) -> Void = { _ in }) {
        state.withLock { state in
            guard state.keeping == nil, !state.isStopped else { return }
            state.onEnd = onEnd
            state.keeping = Task.detached { await self.keep() }
        }
    }

    /// Ends the work in the background. A renewal that is under way is waited for, at most as long as its exchange may
    /// take: its refresh token would be lost, and the login with it.
    public func stop() async {
        let (keeping, renewal) = state.withLock { state in
            state.isStopped = true
            state.onEnd = nil
            return (state.keeping, state.renewal)
        }
        keeping?.cancel()
        await keeping?.value
        await renewal?.value
    }

    /// Whether the identity is good now. Never waits, whatever is under way.
    ///
    /// While a token has expired and the try for its successor is still out (a machine that slept), it is `ended`, and
    /// may become `valid` again; `onEnd` tells of the end that is for good.
    public var status: Status {
        let now = clock.now()
        return state.withLock { state in
            if let end = state.end { return .ended(reason: end) }
            return now < state.token.expiresAt ? .valid : .ended(reason: Self.expired(state))
        }
    }

    /// The token that counts now, or counted last.
    public var token: VerifiedIDToken { state.withLock { $0.token } }

    public func identityToken(audience: String?) async throws(HoopxError) -> Secret {
        if case .ended = status { await renewOnce() }
        if case .ended(let reason) = status {
            throw HoopxError(
                .startup, doing: "using the identity of \(token.issuer)", found: reason,
                hint: "start the session again, after hoopx login where a person has logged in")
        }
        let token = token
        guard let audience, !token.audience.contains(audience) else { return token.token }
        guard let tokenForAudience else {
            throw HoopxError(
                .startup, doing: "getting an ID token for \(audience)",
                found: "\(token.issuer) gives tokens for \(token.audience.joined(separator: ", ")) only",
                hint: "let the service accept that audience")
        }
        return try await tokenForAudience(audience)
    }

    // MARK: in the background

    /// The longest sleep: a jump of the clock is noticed after it.
    private static let longestSleep = Duration.seconds(30)

    private func keep() async {
        while let wait = nextWait() {
            if wait > .zero {
                do { try await clock.sleep(min(wait, Self.longestSleep)) } catch { return }
            } else {
                await renewOnce()
            }
            if Task.isCancelled { return }
        }
    }

    /// How long there is nothing to do; nil where there never is again.
    private func nextWait() -> Duration? {
        let now = clock.now()
        return state.withLock { state in
            guard state.end == nil, !state.isStopped else { return nil }
            return state.schedule.next.duration(since: now)
        }
    }

    /// Renews, or waits for the renewal that is under way. It goes on when the caller is cancelled.
    private func renewOnce() async {
        let renewal: Task<Void, Never>? = state.withLock { state in
            guard state.end == nil, !state.isStopped else { return state.renewal }
            if let renewal = state.renewal { return renewal }
            let current = state.token
            // The result waits for the lock, so it never comes before the task is noted.
            let renewal = Task.detached { self.finish(await self.outcome(of: current)) }
            state.renewal = renewal
            return renewal
        }
        await renewal?.value
    }

    private func outcome(of current: VerifiedIDToken) async -> Result<VerifiedIDToken, RenewalFailure> {
        guard let renew else { return .failure(.nothingNew("there is no way to a new one")) }
        do throws(RenewalFailure) {
            return .success(try await renew(current))
        } catch {
            return .failure(error)
        }
    }

    private func finish(_ outcome: Result<VerifiedIDToken, RenewalFailure>) {
        let now = clock.now()
        let call: (@Sendable () -> Void)? = state.withLock { state in
            state.renewal = nil
            switch outcome {
            case .success(let token) where token.expiresAt <= state.token.expiresAt:
                state.trouble = "no newer one has come yet"
                state.schedule.retry(after: now, until: state.token.expiresAt)
            case .success(let token):
                state.trouble = nil
                state.token = token
                state.schedule = RenewalSchedule(token, receivedAt: now)
            case .failure(.refused(let reason)): return Self.end(&state, reason)
            case .failure(.nothingNew(let reason)):
                state.trouble = reason
                state.schedule.rest(until: state.token.expiresAt)
            case .failure(.transient(let reason)):
                state.trouble = reason
                state.schedule.retry(after: now, until: state.token.expiresAt)
            }
            // The last try is over too.
            return now < state.token.expiresAt ? nil : Self.end(&state, Self.expired(state))
        }
        call?()
    }

    /// Ends it for good; what is returned tells so, and is called without the lock.
    private static func end(_ state: inout State, _ reason: String) -> (@Sendable () -> Void)? {
        state.end = reason
        let onEnd = state.onEnd
        state.onEnd = nil
        guard let onEnd else { return nil }
        return { onEnd(reason) }
    }

    private static func expired(_ state: State) -> String {
        "the ID token expired at \(state.token.expiresAt)" + (state.trouble.map { ": \($0)" } ?? "")
    }
}

/// Why there is no successor to an ID token. The texts hold no part of a token.
public enum RenewalFailure: Error, Hashable, Sendable {
    /// The provider no longer vouches for the principal.
    case refused(String)
    /// Another try may succeed, as long as the token lasts.
    case transient(String)
    /// Nothing is wrong, but another will not come.
    case nothingNew(String)
}
