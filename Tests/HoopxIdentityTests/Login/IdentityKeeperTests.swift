import HoopxCore
import HoopxTestSupport
import Synchronization
import Testing

@testable import HoopxIdentity

struct IdentityKeeperTests {
    /// What a provider does with the next questions, one after the other; the last goes on.
    private final class Script: Sendable {
        enum Step {
            case renew
            case fail(RenewalFailure)
        }
        private let state: Mutex<(steps: [Step], count: Int)>
        private let clock: LoginClock

        init(_ steps: [Step], clock: LoginClock) {
            state = Mutex((steps, 0))
            self.clock = clock
        }

        var count: Int { state.withLock { $0.count } }

        func renew(_ current: VerifiedIDToken) throws(RenewalFailure) -> VerifiedIDToken {
            let (step, number) = state.withLock { state in
                state.count += 1
                return (state.steps.count > 1 ? state.steps.removeFirst() : state.steps[0], state.count)
            }
            switch step {
            case .renew:
                return .made(issuedAt: clock.now, life: .seconds(300), token: "h.p.\(number)")
            case .fail(let failure): throw failure
            }
        }
    }

    private func keeper(
        _ steps: [Script.Step], clock: LoginClock, life: Duration = .seconds(300)
    ) -> (IdentityKeeper, Script) {
        let script = Script(steps, clock: clock)
        let keeper = IdentityKeeper(
            .made(issuedAt: clock.now, life: life), clock: clock.clock,
            renew: { current throws(RenewalFailure) in try script.renew(current) })
        return (keeper, script)
    }

    @Test func theTokenIsRenewedBeforeItExpiresAgainAndAgain() async throws {
        let clock = LoginClock()
        let (keeper, script) = keeper([.renew], clock: clock)
        keeper.start()
        for count in 1...4 {
            try await clock.pass("renewal \(count)") {
                #expect(keeper.status == .valid)
                return script.count >= count
            }
        }
        await keeper.stop()
        #expect(keeper.token.expiresAt > clock.now)
    }

    @Test func aRefusedRefreshEndsTheIdentityForGood() async throws {
        let clock = LoginClock()
        let (keeper, script) = keeper([.renew, .fail(.refused("the user is gone"))], clock: clock)
        let ends = Mutex<[String]>([])
        keeper.start { reason in ends.withLock { $0.append(reason) } }
        try await clock.pass("the end") { keeper.status != .valid }
        #expect(keeper.status == .ended(reason: "the user is gone"))
        // Long before the token's own end.
        #expect(keeper.token.expiresAt > clock.now)
        try await eventually("the callback") { ends.withLock { $0 } == ["the user is gone"] }
        await #expect(throws: HoopxError.self) { try await keeper.identityToken(audience: nil) }
        #expect(script.count == 2)
        await keeper.stop()
        #expect(clock.sleeperCount == 0)
    }

    @Test func troubleEndsNothingWhileTheTokenLasts() async throws {
        let clock = LoginClock()
        let trouble = Script.Step.fail(.transient("no route"))
        let (keeper, script) = keeper([trouble, trouble, trouble, .renew], clock: clock)
        keeper.start { _ in Issue.record("it ended") }
        try await clock.pass("four tries") {
            #expect(keeper.status == .valid)
            return script.count == 4
        }
        try await eventually("the new token") { keeper.token.token.withValue { $0 == "h.p.4" } }
        await keeper.stop()
    }

    @Test func troubleUntilTheEndOfTheTokenIsTheEndOfTheIdentity() async throws {
        let clock = LoginClock()
        let (keeper, _) = keeper([.fail(.transient("no route to the provider"))], clock: clock)
        let end = Mutex<String?>(nil)
        keeper.start { reason in end.withLock { $0 = reason } }
        try await clock.pass("the end") { end.withLock { $0 != nil } }
        #expect(end.withLock { $0 }?.contains("no route to the provider") == true)
        #expect(keeper.status != .valid)
        #expect(clock.now >= keeper.token.expiresAt)
        await keeper.stop()
    }

