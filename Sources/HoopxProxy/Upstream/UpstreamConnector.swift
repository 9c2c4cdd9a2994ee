import HoopxCore
import HoopxOutbound
import NIOCore
import NIOPosix
import NIOSSL

/// Opens connections to upstreams: directly or through the company's proxy, with TLS verified in full.
struct UpstreamConnector: Sendable {
    let trust: UpstreamTrust
    let environment: ProxyEnvironment
    let threads: NIOThreadPool
    let door: LoopDoor
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
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
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
                .resolver(UpstreamResolver(threads: threads, door: door, loop: loop, mayBeLocal: mayBeLocal))
                .connect(host: name.description, port: Int(destination.port))
        }
    }

    /// Asks a company's proxy for a connection (RFC 9110, 9.3.6).
    private func askProxy(
        _ proxy: ProxyEnvironment.CompanyProxy, for destination: Destination, on channel: any Channel
    ) -> EventLoopFuture<any Channel> {
        channel.eventLoop.makeCompletedFuture {
            let handshake = ProxyHandshake(proxy, for: destination, limit: deadlines.handshake, on: channel)
            try channel.pipeline.syncOperations.addHandler(handshake)
            return handshake.done
        }.flatMap { $0 }
    }

    private func tlsContext(caPath: String?, on loop: any EventLoop) -> EventLoopFuture<NIOSSLContext> {
        if let known = trust.known(caPath: caPath) { return loop.makeCompletedFuture { try known.get() } }
        return door.run(on: threads, for: loop) { try trust.context(caPath: caPath) }
    }

    private func handshake(
        on channel: any Channel, _ context: NIOSSLContext, _ target: UpstreamTarget
    ) -> EventLoopFuture<any Channel> {
        let serverName: String? =
            if case .name(let name) = target.destination.host { name.description } else { nil }
        return channel.eventLoop.makeCompletedFuture {
            let waiter = TLSHandshake(limit: deadlines.handshake, on: channel)
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: serverName))
            try pipeline.addHandler(waiter)
            return waiter.done
        }.flatMap { $0 }
    }
}
