import HoopxCore
import HoopxTestSupport
import Testing

@testable import HoopxCredentials

@Suite struct LeaseHolderTests {
    @Test func nothingServesBeforeTheSourceWasAsked() async throws {
        let holder = LeaseHolder(ScriptedSource { _ in .success(lease("a")) })
        #expect(holder.current() == nil)
        #expect(try await holder.lease().token.withValue { $0 } == "a")
        #expect(holder.current()?.token.withValue { $0 } == "a")
    }

    @Test func whoAsksAtOneTimeSharesOneQuestion() async throws {
        let gate = Gate()
        let source = ScriptedSource { number in
            await gate.wait()
            return .success(lease("\(number)"))
        }
        let holder = LeaseHolder(source)
        let tokens = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<50 { group.addTask { try await holder.lease().token.withValue { $0 } } }
            try await eventually("the question") { source.count > 0 }
            await gate.open()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(tokens == [String](repeating: "1", count: 50))
        #expect(source.count == 1)
    }

    @Test func aCancelledCallerDoesNotCancelTheQuestion() async throws {
        let gate = Gate()
        let source = ScriptedSource { _ in
            await gate.wait()
            return .success(lease(Task.isCancelled ? "cancelled" : "a"))
        }
        let holder = LeaseHolder(source)
        let caller = Task { try await holder.lease() }
        try await eventually("the question") { source.count == 1 }
        caller.cancel()
        await gate.open()
        _ = try await caller.value
        #expect(holder.current()?.token.withValue { $0 } == "a")
    }

    @Test func anExpiredLeaseNeverServes() async throws {
        let end = ContinuousClock.now + .seconds(60)
        let source = ScriptedSource { number in
            .success(lease("\(number)", expiresAt: end + .seconds(60 * number - 60)))
        }
        let holder = LeaseHolder(source)
        _ = try await holder.lease()
        #expect(holder.current(at: end - .nanoseconds(1)) != nil)
        #expect(holder.current(at: end) == nil)
        #expect(try await holder.lease(at: end).token.withValue { $0 } == "2")
    }

    @Test func aLeaseIsRenewedWhileTheOldOneServes() async throws {
        let start = ContinuousClock.now
        let source = ScriptedSource { number in
            .success(
                lease(
                    "\(number)", expiresAt: start + .seconds(100), refreshAt: number == 1 ? start + .seconds(50) : nil))
        }
        let holder = LeaseHolder(source)
        _ = try await holder.lease(at: start)
        #expect(holder.current(at: start + .seconds(49))?.token.withValue { $0 } == "1")
        #expect(source.count == 1)
        #expect(holder.current(at: start + .seconds(50))?.token.withValue { $0 } == "1")
        try await eventually("the renewal") { holder.current(at: start)?.token.withValue { $0 } == "2" }
        #expect(source.count == 2)
    }

