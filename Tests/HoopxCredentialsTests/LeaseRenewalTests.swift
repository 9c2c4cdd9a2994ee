import HoopxCore
import HoopxTestSupport
import Testing

@testable import HoopxCredentials

@Suite struct LeaseRenewalTests {
    private let alarm = TestAlarm()
    private let log = EventLog()
    private let start = ContinuousClock.now

    /// Each lease is due 80 s after the one before, and ends 20 s later.
    private func lifetimes(_ number: Int) -> Lease {
        let begin = start + .seconds(80 * (number - 1))
        return lease("\(number)", expiresAt: begin + .seconds(100), refreshAt: begin + .seconds(80))
    }

    private func holder(_ source: ScriptedSource) -> LeaseHolder {
        LeaseHolder(source, timing: alarm.timing, onEvent: log.add)
    }

    private func token(_ holder: LeaseHolder, at seconds: Int) -> String? {
        holder.current(at: start + .seconds(seconds))?.token.withValue { $0 }
    }

    /// Lets a moment come that somebody waits for.
    private func advance(to seconds: Int) async throws {
        let moment = start + .seconds(seconds)
        try await eventually("an alarm at \(seconds) s") { alarm.moments.contains { $0 <= moment } }
        alarm.advance(to: moment)
    }

    @Test func aFreshLeaseIsThereWithoutARequest() async throws {
        let source = ScriptedSource { [lifetimes] in .success(lifetimes($0)) }
        let holder = holder(source)
        _ = try await holder.lease(at: start)
        try await advance(to: 80)
        try await eventually("the renewal") { source.finished == 2 }
        try await eventually("the second lease") { self.token(holder, at: 150) == "2" }
    }

    @Test func nobodyIsAskedForALeaseThatNobodyUses() async throws {
        let source = ScriptedSource { [lifetimes] in .success(lifetimes($0)) }
        let holder = holder(source)
        _ = try await holder.lease(at: start)
        try await advance(to: 80)
        try await advance(to: 160)
        // Long enough that a question which should not be there would be seen; no time makes a right one fail.
        for _ in 0..<50 {
            #expect(source.count == 2)
            try await Task.sleep(for: .milliseconds(1))
        }
        // The first to come again is served, and brings the renewal back.
        #expect(token(holder, at: 161) == "2")
        try await eventually("the renewal") { source.count == 3 }
    }

    @Test func useKeepsTheRenewalGoing() async throws {
        let source = ScriptedSource { [lifetimes] in .success(lifetimes($0)) }
        let holder = holder(source)
        _ = try await holder.lease(at: start)
        for number in 1..<6 {
            #expect(token(holder, at: 80 * number - 1) == "\(number)")
            try await advance(to: 80 * number)
            try await eventually("lease \(number + 1)") { self.token(holder, at: 80 * number) == "\(number + 1)" }
        }
        #expect(source.count == 6)
    }

    @Test func aFailedRenewalIsTriedAgainWithoutARequestAndToldOnce() async throws {
        let source = ScriptedSource { [lifetimes] number in
            (2...3).contains(number)
                ? .failure(HoopxError(.startup, doing: "getting it", found: "no")) : .success(lifetimes(number))
        }
        let holder = holder(source)
        _ = try await holder.lease(at: start)
        try await advance(to: 80)
        try await advance(to: 85)
        try await advance(to: 95)
        try await eventually("the lease") { self.token(holder, at: 96) == "4" }
        #expect(log.words == ["issued", "failed: no", "replaced"])
        #expect(log.all[1].lease == log.all[0].lease)
    }

    @Test func aLeaseIsProlongedBeforeANewOneIsGot() async throws {
        let source = ScriptedSource(renew: { [start] old in
            .success(old.prolonged(expiresAt: start + .seconds(200), refreshAt: start + .seconds(180)))
        }) { [lifetimes] in .success(lifetimes($0)) }
        let holder = holder(source)
        let first = try await holder.lease(at: start)
        try await advance(to: 80)
        try await eventually("the renewal") { log.words == ["issued", "renewed"] }
        #expect(source.count == 1)
        #expect(holder.current(at: start + .seconds(179))?.id == first.id)
        #expect(log.all.map(\.lease) == [first.id, first.id])
        let ends = log.all.compactMap(\.expiresAt?.microseconds)
        #expect(ends.count == 2 && ends[1] - ends[0] > 90_000_000)
    }

