import HoopxCore
import HoopxOutbound
import NIOCore
import NIOSSL

/// A connection of the target on its way through the first rooms: each step puts the handlers of the next into its
/// channel's pipeline. All on the channel's event loop.
struct ClientConnection {
    let channel: any Channel
    let destination: Destination
    let account: ConnectionAccount
    let services: ProxyServices

    /// What is expected of a connection, before its first byte.
    enum Welcome {
        /// TLS or HTTP for a host of a connection.
        case host(NamedConnection)
        /// TLS or HTTP whose name must be checked, or, for an address, anything.
        case tunnel(rule: String)
        /// HTTP for a base URL, for a place that is denied.
        case http(Entrance)
        case explicitProxy
    }

    func begin(_ welcome: Welcome) throws {
        switch welcome {
        case .http(let entrance): try addRequestHandlers(entrance)
        case .tunnel(let rule) where destination.isAddress: try openTunnel(rule: rule, firstBytes: ByteBuffer())
        case .host, .tunnel: try add(FirstBytes(self, expecting: welcome))
        case .explicitProxy: try add(ExplicitProxy(self))
        }
    }

    func addTLS() throws {
        try add(NIOSSLServerHandler(context: services.authority.serverContext(for: destination.host)))
    }

    func addRequestHandlers(_ entrance: Entrance) throws {
        let pipeline = RequestPipeline(
            entrance: entrance, destination: destination, policy: services.policy, connections: services.connections,
            session: services.session, recorder: services.recorder)
        try add(HTTPDecoding.ofRequests(largestHead: 256 * 1024))
        try add(
            RequestHandler(
                pipeline, services: services, connectionNumber: account.number, allocator: channel.allocator))
    }

    /// Connects the bytes of both sides, once the upstream stands.
    func openTunnel(rule: String, firstBytes: ByteBuffer) throws {
        guard isAdmitted(alert: firstBytes.startsWithTLS ? .accessDenied : nil) else { return }
        // Nobody can tell where in a tunnel a request ends: what the target sends after the session's end is new, what
        // it receives may belong to something old.
        let near = TunnelEnd(waitingFor: firstBytes) { [self] in goesOn() }
        try channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: true)
        try add(near)
        let target = UpstreamTarget(
            destination: destination, isTLS: true, caPath: nil, mayBeLocal: destination.isAddress)
        let connection = self
        services.connector.connectForTunnel(to: target, on: channel.eventLoop).assumeIsolated().whenComplete { result in
            do {
                let upstream = try result.get()
                try upstream.syncOptions?.setOption(.allowRemoteHalfClosure, value: true)
                let far = TunnelEnd()
                try upstream.pipeline.syncOperations.addHandler(far)
                near.join(far)
            } catch {
                connection.tunnelFailed(UpstreamFailure(error), rule: rule, isTLS: firstBytes.startsWithTLS)
            }
        }
    }

    /// Records a denial that was found in the first bytes, says so as far as TLS can, and closes.
    func deny(_ denial: Denial, alert: TLSAlert?) {
        services.deny(denial)
        account.denied(denial.code)
        if let alert { channel.writeAndFlush(alert.record, promise: nil) }
        channel.close(promise: nil)
    }

    /// Whether the session goes on; where it has ended, the connection is denied and closed.
    private func isAdmitted(alert: TLSAlert?) -> Bool {
        guard let denial = services.session.denial(of: "a connection to \(destination)") else { return true }
        deny(denial, alert: alert)
        return false
    }

    /// Whether what the target sends into an open tunnel passes. A goodbye that comes after the command's end is not worth a
    /// denial: nobody is left who could be told.
    private func goesOn() -> Bool {
        guard case .revoked? = services.session.ending?.reason else { return isAdmitted(alert: nil) }
        channel.close(promise: nil)
        return false
    }

    private func tunnelFailed(_ failure: UpstreamFailure, rule: String, isTLS: Bool) {
        guard channel.isActive else { return }
        let denial = failure.denial(
            subject: "a connection to \(destination)", rule: "egress.tunnel \(rule)", target: destination)
        deny(denial, alert: isTLS ? .accessDenied : nil)
    }

    func add(_ handler: some ChannelHandler) throws { try channel.pipeline.syncOperations.addHandler(handler) }
}

extension Destination {
    var isAddress: Bool {
        if case .address = host { true } else { false }
    }
}

extension ByteBuffer {
    var startsWithTLS: Bool { getInteger(at: readerIndex, as: UInt8.self) == ClientHello.firstByte }
}
