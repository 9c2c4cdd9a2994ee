import NIOCore
import NIOPosix
import Synchronization

/// A company's HTTP proxy: CONNECT to the names that it knows, each of which is a port on loopback, and a log.
///
/// It resolves nothing, so a name that it does not know can never be reached through it.
public final class CompanyProxy: Sendable {
    public let port: Int
    private let channel: any Channel
    private let state: State

    final class State: Sendable {
        let ports: [String: Int]
        /// The value of Proxy-Authorization that it wants, if any.
        let authorization: String?
        let log = Mutex<[String]>([])

        init(ports: [String: Int], authorization: String?) {
            self.ports = ports
            self.authorization = authorization
        }
    }

    /// - Parameters:
    ///   - ports: from `name:port` as CONNECT says it to the port on 127.0.0.1.
    ///   - authorization: such as `Basic dTpw`; without it on a request the proxy answers 407.
    public init(ports: [String: Int], authorization: String? = nil) async throws {
        let state = State(ports: ports, authorization: authorization)
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ConnectHandler(state: state))
                }
            }
        channel = try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
        guard let bound = channel.localAddress?.port else { throw TestSupportError("the proxy has no port") }
        port = bound
        self.state = state
    }

    public var url: String { "http://127.0.0.1:\(port)" }

    /// The request lines that came, each with the status that it got: `CONNECT api.example.com:443 200`.
    public var log: [String] { state.log.withLock { $0 } }

    public func close() async { try? await channel.close().get() }
}

/// Reads the head of a CONNECT, then hands the connection over to two glued pipes.
private final class ConnectHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let state: CompanyProxy.State
    private var received = ByteBuffer()
    private var isAnswered = false

    init(state: CompanyProxy.State) { self.state = state }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        received.writeBuffer(&bytes)
        let view = received.readableBytesView
        guard !isAnswered, let end = view.firstIndex(of: Array("\r\n\r\n".utf8)) else { return }
        isAnswered = true
        let lines = String(decoding: view[..<end], as: UTF8.self).split(separator: "\r\n").map(String.init)
        received.moveReaderIndex(to: end + 4)
        answer(lines, context: context)
    }

    private func answer(_ lines: [String], context: ChannelHandlerContext) {
        let request = lines.first ?? ""
        let words = request.split(separator: " ").map(String.init)
        let given = lines.first { $0.lowercased().hasPrefix("proxy-authorization:") }?
            .split(separator: ":", maxSplits: 1).last.map { $0.drop { $0 == " " } }
        guard state.authorization == nil || given.map(String.init) == state.authorization else {
            return refuse(407, request, "Proxy-Authenticate: Basic realm=\"company\"\r\n", context)
        }
        guard words.first == "CONNECT", words.count == 3 else { return refuse(405, request, "", context) }
        guard let port = state.ports[words[1]] else { return refuse(502, request, "", context) }

        let client = NIOLoopBound(context, eventLoop: context.eventLoop)
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        ClientBootstrap(group: context.eventLoop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.autoRead, value: false)
            .channelInitializer { $0.eventLoop.makeSucceededVoidFuture() }
            .connect(host: "127.0.0.1", port: port)
            .whenComplete { result in
                let (context, this) = (client.value, handler.value)
                guard case .success(let server) = result else { return this.refuse(502, request, "", context) }
                this.state.log.withLock { $0.append("CONNECT \(words[1]) 200") }
                this.glue(server, context: context)
            }
    }

    private func glue(_ server: any Channel, context: ChannelHandlerContext) {
        do {
            try context.pipeline.syncOperations.addHandler(PipeHandler(to: server))
            try server.pipeline.syncOperations.addHandler(PipeHandler(to: context.channel))
        } catch {
            return context.close(promise: nil)
        }
        let head = ByteBuffer(string: "HTTP/1.1 200 Connection established\r\n\r\n")
        context.writeAndFlush(wrapOutboundOut(head), promise: nil)
        if received.readableBytes > 0 { server.writeAndFlush(received, promise: nil) }
        server.setOption(.autoRead, value: true).whenFailure { _ in server.close(promise: nil) }
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    private func refuse(_ status: Int, _ request: String, _ headers: String, _ context: ChannelHandlerContext) {
        let words = request.split(separator: " ")
        state.log.withLock { $0.append(words.prefix(2).joined(separator: " ") + " \(status)") }
        let head = "HTTP/1.1 \(status) Refused\r\n\(headers)Content-Length: 0\r\nConnection: close\r\n\r\n"
        let written = context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: head)))
        let client = NIOLoopBound(context, eventLoop: context.eventLoop)
        written.whenComplete { _ in client.value.close(promise: nil) }
    }
}

/// Copies what one channel reads to another on the same event loop.
private final class PipeHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let other: any Channel

    init(to other: any Channel) { self.other = other }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        other.writeAndFlush(unwrapInboundIn(data), promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { other.close(mode: .output, promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

extension ByteBufferView {
    fileprivate func firstIndex(of needle: [UInt8]) -> Int? {
        guard count >= needle.count else { return nil }
        return (startIndex...(endIndex - needle.count)).first { self[$0..<($0 + needle.count)].elementsEqual(needle) }
    }
}
