import NIOCore
import NIOPosix
import Synchronization

/// The way back onto an event loop for work that was done elsewhere, closed before the loops end: a lookup or a lease
/// may take longer than the run.
final class LoopDoor: Sendable {
    private struct State {
        var isClosed = false
        /// What came too late. It is kept, because it may hold promises that are never to be fulfilled.
        var abandoned: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    func execute(on loop: any EventLoop, _ work: @escaping @Sendable () -> Void) {
        state.withLock { state in
            // Under the lock, so that no loop can end in between.
            if state.isClosed { state.abandoned.append(work) } else { loop.execute(work) }
        }
    }

    var isClosed: Bool { state.withLock(\.isClosed) }

    func close() { state.withLock { $0.isClosed = true } }

    /// Runs blocking work on a thread, and completes the future on the loop.
    func run<Value: Sendable>(
        on threads: NIOThreadPool, for loop: any EventLoop, _ work: @escaping @Sendable () throws -> Value
    ) -> EventLoopFuture<Value> {
        let promise = loop.makePromise(of: Value.self)
        threads.submit { _ in
            let result = Result { try work() }
            self.execute(on: loop) { promise.completeWith(result) }
        }
        return promise.futureResult
    }
}
