import HoopxAudit
import HoopxCore
import NIOCore
import NIOHTTP1

/// A body is taken in before it goes on, so that it is on record by then, and seen whole: where it is signed, whatever its
/// length; else where it is short and comes soon. What is longer or slower goes on as a stream, and is looked at in passing.
extension RequestHandler {
    /// Takes the body in. The client that waits for leave to send it gets it from hoopx (RFC 9110, 10.1.1).
    func beginCollecting(_ request: AdmittedRequest) {
        guard let context, let record else { return }
        do throws(UnreadableContent) {
            requestContent = try RequestContent(
                request.head.headers, route: request.modelRoute, handling: services.content,
                recording: services.recorder.body(of: record.number, .request))
        } catch {
            // A client that waits for leave to send its body may send it or not: nobody could tell.
            refuse(
                .unreadable(
                    error, .request, setting: services.content.setting(.request), subject: request.subject,
                    closesConnection: request.expectsContinue))
            return
        }
        body = BodyCollector(
            in: services.bodyMemory, allocator: context.channel.allocator, isSigned: request.isSigned)
        guard request.expectsContinue, received?.version == .http1_1 else { return }
        writer.writeHead(HTTPResponseHead(version: .http1_1, status: .continue), framing: .none, closes: false)
        flushClient()
    }

    func collect(_ bytes: ByteBuffer) {
        deadline?.set(services.deadlines.exchange)
        guard let body, let request else { return }
        let isTooLong = !request.isSigned && body.length + bytes.readableBytes > BodyMemory.largestWhole
        do throws(BodyCollector.Overflow) {
            if isTooLong { throw .body }
            try body.append(bytes)
        } catch {
            if request.isSigned {
                refuse(.unsignable(error, subject: request.subject, rule: request.rule))
            } else {
                held.prepend(.body(bytes))
                goOnAsStream()
            }
            return
        }
        // In steps that hold nobody else of the event loop up for long.
        if body.uninspectedLength >= BodyMemory.largestWhole, inspectCollected() { putContentOnRecord() }
    }

    /// Called when one read's bytes have been taken: what is not whole by now may never be.
    func limitCollecting() {
        guard state.collectsRequest, wholeBodyTimer == nil, let request, !request.isSigned else { return }
        wholeBodyTimer = context?.eventLoop.assumeIsolated().scheduleTask(in: services.deadlines.wholeBody) {
            [weak self] in self?.goOnAsStream()
        }
    }

    /// The body is whole: the request takes the way of the others from here on. Nothing of it has passed yet, so that the
    /// session's end in the meantime counts: a target could keep any number of requests that lack their last byte.
    func endCollecting(_ trailers: HTTPHeaders?) {
        state.bodyCollected()
        stopLimit()
        guard let body, let request, let record, let content = requestContent else { return }
        if refuseAfterTheEnd(request) { return }
        guard inspectCollected(),
            passContent({ () throws(UnreadableContent) in try content.finish(at: record.elapsed) })
        else { return }
        let isChanged = content.isChanged
        if isChanged, let outgoing = content.takeOutgoing() { body.replace(with: outgoing) }
        self.request?.frame(bodyLength: body.length, isChanged: isChanged)
        collectedTrailers = request.isSigned ? nil : forwardable(trailers)
        if let facts = content.facts { self.record?.asks(facts) }
        endRequestContent()
        goOn()
    }

    /// What is there of the body goes on, and the rest as it comes.
    private func goOnAsStream() {
        guard state.collectsRequest else { return }
        state.bodyGoesOnAsStream()
        stopLimit()
        guard let body, let request, let content = requestContent else { return }
        if refuseAfterTheEnd(request) { return }
        guard inspectCollected() else { return }
        putContentOnRecord()
        if let outgoing = content.takeOutgoing() { body.replace(with: outgoing) }
        self.request?.frameAsStream(isChanged: services.content.request != nil)
        goOn()
    }

