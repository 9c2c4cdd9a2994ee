/// Where the requests of one client connection stand, as a pure value: events go in, what to do comes out.
///
/// One request is served at a time. What a client sends ahead is held back, in order, by whoever owns this.
struct ExchangeState {
    private enum State {
        /// No request. Next: collecting, waiting, refused, closed.
        case idle
        /// The request is admitted, and its body is taken in before anything goes on. Next: waiting, refused, closed.
        case collecting(keepsClient: Bool)
        /// The request is admitted; its record must be durable, and its credential and upstream there. Next: exchanging,
        /// refused (idle where the whole request has been taken in), closed.
        case waiting(Waiting)
        /// Next: idle, refused (nothing of a response was there yet), closed.
        case exchanging(Exchange)
        /// hoopx answered; the rest of the request is thrown away. Next: idle, closed.
        case refused(keepsClient: Bool)
        /// Nothing is read or written any more.
        case closed
    }

    private struct Waiting {
        let keepsClient: Bool
        let intake: Intake
        var isRecorded = false
        var hasUpstream = false

        var isComplete: Bool { isRecorded && hasUpstream }
    }

    /// How much of the request had been taken in when it began to wait.
    private enum Intake {
        /// Nothing but the head.
        case head
        /// The beginning of a body that goes on as a stream.
        case beginning
        case whole
    }

    private struct Exchange {
        var keepsClient: Bool
        let intake: Intake
        /// Whether what had been taken in of the body is on its way: it comes before what the client sends now.
        var sendsBeginning: Bool
        /// Whether the upstream has all of the request.
        var isRequestComplete = false
        var response = Response.awaited

        init(_ waiting: Waiting) {
            keepsClient = waiting.keepsClient
            intake = waiting.intake
            sendsBeginning = waiting.intake == .beginning
        }

        /// Whether nothing more of the request is to come from the client.
        var isTaken: Bool { intake == .whole || isRequestComplete }
    }

    private enum Response {
        case awaited
        case streaming(keepsUpstream: Bool)
    }

    private var state = State.idle

    // MARK: Parts of requests

    enum Part { case head, body, end }
    enum Taking: Equatable { case take, hold, discard }

    /// What to do with the next part that the client sent.
    func taking(_ part: Part) -> Taking {
        switch (state, part) {
        case (.closed, _): .discard
        case (.idle, .head): .take
        // The end of a request whose answer is there already, or bytes after a refusal that closes.
        case (.idle, _): .discard
        case (.collecting, .head), (.waiting, _): .hold
        case (.collecting, _): .take
        case (.exchanging(let exchange), .head): exchange.isTaken ? .hold : .discard
        case (.exchanging(let exchange), _): exchange.isTaken || exchange.sendsBeginning ? .hold : .take
        case (.refused, .head): .hold
        case (.refused, _): .take
        }
    }

    /// Whether the bytes of the request go upstream, rather than away.
    var forwardsRequest: Bool {
        if case .exchanging = state { true } else { false }
    }

    /// Whether the bytes of the request are kept until all are there.
    var collectsRequest: Bool {
        if case .collecting = state { true } else { false }
    }

    /// Whether the beginning of the body is on its way, and the rest has yet to come.
    var sendsBeginning: Bool {
        if case .exchanging(let exchange) = state { exchange.sendsBeginning } else { false }
    }

    var isIdle: Bool {
        if case .idle = state { true } else { false }
    }

    var isClosed: Bool {
        if case .closed = state { true } else { false }
    }

    /// Whether nothing of the request has gone upstream.
    var isWaiting: Bool {
        if case .waiting = state { true } else { false }
    }

    /// Whether hoopx has answered the request already, or nothing can be answered any more.
    var isAnswered: Bool {
        switch state {
        case .refused, .closed: true
        case .idle, .collecting, .waiting, .exchanging: false
        }
    }

    // MARK: Events

    /// - Parameter collects: whether the body is taken in before the request goes on.
    mutating func admitted(keepsClient: Bool, collects: Bool = false) {
        guard case .idle = state else { return }
        state =
            collects
            ? .collecting(keepsClient: keepsClient) : .waiting(Waiting(keepsClient: keepsClient, intake: .head))
    }

    /// The body is whole.
    mutating func bodyCollected() { stopCollecting(.whole) }

    /// The body is too long, or takes too long, to be waited for: what is there goes on, and the rest as it comes.
    mutating func bodyGoesOnAsStream() { stopCollecting(.beginning) }

    private mutating func stopCollecting(_ intake: Intake) {
        guard case .collecting(let keepsClient) = state else { return }
        state = .waiting(Waiting(keepsClient: keepsClient, intake: intake))
    }

