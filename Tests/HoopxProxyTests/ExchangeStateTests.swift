import Testing

@testable import HoopxProxy

/// The rules by which requests and responses follow each other, without any bytes.
struct ExchangeStateTests {
    private func exchanging(keepsClient: Bool = true) -> ExchangeState {
        var state = ExchangeState()
        state.admitted(keepsClient: keepsClient)
        _ = state.recorded()
        _ = state.upstreamReady()
        return state
    }

    @Test func partsAreHeldWhileTheUpstreamIsAwaited() {
        var state = ExchangeState()
        #expect(state.taking(.head) == .take)
        state.admitted(keepsClient: true)
        for part in [ExchangeState.Part.head, .body, .end] { #expect(state.taking(part) == .hold) }
        _ = state.recorded()
        let upstreamReady = state.upstreamReady()
        #expect(upstreamReady == .go)
        #expect(state.taking(.body) == .take && state.taking(.end) == .take)
    }

    @Test func theNextRequestIsHeldUntilTheResponseHasEnded() {
        var state = exchanging()
        let requestEnded = state.requestEnded()
        #expect(requestEnded == .goOn)
        #expect(state.taking(.head) == .hold)
        let responseBegan = state.responseBegan(keepsUpstream: true, keepsClient: true)
        #expect(responseBegan)
        #expect(state.taking(.head) == .hold)
        let responseEnded = state.responseEnded()
        #expect(responseEnded == .init(keepsClient: true, keepsUpstream: true))
        #expect(state.taking(.head) == .take)
    }

    @Test func aResponseThatEndsBeforeItsRequestClosesBoth() {
        var state = exchanging()
        _ = state.responseBegan(keepsUpstream: true, keepsClient: true)
        let responseEnded = state.responseEnded()
        #expect(responseEnded == .init(keepsClient: false, keepsUpstream: false))
        #expect(state.taking(.body) == .discard)
    }

    @Test(arguments: [(true, false), (false, true), (false, false)])
    func eachSideIsKeptByItself(keepsClient: Bool, keepsUpstream: Bool) {
        var state = exchanging(keepsClient: keepsClient)
        _ = state.requestEnded()
        _ = state.responseBegan(keepsUpstream: keepsUpstream, keepsClient: true)
        let responseEnded = state.responseEnded()
        #expect(responseEnded == .init(keepsClient: keepsClient, keepsUpstream: keepsUpstream))
    }

    @Test func aLostUpstreamIsAnsweredUntilAResponseHasBegun() {
        var state = exchanging()
        #expect(state.upstreamLost() == .answer)
        _ = state.responseBegan(keepsUpstream: true, keepsClient: true)
        #expect(state.upstreamLost() == .abort)
        let refused = state.refused(closesConnection: false)
        #expect(refused == nil)
    }

    @Test func theBodyOfARefusedRequestIsTakenAndTheNextRequestServed() {
        var state = ExchangeState()
        let refused = state.refused(closesConnection: false)
        #expect(refused == true)
        #expect(state.taking(.body) == .take && !state.forwardsRequest)
        #expect(state.taking(.head) == .hold)
        let requestEnded = state.requestEnded()
        #expect(requestEnded == .nextRequest)
        #expect(state.taking(.head) == .take)
    }

    @Test func aRefusalThatClosesServesNothingMore() {
        var state = ExchangeState()
        let refused = state.refused(closesConnection: true)
        #expect(refused == false)
        let requestEnded = state.requestEnded()
        #expect(requestEnded == .close)
        #expect(state.taking(.head) == .discard)
    }

    @Test func aVanishedUpstreamPutsACompleteRequestBackInLine() {
        var state = exchanging()
        _ = state.requestEnded()
        let upstreamVanished = state.upstreamVanished()
        #expect(upstreamVanished)
        #expect(state.taking(.end) == .hold)
        let upstreamReady = state.upstreamReady()
        #expect(upstreamReady == .go, "it stays on record")
        #expect(state.taking(.end) == .take)
    }

    @Test func anUpstreamThatComesTooLateIsNotUsed() {
        var state = ExchangeState()
        state.admitted(keepsClient: true)
        state.closed()
        let upstreamReady = state.upstreamReady()
        #expect(upstreamReady == .unwanted)
    }

    @Test(arguments: [true, false])
    func nothingGoesOnBeforeTheRecordAndTheUpstreamAreThere(recordComesFirst: Bool) {
        var state = ExchangeState()
        state.admitted(keepsClient: true)
        let first = recordComesFirst ? state.recorded() : state.upstreamReady()
        #expect(first == .wait && !state.forwardsRequest && state.isWaiting)
        for part in [ExchangeState.Part.head, .body, .end] { #expect(state.taking(part) == .hold) }
        let second = recordComesFirst ? state.upstreamReady() : state.recorded()
        #expect(second == .go && state.forwardsRequest && !state.isWaiting)
    }

    @Test func aRecordThatComesAfterARefusalLetsNothingPass() {
        var state = ExchangeState()
        state.admitted(keepsClient: true)
        _ = state.upstreamReady()
        _ = state.refused(closesConnection: false)
        let recorded = state.recorded()
        #expect(recorded == .unwanted && !state.forwardsRequest)
    }

    @Test func theRestOfABodyWaitsForItsBeginning() {
        var state = ExchangeState()
        state.admitted(keepsClient: true, collects: true)
        state.bodyGoesOnAsStream()
        #expect(state.isWaiting && !state.collectsRequest && state.taking(.body) == .hold)
        _ = state.recorded()
        _ = state.upstreamReady()
        #expect(state.sendsBeginning && state.taking(.body) == .hold && state.taking(.end) == .hold)
        state.beginningSent()
        #expect(!state.sendsBeginning && state.taking(.body) == .take && state.taking(.end) == .take)
        #expect(state.taking(.head) == .discard)
    }

    @Test func anUpstreamThatClosedWhileTheRecordWasWrittenCostsNothing() {
        for isWhole in [true, false] {
            var state = ExchangeState()
            state.admitted(keepsClient: true, collects: true)
            if isWhole { state.bodyCollected() } else { state.bodyGoesOnAsStream() }
            _ = state.upstreamReady()
            _ = state.recorded()
            let vanished = state.upstreamVanished()
            #expect(!vanished && state.isWaiting)
            let ready = state.upstreamReady()
            #expect(ready == .go && state.sendsBeginning == !isWhole)
        }
    }

    private func collected(keepsClient: Bool = true) -> ExchangeState {
        var state = ExchangeState()
        state.admitted(keepsClient: keepsClient, collects: true)
        state.bodyCollected()
        _ = state.recorded()
        return state
    }

    @Test func aBodyThatIsCollectedIsTakenBeforeTheUpstreamIsThere() {
        var state = ExchangeState()
        state.admitted(keepsClient: true, collects: true)
        #expect(state.collectsRequest && !state.forwardsRequest)
        #expect(state.taking(.body) == .take && state.taking(.end) == .take && state.taking(.head) == .hold)
        let tooEarly = state.upstreamReady()
        #expect(tooEarly == .unwanted)
        state.bodyCollected()
        #expect(!state.collectsRequest)
        _ = state.recorded()
        let ready = state.upstreamReady()
        #expect(ready == .go && state.forwardsRequest)
        #expect(state.taking(.head) == .hold, "the next request waits for its turn")
    }

    @Test func aRefusalAfterTheBodyWasCollectedHasNothingToThrowAway() {
        var waiting = collected()
        let refused = waiting.refused(closesConnection: false)
        #expect(refused == true && waiting.isIdle)
        var exchanging = collected()
        _ = exchanging.upstreamReady()
        let lost = exchanging.refused(closesConnection: false)
        #expect(lost == true && exchanging.isIdle)
        var closing = collected(keepsClient: false)
        let closed = closing.refused(closesConnection: false)
        #expect(closed == false && closing.isClosed)
    }

    @Test func aRefusalWhileTheBodyComesThrowsTheRestAway() {
        var state = ExchangeState()
        state.admitted(keepsClient: true, collects: true)
        let refused = state.refused(closesConnection: false)
        #expect(refused == true && state.taking(.body) == .take && !state.collectsRequest)
        let ended = state.requestEnded()
        #expect(ended == .nextRequest)
    }

    @Test func anEarlyAnswerToACollectedBodyKeepsTheClientAlone() {
        var state = collected()
        _ = state.upstreamReady()
        _ = state.responseBegan(keepsUpstream: true, keepsClient: true)
        let ended = state.responseEnded()
        #expect(ended == .init(keepsClient: true, keepsUpstream: false))
    }
}
