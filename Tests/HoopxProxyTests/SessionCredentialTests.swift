import Glibc
import HoopxCore
import Testing

@testable import HoopxProxy

/// When a session's credential ends, and what it says then.
struct SessionCredentialTests {
    private let clock = ManualClock()

    private func credential(maxDuration: Duration? = nil, idleTimeout: Duration? = nil) -> SessionCredential {
        SessionCredential(maxDuration: maxDuration, idleTimeout: idleTimeout, clock: { [clock] in clock.now })
    }

    @Test func withoutLimitsItLastsAsLongAsItsCommand() {
        let session = credential()
        clock.advance(by: .seconds(1 << 32))
        #expect(session.denial(of: "x") == nil)
        session.revoke()
        #expect(session.denial(of: "x")?.code == .sessionRevoked)
    }

    @Test func itExpiresHoweverItIsUsed() throws {
        let session = credential(maxDuration: .seconds(8 * 3_600), idleTimeout: .seconds(1_800))
        for _ in 0..<479 {
            clock.advance(by: .seconds(60))
            #expect(session.denial(of: "x") == nil)
            session.used()
        }
        clock.advance(by: .milliseconds(59_999))
        #expect(session.denial(of: "x") == nil)
        clock.advance(by: .milliseconds(1))
        let denial = try #require(session.denial(of: "POST / to api.example.com:443"))
        #expect(denial.code == .sessionExpired && denial.layer == .credential)
        #expect(denial.rule == "session.max_duration" && denial.subject == "POST / to api.example.com:443")
        #expect(denial.hint.contains("session.max_duration (8h)") && denial.hint.contains("start another hoopx run"))
    }

    @Test func notUsingItEndsItForGood() throws {
        let session = credential(idleTimeout: .seconds(1_800))
        clock.advance(by: .seconds(1_799))
        session.used()
        clock.advance(by: .seconds(1_799))
        #expect(session.denial(of: "x") == nil)
        clock.advance(by: .seconds(1))
        #expect(session.denial(of: "x")?.code == .sessionIdle)
        session.used()
        let denial = try #require(session.denial(of: "x"))
        #expect(denial.code == .sessionIdle && denial.rule == "session.idle_timeout")
        #expect(denial.hint.contains("session.idle_timeout (30m)"))
    }

    @Test func anExchangeThatGoesOnIsAUse() {
        let session = credential(idleTimeout: .seconds(60))
        session.exchangeBegan()
        session.exchangeBegan()
        clock.advance(by: .seconds(600))
        session.exchangeEnded()
        clock.advance(by: .seconds(600))
        #expect(session.denial(of: "x") == nil)
        session.exchangeEnded()
        clock.advance(by: .seconds(59))
        #expect(session.denial(of: "x") == nil)
        clock.advance(by: .seconds(1))
        #expect(session.denial(of: "x")?.code == .sessionIdle)
    }

    @Test func theLimitThatWasReachedFirstIsTold() {
        let idle = credential(maxDuration: .seconds(100), idleTimeout: .seconds(60))
        clock.advance(by: .seconds(1_000))
        #expect(idle.denial(of: "x")?.code == .sessionIdle)
        let expired = credential(maxDuration: .seconds(50), idleTimeout: .seconds(60))
        clock.advance(by: .seconds(1_000))
        #expect(expired.denial(of: "x")?.code == .sessionExpired)
    }

    @Test func anIdentityThatEndedIsToldWithItsReason() throws {
        let session = credential()
        session.end(identity: "https://idp.example.com refused the refresh (invalid_grant)")
        session.revoke()
        let denial = try #require(session.denial(of: "x"))
        #expect(denial.code == .identityEnded, "what ended it first stays")
        #expect(denial.hint.contains("(invalid_grant)") && denial.hint.contains("hoopx login"))
    }

    /// Denials are counted by their words: those of one session must be the same, whenever they come.
    @Test func theMomentOfTheEndStaysTheSame() throws {
        let session = credential(maxDuration: .seconds(10))
        clock.advance(by: .seconds(3_610))
        let first = try #require(session.denial(of: "x"))
        clock.advance(by: .seconds(500))
        #expect(session.denial(of: "x") == first)
        let hourAgo = Timestamp(microseconds: Timestamp.now().microseconds - 3_600_000_000)
        #expect(first.hint.contains(String(hourAgo.description.prefix(15))), "it ended an hour ago: \(first.hint)")
    }

    /// CLOCK_BOOTTIME counts the time that the machine slept, CLOCK_MONOTONIC does not (clock_gettime(2)).
    @Test func theClockGoesOnWhileTheMachineSleeps() {
        var before = timespec()
        var after = timespec()
        clock_gettime(CLOCK_BOOTTIME, &before)
        let now = ContinuousClock.now
        clock_gettime(CLOCK_BOOTTIME, &after)
        // An instant's only number is its distance from another; its text is its seconds and attoseconds since boot.
        let seconds = "\(now)".split { !$0.isNumber }.compactMap { Int($0) }.first ?? -1
        #expect((before.tv_sec...after.tv_sec).contains(seconds), "\(now)")
    }

    /// The fastest of many: what it costs a request, without what else the machine does.
    @Test func aRequestPaysLessThanAMicrosecondForIt() {
        let session = SessionCredential(maxDuration: .seconds(3_600), idleTimeout: .seconds(3_600))
        var fastest = Duration.seconds(1)
        for _ in 0..<50 {
            let start = ContinuousClock.now
            for _ in 0..<1_000 {
                _ = session.denial(of: "")
                session.used()
                session.exchangeBegan()
                session.exchangeEnded()
            }
            fastest = min(fastest, (ContinuousClock.now - start) / 1_000)
        }
        print("a request's share of the session credential: \(fastest)")
        // Unoptimised, as tests are built, it takes a few times as long.
        #expect(fastest < .microseconds(5))
    }
}
