import Synchronization

/// Asks once for all who ask at one time. It goes on when one of them is cancelled.
final class SharedQuestion<Answer: Sendable>: Sendable {
    private typealias Outcome = Result<Answer, IssuerFailure>

    private let running = Mutex<Task<Outcome, Never>?>(nil)

    /// - Parameter ask: not called where the question is under way already.
    func answer(
        _ ask: @escaping @Sendable () async throws(IssuerFailure) -> Answer
    ) async throws(IssuerFailure) -> Answer {
        let task = running.withLock { running in
            if let running { return running }
            // It ends with this lock, so never before it is noted.
            let task = Task.detached {
                let outcome: Outcome
                do throws(IssuerFailure) {
                    outcome = .success(try await ask())
                } catch {
                    outcome = .failure(error)
                }
                self.running.withLock { $0 = nil }
                return outcome
            }
            running = task
            return task
        }
        return try await task.value.get()
    }
}
