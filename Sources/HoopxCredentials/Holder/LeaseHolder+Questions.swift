import HoopxCore

/// Asking the source, and what its answers change.
extension LeaseHolder {
    /// Called with the state locked: the answer waits for the lock, so it never comes before the question is noted.
    @discardableResult
    func ask(at now: ContinuousClock.Instant, _ state: inout State) -> Task<Outcome, Never> {
        let old = state.lease.flatMap { $0.isValid(at: now) ? $0 : nil }
        let question = Task.detached { await self.settle(await self.answer(replacing: old), askedAt: now) }
        state.question = question
        return question
    }

    /// The old lease prolonged where that works, else a new one.
    private func answer(replacing old: Lease?) async -> Outcome {
        do throws(HoopxError) {
            if let old, let renewed = try? await source.renew(old) { return .success(renewed) }
            if Task.isCancelled { return .failure(hasEnded) }
            return .success(try await source.lease())
        } catch {
            return .failure(error)
        }
    }

    private func settle(_ outcome: Outcome, askedAt: ContinuousClock.Instant) async -> Outcome {
        let (outcome, isLate) = state.withLock { state in
            state.question = nil
            if state.hasEnded { return (outcome, true) }
            var outcome = outcome
            if case .success(let lease) = outcome, !lease.isValid(at: askedAt) {
                outcome = .failure(TokenText.error(name, "what it gave has expired already"))
            }
            switch outcome {
            case .success(let lease): accept(lease, askedAt: askedAt, &state)
            case .failure(let error): note(error, askedAt: askedAt, &state)
            }
            return (outcome, false)
        }
        guard isLate else { return outcome }
        // Nobody may use it, so it must not live on. This task is a cancelled one, in which nothing can be sent.
        if case .success(let lease) = outcome { await Task.detached { await self.end(lease) }.value }
        return .failure(hasEnded)
    }

    private func accept(_ lease: Lease, askedAt: ContinuousClock.Instant, _ state: inout State) {
        let old = state.lease.flatMap { $0.isValid(at: askedAt) ? $0 : nil }
        state.lease = lease
        state.askedAt = askedAt
        state.failure = nil
        state.failures = 0
        state.retryAt = nil
        if let old, old.id == lease.id {
            // A file that is read again every few seconds is nothing to record.
            if !lease.isOwnLimit { tell(.renewed, lease) }
        } else if let old {
            tell(.replaced(id: old.id), lease)
            retire(old, at: askedAt, &state)
        } else {
            tell(.issued, lease)
        }
        setAlarm(to: lease.refreshAt, &state)
    }

    private func note(_ error: HoopxError, askedAt: ContinuousClock.Instant, _ state: inout State) {
        let serving = state.lease.flatMap { $0.isValid(at: askedAt) ? $0 : nil }
        if state.failure?.error != error { tell(.failed(error), serving) }
        state.failures += 1
        let pause = timing.failurePause(after: state.failures, isLocal: source.isLocal)
        state.failure = (error, max(askedAt, .now) + pause)
        let retryAt = askedAt + timing.retryDelay(after: state.failures)
        state.retryAt = retryAt
        if serving != nil { setAlarm(to: retryAt, &state) }
    }

    private func setAlarm(to moment: ContinuousClock.Instant?, _ state: inout State) {
        state.alarm?.cancel()
        state.alarm = moment.map { moment in
            Task.detached { [weak self, timing] in
                if let now = await timing.sleep(moment) { self?.wake(at: now) }
            }
        }
    }

    /// No request asks just now, but one may soon.
    private func wake(at now: ContinuousClock.Instant) {
        state.withLock { state in
            guard !state.hasEnded, let lease = state.lease, lease.isValid(at: now), isDue(lease, at: now, state),
                let end = lease.expiresAt ?? lease.refreshAt
            else { return }
            if now - state.lastUse <= end - state.askedAt { ask(at: now, &state) }
        }
    }

    func tell(_ kind: LeaseEvent.Kind, _ lease: Lease?) {
        onEvent(LeaseEvent(kind, source: name, lease: lease))
    }
}
