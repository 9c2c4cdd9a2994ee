import HoopxCore
import Testing

@testable import HoopxIdentity

struct RenewalScheduleTests {
    private let birth = Timestamp(microseconds: 1_800_000_000_000_000)

    private func due(life seconds: Int, jitter: Double = 0, receivedAfter: Duration = .zero) -> Duration {
        let token = VerifiedIDToken.made(issuedAt: birth, life: .seconds(seconds))
        return RenewalSchedule(token, receivedAt: birth.advanced(by: receivedAfter), jitter: jitter).next
            .duration(since: birth)
    }

    @Test(arguments: [(3_600, 2_880), (600, 480), (300, 180), (240, 120), (150, 75), (60, 30), (0, 1)])
    func aSuccessorIsFetchedAt80PercentAnd120SecondsBeforeTheEndButInTheSecondHalf(_ life: Int, _ due: Int) {
        #expect(self.due(life: life) == .seconds(due))
    }

    @Test func chanceMakesItEarlierByATwentiethAtMost() {
        #expect(due(life: 3_600, jitter: 1) == .seconds(2_700))
        #expect((2_700...2_880).contains(due(life: 3_600, jitter: .random(in: 0...1)).components.seconds))
    }

    @Test func aTokenThatIsDueIsRenewedAtOnceButNotInACircle() {
        #expect(due(life: 3_600, receivedAfter: .seconds(3_500)) == .seconds(3_501))
    }

    @Test func afterAFailureTheWaitDoublesAndTheLastTryIsAtTheEnd() {
        let token = VerifiedIDToken.made(issuedAt: birth, life: .seconds(300))
        var schedule = RenewalSchedule(token, receivedAt: birth, jitter: 0)
        var waits: [Duration] = []
        for _ in 0..<7 {
            let before = schedule.next
            schedule.retry(after: before, until: token.expiresAt)
            waits.append(schedule.next.duration(since: before))
        }
        #expect(waits == [5, 10, 20, 40, 45, 0, 0].map { .seconds($0) })
    }
}

extension VerifiedIDToken {
    static func made(
        subject: String = "alice", issuedAt: Timestamp, life: Duration, audience: [String] = ["hoopx"],
        token: String = "h.p.s"
    ) -> VerifiedIDToken {
        VerifiedIDToken(
            token: Secret(token), issuer: "https://login.example.com", subject: subject, audience: audience,
            algorithm: "ES256", keyID: "k1", issuedAt: issuedAt, expiresAt: issuedAt.advanced(by: life),
            claims: .object([:]))
    }
}
