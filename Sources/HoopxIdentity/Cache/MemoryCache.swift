import HoopxCore
import Synchronization

/// Identities for as long as the process lives: each start logs in anew.
public final class MemoryCache: TokenCache {
    private struct State {
        var identities: [CacheKey: CachedIdentity] = [:]
        /// Who waits for a key that is locked, in the order in which they came.
        var waiting: [CacheKey: [CheckedContinuation<Void, Never>]] = [:]
    }

    private let state = Mutex(State())

    public init() {}

    public func load(_ key: CacheKey) -> CacheLookup {
        state.withLock { $0.identities[key] }.map { .found($0) } ?? .nothing
    }

    public func store(_ identity: CachedIdentity, for key: CacheKey) {
        state.withLock { $0.identities[key] = identity }
    }

    public func remove(_ key: CacheKey) { state.withLock { $0.identities[key] = nil } }

    /// Waits without a limit: who holds the lock is of this process, and has deadlines of its own.
    public func withLock<Result: Sendable>(
        _ key: CacheKey, _ body: @Sendable () async throws(HoopxError) -> Result
    ) async throws(HoopxError) -> Result {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.waiting[key] != nil else {
                    state.waiting[key] = []
                    return true
                }
                state.waiting[key]?.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
        defer { passOn(key) }
        return try await body()
    }

    private func passOn(_ key: CacheKey) {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.waiting[key]?.isEmpty == false else {
                state.waiting[key] = nil
                return nil
            }
            return state.waiting[key]?.removeFirst()
        }
        next?.resume()
    }
}