    /// The bytes that go on in the place of these, which pass; nil where the request was refused.
    func pass(_ bytes: ByteBuffer) -> ByteBuffer? {
        guard let content = requestContent, let record else { return bytes }
        guard passContent({ () throws(UnreadableContent) in try content.append(bytes) }) else { return nil }
        content.putOnRecord(at: record.elapsed)
        return content.takeOutgoing() ?? bytes
    }

    /// The body that passes has ended: what was held back of it; nil where the request was refused.
    func passEnd() -> ByteBuffer? {
        guard let content = requestContent, let record else { return ByteBuffer() }
        guard passContent({ () throws(UnreadableContent) in try content.finish(at: record.elapsed) }) else {
            return nil
        }
        let rest = content.takeOutgoing()
        endRequestContent()
        return rest ?? ByteBuffer()
    }

    /// The trailers that go on with the body.
    func forwardable(_ trailers: HTTPHeaders?) -> HTTPHeaders? {
        var trailers = trailers.flatMap { request?.forwardable(trailers: $0) }
        if services.content.request != nil { trailers?.removeContentFields() }
        return trailers
    }

    /// Sends what is left of the body, as fast as the upstream takes it.
    func sendCollected() {
        guard let upstream, let body, state.forwardsRequest, !isSendingBody else { return }
        // A flush tells of its writability before it returns.
        isSendingBody = true
        defer { isSendingBody = false }
        deadline?.set(services.deadlines.exchange)
        // It may also close, and that ends the request.
        while upstream.isWritable, self.upstream === upstream, self.body === body {
            guard let piece = body.next() else {
                self.body = nil
                if state.sendsBeginning {
                    state.beginningSent()
                } else {
                    upstream.write(.end(collectedTrailers))
                    _ = state.requestEnded()
                }
                break
            }
            record?.requestBytes(piece.readableBytes)
            upstream.write(.body(.byteBuffer(piece)))
            if !upstream.isWritable { upstream.flush() }
        }
        upstream.flush()
    }

    /// The request has ended, or goes no further: what of its content has not been recorded is.
    func endRequestContent() {
        guard let content = requestContent, let record else { return }
        requestContent = nil
        content.breakOff(at: record.elapsed)
        recordFindings(content.findings, .request)
        if let failure = content.failure { recordUnseen(failure, .request) }
    }

    func stopLimit() {
        wholeBodyTimer?.cancel()
        wholeBodyTimer = nil
    }

    private func putContentOnRecord() {
        if let record { requestContent?.putOnRecord(at: record.elapsed) }
    }

    /// - Returns: false where the request was refused.
    private func inspectCollected() -> Bool {
        guard let content = requestContent, let body else { return true }
        return passContent { () throws(UnreadableContent) in try content.append(body.takeUninspected()) }
    }

    /// - Returns: false where the request was refused, since it is to be masked and cannot be.
    private func passContent(_ step: () throws(UnreadableContent) -> Void) -> Bool {
        do throws(UnreadableContent) {
            try step()
            return true
        } catch {
            if let request {
                let setting = services.content.setting(.request)
                refuse(.unreadable(error, .request, setting: setting, subject: request.subject))
            }
            return false
        }
    }
}

extension Refusal {
    static func unsignable(_ overflow: BodyCollector.Overflow, subject: String, rule: String) -> Refusal {
        switch overflow {
        case .body:
            Refusal(
                Denial(
                    code: .bodyTooLarge, layer: .proxy, rule: rule, subject: subject,
                    hint: "hoopx signs this connection's requests and holds each body until it is signed, at most "
                        + "\(BodyMemory.largestBody >> 20) MiB; send it in parts"),
                status: .payloadTooLarge)
        case .memory:
            Refusal(
                Denial(
                    code: .proxyBusy, layer: .proxy, rule: rule, subject: subject,
                    hint: "too many large requests wait for their signature; send fewer of them at a time"),
                status: .serviceUnavailable)
        }
    }
}
