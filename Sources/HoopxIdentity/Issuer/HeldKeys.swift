import HoopxCore
import HoopxJSON
import Synchronization

/// An issuer's keys: fetched when they are first needed, again when their lifetime is over, and once more when a token
/// names one that is not among them.
final class HeldKeys: Sendable {
    typealias Fetch = @Sendable () async throws(IssuerFailure) -> Fetched<KeySet>

    /// Between two fetches that only a token's say or an issuer in trouble gives reason for, in microseconds.
    static let retryInterval: Int64 = 30_000_000

    private struct Keys: Sendable {
        let fetched: Fetched<KeySet>
        /// Counts the fetches, from 1: tells a set from its successor.
        let generation: Int
    }

    private struct State {
        var keys: Keys?
        /// When a token's unknown key was last reason to ask.
        var refetchedAt: Timestamp?
        /// When the issuer last could not answer.
        var failedAt: Timestamp?
    }

    private let now: @Sendable () -> Timestamp
    private let fetch: Fetch
    private let state: Mutex<State>
    private let question = SharedQuestion<Keys>()
    /// For an unknown key; nil where it was asked too short a time ago.
    private let refetch = SharedQuestion<Keys?>()

    init(known: Fetched<KeySet>?, now: @escaping @Sendable () -> Timestamp, fetch: @escaping Fetch) {
        self.now = now
        self.fetch = fetch
        state = Mutex(State(keys: known.map { Keys(fetched: $0, generation: 1) }))
    }

    /// What there is without asking.
    var fetched: Fetched<KeySet>? { state.withLock { $0.keys?.fetched } }

    /// The key that a token's header means.
    func key(for header: TokenHeader) async throws -> IssuerKey {
        let keys = try await current()
        if let key = try keys.fetched.value.key(for: header) { return key }
        if let newer = try await newer(than: keys), let key = try newer.fetched.value.key(for: header) { return key }
        let wanted = header.keyID.map { "the key \(ForeignText($0))" } ?? "a key for \(header.algorithm.rawValue)"
        throw TokenFault(
            .key, "expected a signature by one of the issuer's keys, found \(wanted), which is none of them",
            hint: "check that the token is of this issuer; after a change of its keys, try again in half a minute")
    }

    private func current() async throws(IssuerFailure) -> Keys {
        let (keys, failedAt) = state.withLock { ($0.keys, $0.failedAt) }
        if let keys {
            let now = now()
            // An issuer that has just failed is not waited for at every token.
            if keys.fetched.isFresh(now) || (isRecent(failedAt) && keys.fetched.servesInOutage(now)) { return keys }
        }
        do {
            return try await fetched(after: keys)
        } catch {
            guard error.isOutage, let keys, keys.fetched.servesInOutage(now()) else { throw error }
            return keys
        }
    }

    private func newer(than keys: Keys) async throws(IssuerFailure) -> Keys? {
        try await refetch.answer { () async throws(IssuerFailure) in
            let (newest, refetchedAt) = self.state.withLock { ($0.keys, $0.refetchedAt) }
            if let newest, newest.generation != keys.generation { return newest }
            if self.isRecent(refetchedAt) { return nil }
            let now = self.now()
            self.state.withLock { $0.refetchedAt = now }
            return try await self.fetched(after: keys)
        }
    }

    private func fetched(after old: Keys?) async throws(IssuerFailure) -> Keys {
        try await question.answer { () async throws(IssuerFailure) in
            // Another question may have ended since the caller looked.
            if let newest = self.state.withLock({ $0.keys }), newest.generation != old?.generation { return newest }
            do throws(IssuerFailure) {
                let fetched = try await self.fetch()
                return self.state.withLock { state in
                    let keys = Keys(fetched: fetched, generation: (state.keys?.generation ?? 0) + 1)
                    state.keys = keys
                    state.failedAt = nil
                    return keys
                }
            } catch {
                let now = self.now()
                if error.isOutage { self.state.withLock { $0.failedAt = now } }
                throw error
            }
        }
    }

    private func isRecent(_ moment: Timestamp?) -> Bool {
        guard let moment else { return false }
        return abs(now().microseconds - moment.microseconds) < Self.retryInterval
    }
}
