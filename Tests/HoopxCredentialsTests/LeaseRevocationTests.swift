import HoopxCore
import HoopxTestSupport
import Synchronization
import Testing

@testable import HoopxCredentials

@Suite struct LeaseRevocationTests {
    private let log = EventLog()
    private let later = ContinuousClock.now + .seconds(600)

    @Test func afterTheEndThereIsNoLease() async throws {
        let source = ScriptedSource { [later] _ in .success(lease("a", expiresAt: later)) }
        let holder = LeaseHolder(source, onEvent: log.add)
        let first = try await holder.lease()
        await holder.revoke()
        #expect(source.revoked == [first.id])
        #expect(log.words == ["issued", "revoked"])
        #expect(holder.current() == nil)
        let error = await #expect(throws: HoopxError.self) { try await holder.lease() }
        #expect(error?.found == "the session has ended, and its credential with it")
        await holder.revoke()
        #expect(source.revoked.count == 1)
        #expect(source.count == 1)
    }

    @Test func whatIsNotRevokedIsNotToldToBe() async throws {
        let source = ScriptedSource(revoke: { _ in .success(false) }) { [later] _ in
            .success(lease("a", expiresAt: later))
        }
        let holder = LeaseHolder(source, onEvent: log.add)
        _ = try await holder.lease()
        await holder.revoke()
        #expect(log.words == ["issued"])
    }

    @Test func aRefusedRevocationIsTold() async throws {
        let source = ScriptedSource(revoke: { _ in .failure(HoopxError(.startup, doing: "x", found: "no")) }) {
            [later] _ in .success(lease("a", expiresAt: later))
        }
        let holder = LeaseHolder(source, onEvent: log.add)
        let first = try await holder.lease()
        await holder.revoke()
        #expect(log.words == ["issued", "failed: no"])
        #expect(log.all[1].lease == first.id)
    }

    @Test func aSourceThatHangsDoesNotHoldUpTheEnd() async throws {
        let gate = Gate()
        let source = ScriptedSource(revoke: { _ in
            await gate.wait()
            return .success(true)
        }) { [later] _ in .success(lease("a", expiresAt: later)) }
        let holder = LeaseHolder(source, onEvent: log.add)
        _ = try await holder.lease()
        await holder.revoke(within: .milliseconds(20))
        #expect(log.words == ["issued"])
        await gate.open()
        try await eventually("the late revocation") { log.words == ["issued", "revoked"] }
    }

    @Test func aLeaseThatComesAfterTheEndIsRevokedAndServesNobody() async throws {
        let gate = Gate()
        let source = ScriptedSource { [later] _ in
            await gate.wait()
            return .success(lease("a", expiresAt: later))
        }
        let holder = LeaseHolder(source, onEvent: log.add)
        let caller = Task { try await holder.lease() }
        try await eventually("the question") { source.count == 1 }
        let end = Task { await holder.revoke(within: .seconds(60)) }
        try await eventually("the end") { holder.state.withLock { $0.hasEnded } }
        await gate.open()
        await end.value
        #expect(source.revoked.count == 1)
        await #expect(throws: HoopxError.self) { try await caller.value }
        #expect(holder.current() == nil)
        #expect(log.words == ["revoked"])
    }

    @Test func theLateLeaseIsRevokedInATaskThatIsNotCancelled() async throws {
        let gate = Gate()
        let source = ScriptedSource(revoke: { _ in .success(!Task.isCancelled) }) { [later] _ in
            await gate.wait()
            return .success(lease("a", expiresAt: later))
        }
        let holder = LeaseHolder(source, onEvent: log.add)
        let caller = Task { try await holder.lease() }
        try await eventually("the question") { source.count == 1 }
        let end = Task { await holder.revoke(within: .seconds(60)) }
        try await eventually("the end") { holder.state.withLock { $0.hasEnded } }
        await gate.open()
        await end.value
        _ = await caller.result
        #expect(log.words == ["revoked"])
    }

    @Test func aCancelledCallerRevokesAllTheSame() async throws {
        let gate = Gate()
        let source = ScriptedSource(revoke: { _ in
            await gate.wait()
            return .success(!Task.isCancelled)
        }) { [later] _ in .success(lease("a", expiresAt: later)) }
        let holder = LeaseHolder(source, onEvent: log.add)
        _ = try await holder.lease()
        let end = Task { await holder.revoke(within: .seconds(60)) }
        end.cancel()
        try await eventually("the revocation") { source.revoked.count == 1 }
        await gate.open()
        await end.value
        #expect(log.words == ["issued", "revoked"])
    }

    @Test func aReplacedLeaseThatWaitsIsRevokedWithTheLiveOne() async throws {
        let source = ScriptedSource { [later] number in
            .success(lease("\(number)", expiresAt: later, refreshAt: number == 1 ? .now : nil))
        }
        let holder = LeaseHolder(source, onEvent: log.add)
        let first = try await holder.lease()
        _ = holder.current()
        try await eventually("the second") { holder.current()?.token.withValue { $0 } == "2" }
        let second = try #require(holder.current())
        await holder.revoke()
        #expect(Set(source.revoked) == [first.id, second.id])
    }

    @Test func aReplacedLeaseIsRevokedOnceWhenWhatWasSentWithItHasArrived() async throws {
        let alarm = TestAlarm()
        let start = ContinuousClock.now
        let source = ScriptedSource { [later] number in
            .success(lease("\(number)", expiresAt: later, refreshAt: number == 1 ? start : nil))
        }
        let holder = LeaseHolder(source, timing: alarm.timing, onEvent: log.add)
        let first = try await holder.lease(at: start)
        _ = holder.current(at: start)
        try await eventually("the second") { holder.current(at: start)?.id != first.id }
        let arrival = start + .seconds(30)
        try await eventually("the wait for what was sent") { alarm.moments == [arrival] }
        #expect(source.revoked == [])
        await holder.revoke()
        alarm.advance(to: arrival)
        for _ in 0..<100 { await Task.yield() }
        #expect(source.revoked.count == 2 && Set(source.revoked).count == 2)
    }

    @Test func aLeaseThatHasEndedByItselfIsNotRevoked() async throws {
        let past = ContinuousClock.now - .seconds(100)
        let holder = LeaseHolder(
            ScriptedSource { _ in .success(lease("a", expiresAt: past + .seconds(50))) }, onEvent: log.add)
        _ = try await holder.lease(at: past)
        await holder.revoke()
        #expect(log.words == ["issued"])
    }

    @Test func inTheMiddleOfManyRequestsTheEndIsTheEnd() async throws {
        let source = ScriptedSource { [later] number in
            .success(lease("\(number)", expiresAt: later, refreshAt: .now))
        }
        let holder = LeaseHolder(source, onEvent: log.add)
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<200 { _ = try? await holder.lease() }
                }
            }
            group.addTask { await holder.revoke(within: .seconds(60)) }
        }
        #expect(holder.current() == nil)
        // Each lease that was given came to its end, once.
        #expect(source.revoked.count == source.finished)
        #expect(Set(source.revoked).count == source.finished)
    }
}
