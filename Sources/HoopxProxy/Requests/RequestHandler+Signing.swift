import HoopxCore
import NIOCore
import NIOHTTP1

/// A request that hoopx signs waits for its own body first, since the signature covers it and goes before it.
extension RequestHandler {
    /// Takes the body in. The client that waits for leave to send it gets it from hoopx (RFC 9110, 10.1.1).
    func beginCollecting(_ request: AdmittedRequest) {
        guard let context else { return }
        body = BodyCollector(in: services.bodyMemory, allocator: context.channel.allocator)
        guard request.expectsContinue, received?.version == .http1_1 else { return }
        writer.writeHead(HTTPResponseHead(version: .http1_1, status: .continue), framing: .none, closes: false)
        flushClient()
    }

    func collect(_ bytes: ByteBuffer) {
        deadline?.set(services.deadlines.exchange)
        guard let body, let request else { return }
        do throws(BodyCollector.Overflow) {
            try body.append(bytes)
        } catch {
            refuse(.unsignable(error, subject: request.subject, rule: request.rule))
        }
    }

    /// The body is whole: the request takes the way of the others from here on. Nothing of it has passed yet, so that the
    /// session's end in the meantime counts: a target could keep any number of requests that lack their last byte.
    func endCollecting() {
        state.bodyCollected()
        guard let body, let request else { return }
        if refuseAfterTheEnd(request) { return }
        self.request?.frame(bodyLength: body.length)
        if let request = self.request { getCredential(request) }
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
                upstream.write(.end(nil))
                self.body = nil
                _ = state.requestEnded()
                break
            }
            record?.requestBytes(piece.readableBytes)
            upstream.write(.body(.byteBuffer(piece)))
            if !upstream.isWritable { upstream.flush() }
        }
        upstream.flush()
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
