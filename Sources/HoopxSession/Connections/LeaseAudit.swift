import HoopxAudit
import HoopxCore
import HoopxCredentials
import Synchronization

/// Records what becomes of a run's leases.
final class LeaseAudit: Sendable {
    /// How many leases that were replaced wait for the news that they are revoked; most sources never say.
    private static let keptReplaced = 16

    private struct State {
        /// The lease of each connection that serves.
        var serving: [String: LeaseRecord] = [:]
        var replaced: [LeaseRecord] = []
        var hasSessionEnded = false
    }

    private let recorder: Recorder
    private let state = Mutex(State())

    init(recorder: Recorder) { self.recorder = recorder }

    /// What the lease holder of a connection tells.
    func observer(of connection: String) -> @Sendable (LeaseEvent) -> Void {
        { event in self.observed(event, of: connection) }
    }

    /// From here on leases are given back: what their sources fail at is that, no renewal. Call it before the holders
    /// revoke.
    func sessionEnds() { state.withLock { $0.hasSessionEnded = true } }

    private func observed(_ event: LeaseEvent, of connection: String) {
        let now = Timestamp.now()
        let changed = state.withLock { state in
            switch event.kind {
            case .issued, .replaced: Self.succeed(event, of: connection, at: now, in: &state, recorder)
            case .renewed: Self.renew(event, of: connection, in: &state)
            case .revoked: Self.end(event, as: .revoked, at: now, in: &state)
            case .failed: Self.fail(event, at: now, in: &state)
            }
        }
        for record in changed { recorder.record(record) }
    }

    /// A new lease serves: the one before it, if any, was replaced or had expired.
    private static func succeed(
        _ event: LeaseEvent, of connection: String, at now: Timestamp, in state: inout State, _ recorder: Recorder
    ) -> [LeaseRecord] {
        guard let id = event.lease else { return [] }
        var changed: [LeaseRecord] = []
        if var old = state.serving[connection] {
            if case .replaced = event.kind {
                (old.ending, old.endedAt) = (.replaced, now)
                state.replaced = (state.replaced + [old]).suffix(keptReplaced)
            } else {
                (old.ending, old.endedAt) = (.expired, min(old.expiresAt ?? now, now))
            }
            changed.append(old)
        }
        let new = LeaseRecord(
            number: recorder.nextLeaseNumber(), id: id, connectionName: connection, source: event.source, issuedAt: now,
            expiresAt: event.expiresAt)
        state.serving[connection] = new
        return changed + [new]
    }

    private static func renew(_ event: LeaseEvent, of connection: String, in state: inout State) -> [LeaseRecord] {
        guard var record = state.serving[connection], record.id == event.lease else { return [] }
        record.expiresAt = event.expiresAt
        record.renewalCount += 1
        state.serving[connection] = record
        return [record]
    }

    private static func end(
        _ event: LeaseEvent, as ending: LeaseRecord.Ending, at now: Timestamp, in state: inout State
    ) -> [LeaseRecord] {
        let serving = state.serving.first { $0.value.id == event.lease }
        guard var record = serving?.value ?? state.replaced.first(where: { $0.id == event.lease }) else { return [] }
        if let connection = serving?.key { state.serving[connection] = nil }
        state.replaced.removeAll { $0.id == event.lease }
        (record.ending, record.endedAt) = (ending, now)
        return [record]
    }

    /// A failure to renew changes nothing of the lease that serves; the requests that go without one are denied, and
    /// that is recorded.
    private static func fail(_ event: LeaseEvent, at now: Timestamp, in state: inout State) -> [LeaseRecord] {
        guard state.hasSessionEnded || state.replaced.contains(where: { $0.id == event.lease }) else { return [] }
        return end(event, as: .revocationFailed, at: now, in: &state)
    }
}
