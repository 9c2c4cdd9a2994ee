import NIOCore
import Synchronization

/// Lets a response go on step by step: the server waits at the gate until the test has opened it once more.
///
/// With it a test proves that an event arrived before the next one was sent, without any clock.
public final class EventGate: Sendable {
    private struct State {
        var passes = 0
        var waiting: [EventLoopPromise<Void>] = []
    }
    private let state = Mutex(State())

    public init() {}

    /// Lets one more step pass, now or when it comes.
    public func open() {
        let promise: EventLoopPromise<Void>? = state.withLock { state in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.passes += 1
            return nil
        }
        promise?.succeed()
    }

    func pass(on loop: EventLoop) -> EventLoopFuture<Void> {
        let promise: EventLoopPromise<Void>? = state.withLock { state in
            guard state.passes == 0 else {
                state.passes -= 1
                return nil
            }
            let promise = loop.makePromise(of: Void.self)
            state.waiting.append(promise)
            return promise
        }
        return promise?.futureResult ?? loop.makeSucceededVoidFuture()
    }

    /// Lets whatever waits go, so that no server is held back by a test that failed in between.
    func openForever() {
        let waiting = state.withLock { state in
            state.passes = Int.max / 2
            defer { state.waiting = [] }
            return state.waiting
        }
        for promise in waiting { promise.succeed() }
    }
}