    @Test(arguments: [true, false])
    func whereALeaseCannotBeProlongedANewOneIsGot(fails: Bool) async throws {
        let source = ScriptedSource(renew: { _ in
            fails ? .failure(HoopxError(.startup, doing: "renewing", found: "no")) : .success(nil)
        }) { [lifetimes] in .success(lifetimes($0)) }
        let holder = holder(source)
        _ = try await holder.lease(at: start)
        try await advance(to: 80)
        try await eventually("the new lease") { self.token(holder, at: 81) == "2" }
        #expect(log.words == ["issued", "replaced"])
    }

    @Test func aReplacedLeaseIsRevokedALittleLater() async throws {
        let source = ScriptedSource { [start] number in
            .success(lease("\(number)", expiresAt: start + .seconds(900), refreshAt: start + .seconds(80 * number)))
        }
        let holder = holder(source)
        let first = try await holder.lease(at: start)
        try await advance(to: 80)
        try await eventually("the new lease") { self.token(holder, at: 81) == "2" }
        try await eventually("both alarms") { alarm.moments.count == 2 }
        #expect(source.revoked == [])
        // Whether the alarm or a look at the lease began the renewal, a second earlier or later.
        alarm.advance(to: start + .seconds(111))
        try await eventually("the revocation") { log.words == ["issued", "replaced", "revoked"] }
        #expect(source.revoked == [first.id])
        #expect(log.all[1].kind == .replaced(id: first.id))
        #expect(log.all[2].lease == first.id)
        #expect(token(holder, at: 112) == "2")
    }

    @Test func aReplacedLeaseThatEndedByItselfIsNotRevoked() async throws {
        let source = ScriptedSource { [lifetimes] in .success(lifetimes($0)) }
        let holder = holder(source)
        _ = try await holder.lease(at: start)
        try await advance(to: 80)
        try await eventually("both alarms") { alarm.moments.count == 2 }
        alarm.advance(to: start + .seconds(110))
        try await eventually("its end") { holder.state.withLock { $0.replaced.isEmpty } }
        #expect(source.revoked == [])
        await holder.revoke()
        #expect(!source.revoked.contains { $0 == log.all[0].lease })
    }

    @Test func aFileThatIsReadAgainIsNothingToRecord() async throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let source = FileSource(path: try directory.file("token", "old"), header: .bearer)
        let holder = LeaseHolder(source, timing: alarm.timing, onEvent: log.add)
        let first = try await holder.lease()
        #expect(log.all.first?.expiresAt == nil)
        alarm.advance(to: .now + .seconds(6))
        try await eventually("the next reading") {
            holder.current().map { $0.id == first.id && $0.expiresAt != first.expiresAt } ?? false
        }
        #expect(log.words == ["issued"])
        try directory.file("token", "new")
        try await eventually("the new token") {
            alarm.advance(to: .now + .seconds(12))
            return holder.current()?.token.withValue { $0 } == "new"
        }
        #expect(log.words == ["issued", "replaced"])
    }

    @Test func nothingThatIsToldHoldsTheToken() async throws {
        let source = ScriptedSource(revoke: { _ in .failure(HoopxError(.startup, doing: "revoking", found: "no")) }) {
            _ in .success(lease("hunter2", expiresAt: .now + .seconds(60)))
        }
        let holder = holder(source)
        _ = try await holder.lease()
        await holder.revoke()
        #expect(log.words == ["issued", "failed: no"])
        var dumped = ""
        dump(log.all, to: &dumped)
        #expect(!dumped.contains("hunter2") && !"\(log.all)".contains("hunter2"))
    }
}
