import NIOCore
import NIOHTTP1

/// Collects one request at a time and carries out the steps of its answer.
final class ResponseHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let connection: Int
    private let log: RequestLog
    private let early: LoopbackHTTPServer.EarlyResponder
    private let respond: LoopbackHTTPServer.Responder

    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var bodyByteCount = 0
    private var isAnswering = false
    private var answeredEarly = false
    private var whenWritable: (() -> Void)?

    init(
        connection: Int, log: RequestLog, early: @escaping LoopbackHTTPServer.EarlyResponder,
        respond: @escaping LoopbackHTTPServer.Responder
    ) {
        self.connection = connection
        self.log = log
        self.early = early
        self.respond = respond
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
            bodyByteCount = 0
            answeredEarly = false
            if let steps = early(head) {
                answeredEarly = true
                run(steps[...], for: head, context: context)
            } else if head.headers["expect"].contains(where: { $0.lowercased() == "100-continue" }) {
                let informational = HTTPResponseHead(version: .http1_1, status: .continue)
                context.writeAndFlush(wrapOutboundOut(.head(informational)), promise: nil)
            }
        case .body(let bytes):
            bodyByteCount += bytes.readableBytes
            if body.count < ReceivedRequest.bodyLimit { body.append(contentsOf: bytes.readableBytesView) }
        case .end(let trailers):
            guard let head else { return }
            let request = ReceivedRequest(
                method: head.method, uri: head.uri, headers: head.headers, body: body, bodyByteCount: bodyByteCount,
                trailers: trailers, connection: connection)
            log.requests.withLock { $0.append(request) }
            if !answeredEarly { run(respond(request)[...], for: head, context: context) }
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable, let resume = whenWritable else { return }
        whenWritable = nil
        resume()
    }

    func channelInactive(context: ChannelHandlerContext) {
        if isAnswering { log.brokenAnswers.wrappingAdd(1, ordering: .acquiringAndReleasing) }
        isAnswering = false
        whenWritable = nil
        log.ends.wrappingAdd(1, ordering: .acquiringAndReleasing)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func run(_ steps: ArraySlice<ResponseStep>, for request: HTTPRequestHead, context: ChannelHandlerContext) {
        isAnswering = true
        var rest = steps
        while let step = rest.popFirst() {
            guard context.channel.isActive else { return }
            switch step {
            case .head(let status, let headers):
                let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
                context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
            case .bytes(let bytes):
                if request.method == .HEAD { continue }
                context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
            case .filling(let count):
                if let left = fill(count, context: context) {
                    let later = rest
                    whenWritable = { [weak self] in
                        self?.run([.filling(left)] + later, for: request, context: context)
                    }
                    return
                }
            case .gate(let gate):
                return resume(rest, after: gate.pass(on: context.eventLoop), for: request, context: context)
            case .pause(let time):
                let pause = context.eventLoop.scheduleTask(in: time) {}.futureResult
                return resume(rest, after: pause, for: request, context: context)
            case .end(let trailers):
                isAnswering = false
                context.writeAndFlush(wrapOutboundOut(.end(trailers)), promise: nil)
                if !request.isKeepAlive { context.close(promise: nil) }
            case .abort:
                isAnswering = false
                context.close(promise: nil)
                return
            case .endOutput:
                isAnswering = false
                context.close(mode: .output, promise: nil)
                return
            }
        }
    }

    private func resume(
        _ steps: ArraySlice<ResponseStep>, after future: EventLoopFuture<Void>, for request: HTTPRequestHead,
        context: ChannelHandlerContext
    ) {
        future.assumeIsolated().whenComplete { _ in self.run(steps, for: request, context: context) }
    }

    /// Writes until the channel has enough; returns how many bytes are left, or nil when all are written.
    private func fill(_ count: Int, context: ChannelHandlerContext) -> Int? {
        var left = count
        while left > 0 {
            if !context.channel.isWritable {
                context.flush()
                // The flush may have made room at once: then no event will say so again.
                guard context.channel.isWritable else { return left }
            }
            let size = min(left, Self.filling.readableBytes)
            guard let piece = Self.filling.getSlice(at: 0, length: size) else { return nil }
            context.write(wrapOutboundOut(.body(.byteBuffer(piece))), promise: nil)
            left -= size
        }
        context.flush()
        return nil
    }

    private static let filling = ByteBuffer(repeating: UInt8(ascii: "x"), count: 64 << 10)
}
