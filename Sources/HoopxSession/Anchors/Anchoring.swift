import Dispatch
import HoopxAudit
import HoopxCore
import HoopxTransparency
import Synchronization

/// Publishes the log's checkpoints at one place, beside the run: nothing waits for it but the end, and that not for long.
///
/// While a checkpoint is on its way, only the newest of those that follow is kept: it covers the others.
final class Anchoring: Sendable {
    private struct State {
        var next: SignedCheckpoint?
        var isPublishing = false
        var failure: HoopxError?
    }

    private let place: any AnchorPlace
    private let remember: @Sendable (AnchorRecord) throws(HoopxError) -> Void
    private let onFailure: @Sendable (HoopxError) -> Void
    private let state = Mutex(State())
    private let work = DispatchGroup()

    /// - Parameters:
    ///   - remember: is called with what was published.
    ///   - onFailure: is called when publishing fails after it had not; not for each attempt.
    init(
        at place: any AnchorPlace, remember: @escaping @Sendable (AnchorRecord) throws(HoopxError) -> Void,
        onFailure: @escaping @Sendable (HoopxError) -> Void
    ) {
        self.place = place
        self.remember = remember
        self.onFailure = onFailure
    }

    /// Publishes a checkpoint soon. Never blocks.
    func publish(_ signed: SignedCheckpoint) {
        let mustStart = state.withLock { state in
            state.next = signed
            defer { state.isPublishing = true }
            return !state.isPublishing
        }
        guard mustStart else { return }
        work.enter()
        Task {
            while let signed = takeNext() { await publishNow(signed) }
            work.leave()
        }
    }

    /// Waits until everything is published.
    ///
    /// - Throws: where it is not: why the last attempt failed, or that the time was up.
    func finish(within limit: Duration) throws(HoopxError) {
        let (seconds, attoseconds) = limit.components
        let milliseconds = Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
        guard work.wait(timeout: .now() + .milliseconds(milliseconds)) == .success else {
            throw HoopxError(
                .startup, doing: "publishing the last checkpoint at \(place.name)", found: "it took too long")
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    private func takeNext() -> SignedCheckpoint? {
        state.withLock { state in
            defer { state.next = nil }
            if state.next == nil { state.isPublishing = false }
            return state.next
        }
    }

    private func publishNow(_ signed: SignedCheckpoint) async {
        do throws(HoopxError) {
            try remember(try await place.publish(signed))
            state.withLock { $0.failure = nil }
        } catch {
            let isFirst = state.withLock { state in
                defer { state.failure = error }
                return state.failure == nil
            }
            if isFirst { onFailure(error) }
        }
    }
}