    @Test func aFailedRenewalWaitsBeforeTheNext() async throws {
        let start = ContinuousClock.now
        let source = ScriptedSource { number in
            number == 1
                ? .success(lease("1", expiresAt: start + .seconds(100), refreshAt: start + .seconds(50)))
                : .failure(HoopxError(.startup, doing: "getting it", found: "no"))
        }
        let holder = LeaseHolder(source)
        _ = try await holder.lease(at: start)
        _ = holder.current(at: start + .seconds(50))
        try await eventually("the failure") { source.finished == 2 }
        // Long enough that a renewal which should not be there would be seen; no time makes a right one fail.
        for _ in 0..<50 {
            #expect(holder.current(at: start + .seconds(51)) != nil)
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(source.count == 2)
        // The finished question is put away a moment after the source has answered.
        try await eventually("the next renewal") {
            _ = holder.current(at: start + .seconds(56))
            return source.count == 3
        }
        #expect(holder.current(at: start + .seconds(56))?.token.withValue { $0 } == "1")
    }

    @Test func aFailureReachesTheCallersOfTheNextSecondAndThenTheSourceIsAskedAgain() async throws {
        let source = ScriptedSource { number in
            number == 1 ? .failure(HoopxError(.startup, doing: "getting it", found: "no")) : .success(lease("2"))
        }
        let holder = LeaseHolder(source)
        let moment = ContinuousClock.now
        for _ in 0..<20 {
            let error = await #expect(throws: HoopxError.self) { try await holder.lease(at: moment) }
            #expect(error?.found == "no")
        }
        #expect(source.count == 1)
        #expect(holder.current() == nil)
        #expect(try await holder.lease(at: .now + .seconds(1)).token.withValue { $0 } == "2")
    }

    @Test func aSourceThatGoesOnFailingIsAskedLessAndLessUntilItHasAnAnswer() async throws {
        let source = ScriptedSource { number in
            number == 9
                ? .success(lease("9", expiresAt: .now)) : .failure(HoopxError(.startup, doing: "", found: "\(number)"))
        }
        let holder = LeaseHolder(source)
        // Later than any clock says meanwhile.
        var moment = ContinuousClock.now + .seconds(3_600)
        func found(at moment: ContinuousClock.Instant) async -> String? {
            do throws(HoopxError) {
                _ = try await holder.lease(at: moment)
                return nil
            } catch {
                return error.found
            }
        }
        for (failures, pause) in [1, 2, 4, 8, 16, 32, 60, 60].enumerated() {
            #expect(await found(at: moment) == "\(failures + 1)")
            moment += .seconds(pause)
            #expect(await found(at: moment - .milliseconds(1)) == "\(failures + 1)", "told meanwhile")
        }
        #expect(source.count == 8)
        #expect(await found(at: moment) == "what it gave has expired already")
    }

    @Test func anAnswerMakesThePausesShortAgain() async throws {
        let start = ContinuousClock.now + .seconds(3_600)
        let source = ScriptedSource { number in
            number == 4
                ? .success(lease("4", expiresAt: start + .seconds(20)))
                : .failure(HoopxError(.startup, doing: "getting it", found: "no"))
        }
        let holder = LeaseHolder(source)
        for second in [0, 1, 3] {
            await #expect(throws: HoopxError.self) { try await holder.lease(at: start + .seconds(second)) }
        }
        _ = try await holder.lease(at: start + .seconds(7))
        for second in [20, 21] {
            await #expect(throws: HoopxError.self) { try await holder.lease(at: start + .seconds(second)) }
        }
        #expect(source.count == 6)
    }

    @Test func whatIsOfThisMachineIsAskedEachSecond() async throws {
        let source = ScriptedSource(isLocal: true) { _ in
            .failure(HoopxError(.startup, doing: "getting it", found: "no"))
        }
        let holder = LeaseHolder(source)
        let start = ContinuousClock.now + .seconds(3_600)
        for halfSecond in 0..<16 {
            await #expect(throws: HoopxError.self) {
                try await holder.lease(at: start + .milliseconds(500 * halfSecond))
            }
        }
        #expect(source.count == 8)
        #expect(FileSource(path: "/", header: .bearer).isLocal)
        #expect(EnvironmentSource(variables: [], environment: [:]).isLocal)
    }

    @Test func aLeaseThatIsOverWhenItComesNeverServes() async throws {
        let now = ContinuousClock.now
        let holder = LeaseHolder(ScriptedSource { _ in .success(lease("a", expiresAt: now)) })
        let error = await #expect(throws: HoopxError.self) { try await holder.lease(at: now) }
        #expect(error?.found == "what it gave has expired already")
        #expect(holder.current() == nil)
    }

    @Test func theTimeBetweenRenewalsThatFailGrowsToAMinute() {
        let delays = (1...6).map { LeaseTiming().retryDelay(after: $0) }
        #expect(delays == [5, 10, 20, 40, 60, 60].map { .seconds($0) })
        #expect(LeaseTiming().retryDelay(after: 10_000) == .seconds(60))
    }

    @Test func aLeaseDoesNotPrintItsToken() {
        let value = lease("hunter2")
        var dumped = ""
        dump(value, to: &dumped)
        for text in ["\(value)", String(reflecting: value), dumped] {
            #expect(!text.contains("hunter2"))
            #expect(text.contains(value.id))
        }
    }
}