    /// hoopx answers the request itself. Possible until something of a response has been sent.
    ///
    /// - Returns: whether the connection is kept, or nil where it is too late for an answer.
    mutating func refused(closesConnection: Bool) -> Bool? {
        switch state {
        case .idle:
            state = .refused(keepsClient: !closesConnection)
            return !closesConnection
        case .collecting(let keeps):
            return refused(keepsClient: keeps && !closesConnection, isTaken: false)
        case .waiting(let waiting):
            return refused(keepsClient: waiting.keepsClient && !closesConnection, isTaken: waiting.intake == .whole)
        case .exchanging(let exchange):
            guard case .awaited = exchange.response else { return nil }
            return refused(keepsClient: exchange.keepsClient && !closesConnection, isTaken: exchange.isTaken)
        case .refused, .closed: return nil
        }
    }

    /// - Parameter isTaken: whether nothing more of the request is to come.
    private mutating func refused(keepsClient: Bool, isTaken: Bool) -> Bool {
        if isTaken {
            state = keepsClient ? .idle : .closed
        } else {
            state = .refused(keepsClient: keepsClient)
        }
        return keepsClient
    }

    enum Readiness: Equatable {
        /// The exchange begins.
        case go
        /// The other is not there yet.
        case wait
        /// The request is not wanted any more.
        case unwanted
    }

    /// The request is on record, durably.
    mutating func recorded() -> Readiness { advance { $0.isRecorded = true } }

    /// The upstream is there.
    mutating func upstreamReady() -> Readiness { advance { $0.hasUpstream = true } }

    private mutating func advance(_ change: (inout Waiting) -> Void) -> Readiness {
        guard case .waiting(var waiting) = state else { return .unwanted }
        change(&waiting)
        guard waiting.isComplete else {
            state = .waiting(waiting)
            return .wait
        }
        state = .exchanging(Exchange(waiting))
        return .go
    }

    /// The beginning of the body has been sent.
    mutating func beginningSent() {
        guard case .exchanging(var exchange) = state else { return }
        exchange.sendsBeginning = false
        state = .exchanging(exchange)
    }

    /// The connection was closed before the upstream took the request: it goes back to waiting for another.
    ///
    /// - Returns: whether the request's end had been taken, and must be again.
    mutating func upstreamVanished() -> Bool {
        guard case .exchanging(let exchange) = state else { return false }
        state = .waiting(Waiting(keepsClient: exchange.keepsClient, intake: exchange.intake, isRecorded: true))
        return exchange.isRequestComplete
    }

    enum AfterRequest: Equatable { case goOn, nextRequest, close }

    mutating func requestEnded() -> AfterRequest {
        switch state {
        case .exchanging(var exchange):
            exchange.isRequestComplete = true
            state = .exchanging(exchange)
            return .goOn
        case .refused(let keepsClient):
            state = keepsClient ? .idle : .closed
            return keepsClient ? .nextRequest : .close
        case .idle, .collecting, .waiting, .closed: return .goOn
        }
    }

    /// - Parameter keepsClient: false where the response's end can be told by closing only.
    mutating func responseBegan(keepsUpstream: Bool, keepsClient: Bool) -> Bool {
        guard case .exchanging(var exchange) = state, case .awaited = exchange.response else { return false }
        exchange.response = .streaming(keepsUpstream: keepsUpstream)
        exchange.keepsClient = exchange.keepsClient && keepsClient
        state = .exchanging(exchange)
        return exchange.keepsClient
    }

    struct AfterResponse: Equatable {
        let keepsClient: Bool
        let keepsUpstream: Bool
    }

    /// The response is complete. Where the request is not, nobody can tell where the next would begin: both close.
    mutating func responseEnded() -> AfterResponse {
        guard case .exchanging(let exchange) = state, case .streaming(let keepsUpstream) = exchange.response else {
            state = .closed
            return AfterResponse(keepsClient: false, keepsUpstream: false)
        }
        let after = AfterResponse(
            keepsClient: exchange.isTaken && exchange.keepsClient,
            keepsUpstream: exchange.isRequestComplete && keepsUpstream)
        state = after.keepsClient ? .idle : .closed
        return after
    }

    enum AfterLoss: Equatable { case answer, abort, nothing }

    /// The upstream is gone.
    func upstreamLost() -> AfterLoss {
        switch state {
        case .exchanging(let exchange):
            if case .awaited = exchange.response { .answer } else { .abort }
        case .waiting: .answer
        case .idle, .collecting, .refused, .closed: .nothing
        }
    }

    mutating func closed() { state = .closed }
}
