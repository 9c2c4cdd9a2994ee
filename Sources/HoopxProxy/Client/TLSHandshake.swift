import NIOCore
import NIOTLS

/// Waits for the end of a TLS handshake, then leaves the pipeline.
final class TLSHandshake: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    let done: EventLoopFuture<any Channel>
    private let promise: EventLoopPromise<any Channel>
    private var limit: Scheduled<Void>?

    init(limit: TimeAmount, on channel: any Channel) {
        promise = channel.eventLoop.makePromise(of: (any Channel).self)
        done = promise.futureResult
        self.limit = channel.eventLoop.scheduleTask(in: limit) { [promise] in
            promise.fail(UpstreamFailure.unreachable("the TLS handshake took too long"))
            channel.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .handshakeCompleted? = event as? TLSUserEvent else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        limit?.cancel()
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
        promise.succeed(context.channel)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        limit?.cancel()
        promise.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        limit?.cancel()
        promise.fail(UpstreamFailure.unreachable("it closed the connection during the TLS handshake"))
        context.fireChannelInactive()
    }
}
