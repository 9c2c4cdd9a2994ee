import HoopxCore
import Synchronization

/// Holds a connection's credential for the data path: there without waiting while it is valid, and renewed before it
/// expires, once, however many requests ask.
public final class LeaseHolder: Sendable {
    /// How long a failed renewal waits before the next, while the old lease still serves.
    static let retryInterval = Duration.seconds(5)

    private typealias Outcome = Result<Lease, HoopxError>

    private struct State {
        var lease: Lease?
        /// The question to the source that is under way.
        var question: Task<Outcome, Never>?
        /// No renewal in the background before this.
        var retryAt: ContinuousClock.Instant?
    }

    private let source: any CredentialSource
    private let state = Mutex(State())

    public init(_ source: any CredentialSource) { self.source = source }

    /// How messages name the source.
    public var name: String { source.name }

    /// How requests carry the credential, known before there is one.
    public var injection: CredentialInjection { source.injection }

    /// The lease that serves now, or nil where one must be waited for with `lease()`. Never blocks; where the lease is
    /// due for renewal, that begins in the background.
    public func current(at now: ContinuousClock.Instant = .now) -> Lease? {
        state.withLock { state in
            guard let lease = state.lease, lease.isValid(at: now) else { return nil }
            if lease.isDueForRefresh(at: now), state.question == nil, state.retryAt.map({ now >= $0 }) ?? true {
                state.retryAt = now + Self.retryInterval
                state.question = ask()
            }
            return lease
        }
    }

    /// The lease that serves now, asking the source where there is none. Callers at one time share one question, which
    /// goes on when one of them is cancelled.
    ///
    /// - Throws: what the source says, to all who shared the question. The next call asks again.
    public func lease(at now: ContinuousClock.Instant = .now) async throws(HoopxError) -> Lease {
        if let lease = current(at: now) { return lease }
        let question = state.withLock { state in
            let question = state.question ?? ask()
            state.question = question
            return question
        }
        return try await question.value.get()
    }

    /// Called with the state locked: the answer waits for the lock, so it never comes before the question is noted.
    private func ask() -> Task<Outcome, Never> {
        Task.detached {
            let outcome: Outcome
            do throws(HoopxError) {
                outcome = .success(try await self.source.lease())
            } catch {
                outcome = .failure(error)
            }
            self.state.withLock { state in
                state.question = nil
                if case .success(let lease) = outcome {
                    state.lease = lease
                    state.retryAt = nil
                }
            }
            return outcome
        }
    }
}
