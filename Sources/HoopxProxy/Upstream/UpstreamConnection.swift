import HoopxOutbound
import NIOCore
import NIOHTTP1

/// Who a connection to an upstream answers to while it serves a request. On one event loop with it.
protocol UpstreamClient: AnyObject {
    func upstreamDidReceive(_ part: HTTPClientResponsePart)
    func upstreamDidFinishReading()
    func upstreamWritabilityChanged()
    func upstreamDidClose(_ failure: UpstreamFailure)
    /// Whether more of the response can be taken now; if not, `resumeReading` follows.
    var takesResponse: Bool { get }
}

/// The last handler of a connection to an upstream: what arrives goes straight to the client's side, without a queue
/// or a hop in between.
final class UpstreamConnection: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = Never
    typealias OutboundOut = HTTPClientRequestPart

    let target: UpstreamTarget
    /// Whether it served another request before.
    private(set) var isReused = false
    var keptUntil = NIODeadline.distantFuture

    private let pool: UpstreamPool
    // Strong while a request is served: both ends of it let go of each other when it ends or a channel closes.
    private var client: (any UpstreamClient)?
    private var context: ChannelHandlerContext?
    private var isReadWithheld = false
    private var failure: UpstreamFailure?

    init(to target: UpstreamTarget, in pool: UpstreamPool) {
        self.target = target
        self.pool = pool
    }

    func install(in channel: any Channel) throws {
        var encoding = HTTPRequestEncoder.Configuration()
        // The framing is the request's own, checked on its way in.
        encoding.automaticallySetFramingHeaders = false
        try channel.pipeline.syncOperations.addHandlers([
            HTTPRequestEncoder(configuration: encoding), HTTPDecoding.ofResponses(largestHead: 256 * 1024), self,
        ])
        guard channel.isActive else { throw UpstreamFailure.unreachable("it closed the connection") }
    }

    /// Whether the upstream has not closed it.
    var isOpen: Bool { context?.channel.isActive ?? false }

    var isWritable: Bool { context?.channel.isWritable ?? false }

    /// Begins to serve a request.
    func attach(_ client: any UpstreamClient) { self.client = client }

    func write(_ part: HTTPClientRequestPart) {
        context?.write(wrapOutboundOut(part), promise: nil)
    }

    func flush() { context?.flush() }

    func resumeReading() {
        guard isReadWithheld, let context else { return }
        isReadWithheld = false
        context.read()
    }

    /// Ends the service: the connection waits for another request.
    func release() {
        client = nil
        isReused = true
        resumeReading()
        if context == nil { return }
        pool.keep(self)
    }

    func close() {
        client = nil
        context?.close(promise: nil)
    }

    // MARK: Events of the channel

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let client else {
            // Nothing was asked: what an upstream says now belongs to no request.
            failure = .brokenOff("it sent something that nobody asked for")
            pool.forget(self)
            context.close(promise: nil)
            return
        }
        client.upstreamDidReceive(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) { client?.upstreamDidFinishReading() }

    func read(context: ChannelHandlerContext) {
        if client?.takesResponse ?? true { context.read() } else { isReadWithheld = true }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) { client?.upstreamWritabilityChanged() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = .brokenOff(error is HTTPParserError ? "its answer is not HTTP/1.1 (\(error))" : "\(error)")
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let client {
            self.client = nil
            client.upstreamDidClose(failure ?? .brokenOff("the connection closed"))
        } else {
            pool.forget(self)
        }
    }
}
