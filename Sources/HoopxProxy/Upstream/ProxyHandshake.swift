import HoopxCore
import HoopxOutbound
import NIOCore

/// Asks a company's proxy for a connection with CONNECT (RFC 9110, 9.3.6), then leaves the pipeline.
///
/// It reads bytes, not HTTP parts: what follows the answer belongs to whoever is added to the pipeline when `done` is
/// there, and may come in the same read.
final class ProxyHandshake: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    let done: EventLoopFuture<any Channel>
    private let promise: EventLoopPromise<any Channel>
    private var limit: Scheduled<Void>?
    private var received = ByteBuffer()
    private let request: ByteBuffer

    private static let maximumAnswer = 16 * 1024

    init(
        _ proxy: ProxyEnvironment.CompanyProxy, for destination: Destination, limit: TimeAmount, on channel: any Channel
    ) {
        var request = ByteBuffer(string: "CONNECT \(destination) HTTP/1.1\r\nHost: \(destination)\r\n")
        proxy.authorization?.withValue { _ = request.writeString("Proxy-Authorization: \($0)\r\n") }
        request.writeStaticString("\r\n")
        self.request = request
        promise = channel.eventLoop.makePromise(of: (any Channel).self)
        done = promise.futureResult
        self.limit = channel.eventLoop.scheduleTask(in: limit) { [promise] in
            promise.fail(UpstreamFailure.unreachable("the proxy of the environment took too long to answer"))
            channel.close(promise: nil)
        }
    }

    func handlerAdded(context: ChannelHandlerContext) { context.writeAndFlush(NIOAny(request), promise: nil) }

    func handlerRemoved(context: ChannelHandlerContext) { limit?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        received.writeBuffer(&bytes)
        guard let head = received.readHead() else {
            if received.readableBytes > Self.maximumAnswer { fail("its answer is endless", context: context) }
            return
        }
        switch Self.status(of: head) {
        case .some(200..<300):
            promise.succeed(context.channel)
            if received.readableBytes > 0 {
                context.fireChannelRead(wrapInboundOut(received))
                context.fireChannelReadComplete()
            }
            context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
        case .some(407): fail("it asks for a user and a password", context: context)
        case .some(let status): fail("it refused the connection with status \(status)", context: context)
        case nil: fail("its answer is not HTTP", context: context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail("\(error)", context: context) }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(UpstreamFailure.unreachable("the proxy of the environment closed the connection"))
        context.fireChannelInactive()
    }

    private func fail(_ found: String, context: ChannelHandlerContext) {
        promise.fail(UpstreamFailure.unreachable("the proxy of the environment does not let it: \(found)"))
        context.close(promise: nil)
    }

    /// The code of a status line (RFC 9112, 4).
    private static func status(of head: String) -> Int? {
        let words = head.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0] == "HTTP/1.1" || words[0] == "HTTP/1.0" else { return nil }
        return Int(words[1].prefix(3))
    }
}

extension ByteBuffer {
    /// Takes the lines before the first empty one off, with it; nil where it is not there yet.
    mutating func readHead() -> String? {
        let end = Array("\r\n\r\n".utf8)
        let view = readableBytesView
        guard let last = view.indices.first(where: { view[$0...].starts(with: end) }) else { return nil }
        defer { moveReaderIndex(forwardBy: last - view.startIndex + end.count) }
        return String(decoding: view[..<last], as: UTF8.self)
    }
}
