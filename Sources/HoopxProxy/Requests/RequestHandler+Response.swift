import HoopxCore
import NIOCore
import NIOHTTP1

/// The way back: the upstream's response, or hoopx's own.
extension RequestHandler: UpstreamClient {
    var takesResponse: Bool { context?.channel.isWritable ?? true }

    func upstreamDidReceive(_ part: HTTPClientResponsePart) {
        switch part {
        case .head(let head) where head.status.code < 200: forwardInformational(head)
        case .head(let head): beginResponse(head)
        case .body(let bytes):
            record?.responseBytes(bytes.readableBytes)
            passResponse(bytes)
        case .end(let trailers): passResponseEnd(trailers)
        }
    }

    /// What one read brought goes out at once: an event of a stream never waits for the next.
    func upstreamDidFinishReading() {
        deadline?.set(services.deadlines.exchange)
        flushClient()
        recordResponseContent()
    }

    func upstreamWritabilityChanged() {
        let sentBeginning = state.sendsBeginning
        sendCollected()
        // Not at any other time: a write tells of it too, in the middle of the message that it is part of.
        if sentBeginning, !state.sendsBeginning { takeHeld() } else { resumeReading() }
    }

    func upstreamDidClose(_ failure: UpstreamFailure) {
        let isReused = upstream?.isReused ?? false
        upstream = nil
        switch state.upstreamLost() {
        case .answer:
            if isReused, let request, request.isReplayable {
                // The upstream closed a kept connection at the moment at which it was used again.
                if state.upstreamVanished() { held.prepend(.end(nil)) }
                getUpstream(request, mustBeNew: true)
            } else {
                refuse(failure)
            }
        case .abort:
            if let refusal = refusal(for: failure) {
                breakOff(refusal)
            } else {
                flushClient()
                context?.close(promise: nil)
            }
        case .nothing: break
        }
    }

    /// The response has begun, and cannot be completed.
    func breakOff(_ refusal: Refusal) {
        upstream?.close()
        upstream = nil
        record?.brokeOff(refusal)
        services.deny(refusal.denial, request: record?.number)
        flushClient()
        context?.close(promise: nil)
    }

    func refuse(_ failure: UpstreamFailure) {
        if let refusal = refusal(for: failure) { refuse(refusal) }
    }

    /// Answers the request with a denial, or closes where an answer has begun already.
    func refuse(_ refusal: Refusal) {
        upstream?.close()
        upstream = nil
        body = nil
        stopLimit()
        let hasAnswer = state.isAnswered
        if !hasAnswer {
            record?.denied(refusal)
            // A place that is denied was counted when the connection to it came in.
            if case .denied = pipeline.entrance {} else { services.deny(refusal.denial, request: record?.number) }
        }
        guard let keepsClient = state.refused(closesConnection: refusal.closesConnection) else {
            // After a refusal the client may still be reading it: the lingering close goes on.
            if !hasAnswer { context?.close(promise: nil) }
            return
        }
        let connection = request?.connection ?? pipeline.entrance.connection
        let response = DenialResponse(refusal, dialect: connection?.dialect ?? .plain)
        let head = HTTPResponseHead(version: .http1_1, status: response.status, headers: response.headers)
        let isHead = received?.method == .HEAD
        writer.writeHead(head, framing: isHead ? .none : .length, closes: !keepsClient)
        if !isHead {
            for buffer in writer.writeBody(ByteBuffer(string: response.body)) {
                context?.write(wrapOutboundOut(buffer), promise: nil)
            }
        }
        finishRecord()
        flushClient()
        if keepsClient {
            if state.isIdle { awaitNextRequest() } else { deadline?.set(services.deadlines.exchange) }
            takeHeld()
        } else {
            linger()
        }
    }

    func expired() {
        if state.isIdle || state.isAnswered || request == nil {
            context?.close(promise: nil)
        } else {
            refuse(.brokenOff("nothing moved for too long"))
        }
    }

    func flushClient() {
        if let gathered = writer.take() { context?.write(wrapOutboundOut(gathered), promise: nil) }
        context?.flush()
    }

    private func forwardInformational(_ head: HTTPResponseHead) {
        guard head.status.code != 101 else {
            refuse(.brokenOff("it changed the protocol unasked"))
            return
        }
        // HTTP/1.0 does not know of them (RFC 9110, 15.2).
        guard received?.version == .http1_1 else { return }
        writer.writeHead(head, framing: .none, closes: false)
    }

    private func beginResponse(_ upstreamHead: HTTPResponseHead) {
        guard let received else { return }
        var head = upstreamHead
        guard beginContent(of: &head) else { return }
        let framing = ResponseWriter.framing(of: head, answering: received.method, for: received.version)
        let isDelimited =
            framing == .none || upstreamHead.headers.contains(name: "content-length")
            || upstreamHead.headers.contains(name: "transfer-encoding")
        let keepsClient = state.responseBegan(
            keepsUpstream: head.isKeepAlive && isDelimited, keepsClient: framing != .untilClose)
        record?.responseBegan(
            status: head.status.code, upstreamRequestID: head.headers.first(name: "request-id"))
        writer.writeHead(head, framing: framing, closes: !keepsClient)
    }

    func endResponse() {
        let after = state.responseEnded()
        if after.keepsUpstream { upstream?.release() } else { upstream?.close() }
        upstream = nil
        body = nil
        request = nil
        received = nil
        flushClient()
        finishRecord()
        if after.keepsClient {
            awaitNextRequest()
            takeHeld()
        } else {
            linger()
        }
    }

    /// Closes so that the client still gets what was written: a close with unread bytes would take it away (RFC 9112,
    /// 9.6).
    private func linger() {
        deadline?.set(services.deadlines.lingering)
        context?.close(mode: .output, promise: nil)
    }

    private func refusal(for failure: UpstreamFailure) -> Refusal? {
        guard let request else { return nil }
        let denial = failure.denial(subject: request.subject, rule: request.rule, target: request.upstream.destination)
        return Refusal(denial, status: denial.code == .addressNotAllowed ? .forbidden : .badGateway)
    }
}