    @Test func withoutAWayToASuccessorTheIdentityEndsWithItsToken() async throws {
        let clock = LoginClock()
        let keeper = IdentityKeeper(.made(issuedAt: clock.now, life: .seconds(300)), clock: clock.clock, renew: nil)
        let end = Mutex<String?>(nil)
        keeper.start { reason in end.withLock { $0 = reason } }
        try await clock.pass("the end") {
            if clock.now < keeper.token.expiresAt { #expect(keeper.status == .valid) }
            return end.withLock { $0 != nil }
        }
        #expect(end.withLock { $0 }?.contains("expired") == true)
        await keeper.stop()
    }

    @Test func aProviderThatGivesNoNewTokenIsNotAskedAgainUntilTheEnd() async throws {
        let clock = LoginClock()
        let (keeper, script) = keeper([.fail(.nothingNew("no ID token"))], clock: clock)
        let end = Mutex<String?>(nil)
        keeper.start { reason in end.withLock { $0 = reason } }
        try await clock.pass("the end") { end.withLock { $0 != nil } }
        #expect(script.count == 2)
        await keeper.stop()
    }

    @Test func aMachineThatSleptPastTheTokensEndGetsANewOne() async throws {
        let clock = LoginClock()
        let (keeper, _) = keeper([.renew], clock: clock)
        keeper.start { _ in Issue.record("it ended") }
        try await eventually("the keeper to sleep") { clock.sleeperCount == 1 }
        clock.jump(by: .seconds(5_000))
        #expect(keeper.status != .valid, "an expired token is no identity")
        let token = try await keeper.identityToken(audience: nil)
        token.withValue { #expect($0 == "h.p.1") }
        #expect(keeper.status == .valid)
        await keeper.stop()
    }

    @Test func requestsThatNeedANewTokenAtOnceShareOneRenewal() async throws {
        let clock = LoginClock()
        let mayEnd = AsyncStream<Void>.makeStream()
        let asked = Mutex(0)
        let keeper = IdentityKeeper(
            .made(issuedAt: clock.now, life: .seconds(300)), clock: clock.clock,
            renew: { current throws(RenewalFailure) in
                let number = asked.withLock { asked in
                    asked += 1
                    return asked
                }
                if number == 1 { for await _ in mayEnd.stream { break } }
                return .made(issuedAt: clock.now, life: .seconds(300), token: "h.p.\(number)")
            })
        clock.advance(by: .seconds(301))
        let requests = (0..<4).map { _ in
            Task { try await keeper.identityToken(audience: nil).withValue { $0 } }
        }
        try await eventually("a renewal") { asked.withLock { $0 } > 0 }
        mayEnd.continuation.finish()
        for request in requests { #expect(try await request.value == "h.p.1") }
        #expect(asked.withLock { $0 } == 1)
    }

    @Test func aClockThatJumpsIsNoticedWithinHalfAMinute() async throws {
        let clock = LoginClock()
        let (keeper, script) = keeper([.renew], clock: clock, life: .seconds(36_000))
        keeper.start()
        try await eventually("the keeper to sleep") { clock.sleeperCount == 1 }
        clock.jump(by: .seconds(35_900))
        clock.advance(by: .seconds(30))
        try await eventually("the renewal") { script.count == 1 }
        await keeper.stop()
    }

    @Test func theSameTokenAgainIsNoSuccessorAndNoCircle() async throws {
        let clock = LoginClock()
        let asked = Mutex(0)
        let keeper = IdentityKeeper(
            .made(issuedAt: clock.now, life: .seconds(300)), clock: clock.clock,
            renew: { current throws(RenewalFailure) in
                asked.withLock { $0 += 1 }
                return current
            })
        let end = Mutex<String?>(nil)
        keeper.start { reason in end.withLock { $0 = reason } }
        try await clock.pass("the end") { end.withLock { $0 != nil } }
        #expect(asked.withLock { $0 } < 12)
        await keeper.stop()
    }

    @Test func stoppingWaitsForARenewalAndLeavesNothing() async throws {
        let clock = LoginClock()
        let (began, mayEnd) = (AsyncStream<Void>.makeStream(), AsyncStream<Void>.makeStream())
        let keeper = IdentityKeeper(
            .made(issuedAt: clock.now, life: .seconds(300)), clock: clock.clock,
            renew: { current throws(RenewalFailure) in
                began.continuation.yield()
                for await _ in mayEnd.stream { break }
                if Task.isCancelled { throw .transient("cancelled") }
                return .made(issuedAt: current.expiresAt, life: .seconds(300), token: "h.p.late")
            })
        keeper.start()
        let passing = Task { try await clock.pass("the renewal to begin") { false } }
        for await _ in began.stream { break }
        passing.cancel()
        let stopping = Task { await keeper.stop() }
        mayEnd.continuation.yield()
        await stopping.value
        keeper.token.token.withValue { #expect($0 == "h.p.late") }
        #expect(clock.sleeperCount == 0)
    }

    @Test func stoppingWaitsForARenewalThatARequestBeganAndNobodyIsToldOfAnEnd() async throws {
        let clock = LoginClock()
        let (began, mayEnd) = (AsyncStream<Void>.makeStream(), AsyncStream<Void>.makeStream())
        let events = Mutex<[String]>([])
        let keeper = IdentityKeeper(
            .made(issuedAt: clock.now, life: .seconds(300)), clock: clock.clock,
            renew: { current throws(RenewalFailure) in
                began.continuation.yield()
                for await _ in mayEnd.stream { break }
                events.withLock { $0.append("refused") }
                throw .refused("the user is gone")
            })
        keeper.start { reason in events.withLock { $0.append(reason) } }
        try await eventually("the keeper to sleep") { clock.sleeperCount == 1 }
        clock.jump(by: .seconds(5_000))
        let request = Task { try await keeper.identityToken(audience: nil) }
        for await _ in began.stream { break }
        let stopping = Task {
            await keeper.stop()
            events.withLock { $0.append("stopped") }
        }
        try await eventually("the keeper to be told") { clock.sleeperCount == 0 }
        mayEnd.continuation.yield()
        await stopping.value
        await #expect(throws: HoopxError.self) { try await request.value }
        #expect(events.withLock { $0 } == ["refused", "stopped"])
    }

    @Test func aStoppedKeeperIsLetGo() async throws {
        let clock = LoginClock()
        weak var kept: IdentityKeeper?
        do {
            let (keeper, _) = keeper([.renew], clock: clock)
            kept = keeper
            keeper.start()
            try await eventually("the keeper to sleep") { clock.sleeperCount == 1 }
            await keeper.stop()
        }
        try await eventually("the keeper to go") { kept == nil }
    }

    @Test func anotherAudienceNeedsAProviderThatMakesSuchTokens() async throws {
        let clock = LoginClock()
        let token = VerifiedIDToken.made(issuedAt: clock.now, life: .seconds(300), audience: ["hoopx", "vault"])
        let single = IdentityKeeper(token, clock: clock.clock, renew: nil)
        try await single.identityToken(audience: "vault").withValue { #expect($0 == "h.p.s") }
        await #expect(throws: HoopxError.self) { try await single.identityToken(audience: "sts.amazonaws.com") }
        let many = IdentityKeeper(
            token, clock: clock.clock, renew: nil,
            tokenForAudience: { audience throws(HoopxError) in Secret("for \(audience)") })
        try await many.identityToken(audience: "sts.amazonaws.com").withValue {
            #expect($0 == "for sts.amazonaws.com")
        }
    }
}
