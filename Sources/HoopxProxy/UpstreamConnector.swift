import HoopxCore
import NIOCore
import NIOExtras
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOTLS

/// Opens connections to upstreams: directly or through the company's proxy, with TLS verified in full.
struct UpstreamConnector: Sendable {
    let trust: UpstreamTrust
    let environment: ProxyEnvironment
    let threads: NIOThreadPool
    let deadlines: Deadlines

    /// How a plain-HTTP request must name its target on the way to an upstream.
    func forwardProxy(for target: UpstreamTarget) -> ProxyEnvironment.CompanyProxy? {
        target.isTLS ? nil : environment.proxy(for: target.destination, isTLS: false)
    }

    /// Connects for requests. The future fails with an `UpstreamFailure`.
    func connectForRequests(to target: UpstreamTarget, on loop: any EventLoop) -> EventLoopFuture<any Channel> {
        if let proxy = forwardProxy(for: target) {
            return connectTCP(to: proxy.address, mayBeLocal: true, on: loop).mappingFailure()
        }
        guard target.isTLS else {
            return connectTCP(to: target.destination, mayBeLocal: target.mayBeLocal, on: loop).mappingFailure()
        }
        return tlsContext(caPath: target.caPath, on: loop).flatMap { context in
            connectBytes(to: target, on: loop).flatMap { channel in handshake(on: channel, context, target) }
        }.mappingFailure()
    }

    /// Connects for bytes that somebody else understands; a proxy is asked with CONNECT.
    func connectForTunnel(to target: UpstreamTarget, on loop: any EventLoop) -> EventLoopFuture<any Channel> {
        connectBytes(to: target, on: loop).mappingFailure()
    }

    private func connectBytes(to target: UpstreamTarget, on loop: any EventLoop) -> EventLoopFuture<any Channel> {
        guard let proxy = environment.proxy(for: target.destination, isTLS: true) else {
            return connectTCP(to: target.destination, mayBeLocal: target.mayBeLocal, on: loop)
        }
        return connectTCP(to: proxy.address, mayBeLocal: true, on: loop).flatMap { channel in
            askProxy(proxy, for: target.destination, on: channel)
        }
    }

    private func connectTCP(
        to destination: Destination, mayBeLocal: Bool, on loop: any EventLoop
    ) -> EventLoopFuture<any Channel> {
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(deadlines.connect)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
        switch destination.host {
        case .address(let address):
            do {
                return bootstrap.connect(
                    to: try SocketAddress(ipAddress: address.description, port: Int(destination.port)))
            } catch {
                return loop.makeFailedFuture(error)
            }
        case .name(let name):
            return
                bootstrap
                .resolver(UpstreamResolver(threads: threads, loop: loop, mayBeLocal: mayBeLocal))
                .connect(host: name.description, port: Int(destination.port))
        }
    }

    /// Asks a company's proxy for a connection (RFC 9110, 9.3.6).
    private func askProxy(
        _ proxy: ProxyEnvironment.CompanyProxy, for destination: Destination, on channel: any Channel
    ) -> EventLoopFuture<any Channel> {
        let answered = channel.eventLoop.makePromise(of: Void.self)
        let authority = destination.description
        var headers: HTTPHeaders = ["Host": authority]
        proxy.authorization?.withValue { headers.add(name: "Proxy-Authorization", value: $0) }
        let host = String(authority.dropLast(String(destination.port).utf8.count + 1))
        do {
            let pipeline = channel.pipeline.syncOperations
            let encoder = HTTPRequestEncoder()
            let decoder = ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes))
            try pipeline.addHandlers([
                encoder, decoder,
                NIOHTTP1ProxyConnectHandler(
                    targetHost: host, targetPort: Int(destination.port), headers: headers,
                    deadline: .now() + deadlines.handshake, promise: answered),
            ])
            return answered.futureResult.assumeIsolated().map {
                // The bytes that follow the answer belong to whoever is added to the pipeline next.
                pipeline.removeHandler(encoder, promise: nil)
                pipeline.removeHandler(decoder, promise: nil)
                return channel
            }.nonisolated()
        } catch {
            answered.fail(error)
            return channel.eventLoop.makeFailedFuture(error)
        }
    }

    private func tlsContext(caPath: String?, on loop: any EventLoop) -> EventLoopFuture<NIOSSLContext> {
        if let known = trust.known(caPath: caPath) { return loop.makeCompletedFuture { try known.get() } }
        return threads.runIfActive(eventLoop: loop) { try trust.context(caPath: caPath) }
    }

    private func handshake(
        on channel: any Channel, _ context: NIOSSLContext, _ target: UpstreamTarget
    ) -> EventLoopFuture<any Channel> {
        let serverName: String? =
            if case .name(let name) = target.destination.host { name.description } else { nil }
        return channel.eventLoop.makeCompletedFuture {
            let waiter = HandshakeWaiter(limit: deadlines.handshake, on: channel)
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: serverName))
            try pipeline.addHandler(waiter)
            return waiter.done
        }.flatMap { $0 }
    }
}

/// Waits for the end of a TLS handshake, then leaves the pipeline.
private final class HandshakeWaiter: ChannelInboundHandler, RemovableChannelHandler {
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
