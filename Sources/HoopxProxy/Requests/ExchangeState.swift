/// Where the requests of one client connection stand, as a pure value: events go in, what to do comes out.
///
/// One request is served at a time. What a client sends ahead is held back, in order, by whoever owns this.
struct ExchangeState {
    private enum State {
        /// No request. Next: waiting, refused, closed.
        case idle
        /// The request is admitted and its credential or upstream is awaited. Next: exchanging, refused, closed.
        case waiting(keepsClient: Bool)
        /// Next: idle, refused (nothing of a response was there yet), closed.
        case exchanging(Exchange)
        /// hoopx answered; the rest of the request is thrown away. Next: idle, closed.
        case refused(keepsClient: Bool)
        /// Nothing is read or written any more.
        case closed
    }

    private struct Exchange {
        var keepsClient: Bool
        var isRequestComplete = false
        var response = Response.awaited
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
        case (.waiting, _): .hold
        case (.exchanging(let exchange), .head): exchange.isRequestComplete ? .hold : .discard
        case (.exchanging(let exchange), _): exchange.isRequestComplete ? .hold : .take
        case (.refused, .head): .hold
        case (.refused, _): .take
        }
    }

    /// Whether the bytes of the request go upstream, rather than away.
    var forwardsRequest: Bool {
        if case .exchanging = state { true } else { false }
    }

    var isIdle: Bool {
        if case .idle = state { true } else { false }
    }

    var isClosed: Bool {
        if case .closed = state { true } else { false }
    }

    /// Whether hoopx has answered the request already, or nothing can be answered any more.
    var isAnswered: Bool {
        switch state {
        case .refused, .closed: true
        case .idle, .waiting, .exchanging: false
        }
    }

    // MARK: Events

    mutating func admitted(keepsClient: Bool) {
        if case .idle = state { state = .waiting(keepsClient: keepsClient) }
    }

    /// hoopx answers the request itself. Possible until something of a response has been sent.
    ///
    /// - Returns: whether the connection is kept, or nil where it is too late for an answer.
    mutating func refused(closesConnection: Bool) -> Bool? {
        switch state {
        case .idle:
            state = .refused(keepsClient: !closesConnection)
            return !closesConnection
        case .waiting(let keeps):
            state = .refused(keepsClient: keeps && !closesConnection)
            return keeps && !closesConnection
        case .exchanging(let exchange):
            guard case .awaited = exchange.response else { return nil }
            let keeps = exchange.keepsClient && !closesConnection
            if exchange.isRequestComplete {
                state = keeps ? .idle : .closed
            } else {
                state = .refused(keepsClient: keeps)
            }
            return keeps
        case .refused, .closed: return nil
        }
    }

    /// The upstream is there.
    ///
    /// - Returns: whether the request is still wanted.
    mutating func upstreamReady() -> Bool {
        guard case .waiting(let keepsClient) = state else { return false }
        state = .exchanging(Exchange(keepsClient: keepsClient))
        return true
    }

    /// A kept connection was closed already: the request goes back to waiting for another.
    ///
    /// - Returns: whether the request's end had been taken, and must be again.
    mutating func upstreamVanished() -> Bool {
        guard case .exchanging(let exchange) = state else { return false }
        state = .waiting(keepsClient: exchange.keepsClient)
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
        case .idle, .waiting, .closed: return .goOn
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
        let isWhole = exchange.isRequestComplete
        let after = AfterResponse(keepsClient: isWhole && exchange.keepsClient, keepsUpstream: isWhole && keepsUpstream)
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
        case .idle, .refused, .closed: .nothing
        }
    }

    mutating func closed() { state = .closed }
}
