import HoopxCore
import Testing

@testable import HoopxIdentity

struct DevicePollingTests {
    private func polling(lifetime: Int = 600, interval: Int = 5) -> DevicePolling {
        DevicePolling(lifetime: .seconds(lifetime), interval: .seconds(interval))
    }

    private func refusal(_ code: String) -> OAuthFailure {
        .refused(OAuthRefusal(code: code, explanation: nil, sent: []))
    }

    @Test func theFirstQuestionComesAfterTheInterval() {
        var polling = polling(interval: 7)
        #expect(polling.start().wait == .seconds(7))
        #expect(polling.waited(now: .seconds(7)).isAsk)
        #expect(polling.state == .asking)
    }

    @Test func aPendingLoginIsAskedForAgainAfterTheSameInterval() {
        var polling = polling()
        for second in [5, 10, 15] {
            #expect(polling.waited(now: .seconds(second)).isAsk)
            #expect(polling.failed(refusal("authorization_pending"), now: .seconds(second)).wait == .seconds(5))
        }
    }

    @Test func slowDownAddsFiveSecondsForGood() {
        var polling = polling()
        _ = polling.waited(now: .seconds(5))
        #expect(polling.failed(refusal("slow_down"), now: .seconds(5)).wait == .seconds(10))
        _ = polling.waited(now: .seconds(15))
        #expect(polling.failed(refusal("authorization_pending"), now: .seconds(15)).wait == .seconds(10))
        _ = polling.waited(now: .seconds(25))
        #expect(polling.failed(refusal("slow_down"), now: .seconds(25)).wait == .seconds(15))
    }

    @Test func troubleDoublesTheWaitUpToAMinuteUntilAnAnswerComes() {
        var polling = polling(lifetime: 3_600)
        let waits = (0..<6).map { _ in
            _ = polling.waited(now: .seconds(5))
            return polling.failed(.transient("no route"), now: .seconds(5)).wait
        }
        #expect(waits == [10, 20, 40, 60, 60, 60].map { .seconds($0) })
        _ = polling.waited(now: .seconds(300))
        #expect(polling.failed(refusal("authorization_pending"), now: .seconds(300)).wait == .seconds(5))
        _ = polling.waited(now: .seconds(305))
        #expect(polling.failed(.transient("no route"), now: .seconds(305)).wait == .seconds(10))
    }

    @Test func noWaitGoesBeyondTheCodesLifetime() {
        var polling = polling(lifetime: 12)
        _ = polling.waited(now: .seconds(5))
        #expect(polling.failed(.transient("no route"), now: .seconds(5)).wait == .seconds(7))
        #expect(polling.waited(now: .seconds(12)).failure == .expired(lastTrouble: "no route"))
        #expect(polling.state == .ended)
    }

    @Test func anExpiredCodeIsNotAskedForAgain() {
        var polling = polling(lifetime: 20)
        #expect(polling.waited(now: .seconds(20)).failure == .expired(lastTrouble: nil))
    }

    @Test func whatIsNoPendingEndsIt() {
        let ends: [(OAuthFailure, DevicePolling.Failure)] = [
            (refusal("access_denied"), .denied(OAuthRefusal(code: "access_denied", explanation: nil, sent: []))),
            (refusal("expired_token"), .expired(lastTrouble: nil)),
            (refusal("invalid_grant"), .endpoint(refusal("invalid_grant"))),
            (.unusable("a page"), .endpoint(.unusable("a page"))),
        ]
        for (failure, end) in ends {
            var polling = polling()
            _ = polling.waited(now: .seconds(5))
            #expect(polling.failed(failure, now: .seconds(5)).failure == end)
            #expect(polling.state == .ended)
        }
    }

    @Test func tokensEndIt() {
        var polling = polling()
        _ = polling.waited(now: .seconds(5))
        guard case .succeed = polling.received(TokenSet(idToken: nil, refreshToken: nil)) else {
            Issue.record("tokens are no success")
            return
        }
        #expect(polling.state == .ended)
    }
}

extension DevicePolling.Action {
    fileprivate var wait: Duration? {
        if case .wait(let time) = self { time } else { nil }
    }

    fileprivate var isAsk: Bool {
        if case .ask = self { true } else { false }
    }

    fileprivate var failure: DevicePolling.Failure? {
        if case .fail(let failure) = self { failure } else { nil }
    }
}
