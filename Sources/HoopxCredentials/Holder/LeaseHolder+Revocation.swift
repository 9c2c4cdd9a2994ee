import HoopxCore

/// The end of leases before their time.
extension LeaseHolder {
    /// Ends the holder: it gives no lease any more, and its source is asked to revoke those that are still good, one that
    /// is just being asked for included. Cancelling the caller does not stop it, and a second call finds nothing to do.
    ///
    /// - Parameter limit: how long it may take; what is not revoked by then ends by its expiry.
    public func revoke(within limit: Duration = .seconds(3)) async {
        let now = ContinuousClock.now
        let (leases, question) = state.withLock { state in
            state.hasEnded = true
            state.alarm?.cancel()
            state.question?.cancel()
            defer {
                state.alarm = nil
                state.lease = nil
                state.replaced = []
            }
            return (([state.lease].compactMap { $0 } + state.replaced).filter { $0.isValid(at: now) }, state.question)
        }
        if leases.isEmpty, question == nil { return }
        let work = Task.detached {
            await withTaskGroup { group in
                for lease in leases { group.addTask { await self.end(lease) } }
                group.addTask { _ = await question?.value }
            }
        }
        await Self.wait(for: work, atMost: limit)
    }

    /// Puts away a lease that another took the place of.
    func retire(_ lease: Lease, at now: ContinuousClock.Instant, _ state: inout State) {
        state.replaced.append(lease)
        let moment = now + timing.revocationDelay
        Task.detached { [weak self, timing] in
            guard let now = await timing.sleep(moment) else { return }
            await self?.endReplaced(lease, at: now)
        }
    }

    private func endReplaced(_ lease: Lease, at now: ContinuousClock.Instant) async {
        let isMine = state.withLock { state in
            guard let index = state.replaced.firstIndex(where: { $0.id == lease.id }) else { return false }
            state.replaced.remove(at: index)
            return true
        }
        if isMine, lease.isValid(at: now) { await end(lease) }
    }

    func end(_ lease: Lease) async {
        do throws(HoopxError) {
            if try await source.revoke(lease) { tell(.revoked, lease) }
        } catch {
            tell(.failed(error), lease)
        }
    }

    /// A task group would wait for work that does not heed its cancellation.
    private static func wait(for work: Task<Void, Never>, atMost limit: Duration) async {
        let (end, continuation) = AsyncStream.makeStream(of: Void.self)
        Task.detached {
            await work.value
            continuation.finish()
        }
        let timer = Task.detached {
            try? await Task.sleep(for: limit)
            continuation.finish()
        }
        // In a task of its own: waiting for a stream ends at once where the caller is cancelled.
        await Task.detached { for await _ in end {} }.value
        timer.cancel()
        work.cancel()
    }
}
