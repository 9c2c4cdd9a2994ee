import HoopxCore
import HoopxPolicy
import NIOCore

/// The proxy that clients are told of by HTTPS_PROXY, where names cannot be resolved in the sandbox: it reads the head
/// of a CONNECT and sends the connection on as if the target had connected itself. Whole-URL requests go to the
/// request pipeline, which decides on each.
final class ExplicitProxy: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let connection: ClientConnection
    private var bytes = ByteBuffer()
    private var isDecided = false
    private var limit: Scheduled<Void>?

    private static let maximumHead = 8 * 1024

    init(_ connection: ClientConnection) { self.connection = connection }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        limit = context.eventLoop.scheduleTask(in: connection.services.deadlines.firstBytes) {
            channel.close(promise: nil)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { limit?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var new = unwrapInboundIn(data)
        bytes.writeBuffer(&new)
        if isDecided { return }
        do {
            switch ConnectHead(&bytes) {
            case .incomplete where bytes.readableBytes <= Self.maximumHead: return
            case .other: try hand(to: context) { try $0.addRequestHandlers(.explicitProxy) }
            case .connect(let destination): try connect(to: destination, context: context)
            case .incomplete, .malformed:
                answer(.malformed("its CONNECT names no host and port", rule: "egress"), context: context)
            }
        } catch {
            context.fireErrorCaught(error)
            context.close(promise: nil)
        }
    }

    private func connect(to destination: Destination, context: ChannelHandlerContext) throws {
        let next = ClientConnection(
            channel: connection.channel, destination: destination, account: connection.account,
            services: connection.services)
        let welcome: ClientConnection.Welcome
        switch next.services.policy.route(to: destination) {
        case .deny(let denial):
            next.account.leads(to: destination, verdict: .denied(denial.code))
            answer(Refusal(denial, closesConnection: true), context: context)
            return
        case .tunnel(let rule):
            if let denial = next.services.session.denial(of: "a connection to \(destination)") {
                next.account.leads(to: destination, verdict: .denied(denial.code))
                answer(Refusal(denial, closesConnection: true), context: context)
                return
            }
            next.account.leads(to: destination, verdict: .tunnel(rule: rule))
            welcome = .tunnel(rule: rule)
        case .connection(let name):
            guard let named = next.services.connections[name] else {
                preconditionFailure("the policy names a connection that the proxy was not given")
            }
            next.account.leads(to: destination, verdict: .connection(name: name))
            welcome = .host(named)
        }
        let established = ByteBuffer(staticString: "HTTP/1.1 200 Connection established\r\n\r\n")
        context.writeAndFlush(wrapOutboundOut(established), promise: nil)
        try hand(to: context) { _ in try next.begin(welcome) }
    }

    private func hand(to context: ChannelHandlerContext, _ next: (ClientConnection) throws -> Void) throws {
        isDecided = true
        try next(connection)
        let rest = bytes
        bytes = ByteBuffer()
        if rest.readableBytes > 0 {
            context.fireChannelRead(wrapInboundOut(rest))
            context.fireChannelReadComplete()
        }
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    private func answer(_ refusal: Refusal, context: ChannelHandlerContext) {
        isDecided = true
        connection.services.deny(refusal.denial)
        connection.account.denied(refusal.denial.code)
        let response = DenialResponse(refusal, dialect: .plain)
        var writer = ResponseWriter(allocator: context.channel.allocator)
        writer.writeHead(
            .init(version: .http1_1, status: response.status, headers: response.headers), framing: .length, closes: true
        )
        let body = writer.writeBody(ByteBuffer(string: response.body)) + [writer.take()].compactMap { $0 }
        for buffer in body { context.write(wrapOutboundOut(buffer), promise: nil) }
        context.flush()
        context.close(promise: nil)
    }
}

/// The head of a CONNECT request (RFC 9110, 9.3.6), read strictly and taken off the bytes.
enum ConnectHead: Equatable {
    case incomplete, malformed
    /// Another method.
    case other
    case connect(Destination)

    init(_ bytes: inout ByteBuffer) {
        let view = bytes.readableBytesView
        let method = Array("CONNECT ".utf8)
        guard view.count >= method.count || method.starts(with: view) else {
            self = .other
            return
        }
        guard view.starts(with: method) else {
            self = view.count < method.count && method.starts(with: view) ? .incomplete : .other
            return
        }
        guard let head = bytes.readHead() else {
            self = .incomplete
            return
        }
        let line = head.prefix { $0 != "\r\n" && $0 != "\n" && $0 != "\r" }.split(
            separator: " ", omittingEmptySubsequences: false)
        guard line.count == 3, line[2] == "HTTP/1.1" || line[2] == "HTTP/1.0",
            let destination = Destination(authority: String(line[1]), defaultPort: nil)
        else {
            self = .malformed
            return
        }
        self = .connect(destination)
    }
}
