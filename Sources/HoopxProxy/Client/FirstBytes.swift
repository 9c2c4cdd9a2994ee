import HoopxCore
import NIOCore

/// Waits for as many of a connection's first bytes as tell what it is, then hands it on to those who understand it.
final class FirstBytes: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer

    private let connection: ClientConnection
    private let expecting: ClientConnection.Welcome
    private var bytes = ByteBuffer()
    private var isDecided = false
    private var limit: Scheduled<Void>?

    init(_ connection: ClientConnection, expecting: ClientConnection.Welcome) {
        self.connection = connection
        self.expecting = expecting
    }

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
            switch FirstBytesReading(bytes) {
            case .incomplete: return
            case .tls(let hello): try takeTLS(hello, context: context)
            case .http: try takeHTTP(context: context)
            case .other:
                refuseUnverifiable(
                    "its first bytes are neither TLS with a server name nor HTTP/1.1: of other protocols (SSH, HTTP/2 "
                        + "without TLS) nobody can tell which host they are for; to let them pass, name the address in "
                        + "egress.tunnel and in the command")
            }
        } catch {
            context.fireErrorCaught(error)
            context.close(promise: nil)
        }
    }

    private func takeTLS(_ hello: ClientHello, context: ChannelHandlerContext) throws {
        switch (expecting, hello.serverName) {
        case (.host(let connection), .absent):
            // The name is known since connect; each request names it again.
            try hand(to: context) { try $0.addTLSAndRequests(.host(connection, isTLS: true)) }
        case (.host(let connection), let name) where name == expectedName:
            try hand(to: context) { try $0.addTLSAndRequests(.host(connection, isTLS: true)) }
        case (.tunnel, .absent): refuseUnverifiable("its TLS hello names no server")
        case (.tunnel, _) where hello.hasEncryptedHello:
            refuseUnverifiable("its TLS hello is encrypted, so that nobody can tell which server it names")
        case (.tunnel(let rule), let name) where name == expectedName:
            let bytes = take()
            try hand(to: context) { try $0.openTunnel(rule: rule, firstBytes: bytes) }
        default: refuseMismatch()
        }
    }

    private func takeHTTP(context: ChannelHandlerContext) throws {
        switch expecting {
        case .host(let named): try hand(to: context) { try $0.addRequestHandlers(.host(named, isTLS: false)) }
        case .tunnel(let rule): try hand(to: context) { try $0.addRequestHandlers(.tunnel(rule: rule)) }
        case .http, .explicitProxy: preconditionFailure("nothing is to be found out about these")
        }
    }

    /// Puts the next handlers in, leaves, and gives them what was read.
    private func hand(to context: ChannelHandlerContext, _ next: (ClientConnection) throws -> Void) throws {
        isDecided = true
        try next(connection)
        let bytes = take()
        if bytes.readableBytes > 0 {
            context.fireChannelRead(wrapInboundOut(bytes))
            context.fireChannelReadComplete()
        }
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    private func take() -> ByteBuffer {
        defer { bytes = ByteBuffer() }
        return bytes
    }

    private var expectedName: ClientHello.ServerName {
        if case .name(let name) = connection.destination.host { .name(name) } else { .absent }
    }

    private var rule: String {
        switch expecting {
        case .host(let connection): "connections.\(connection.name)"
        case .tunnel(let rule): "egress.tunnel \(rule)"
        case .http(let entrance): entrance.rule
        case .explicitProxy: "egress"
        }
    }

    private func refuseMismatch() {
        refuse(.nameMismatch, .unrecognizedName, "its TLS hello names another server than the one that was resolved")
    }

    private func refuseUnverifiable(_ hint: String) {
        refuse(.nameUnverifiable, bytes.startsWithTLS ? .accessDenied : nil, hint)
    }

    private func refuse(_ code: ReasonCode, _ alert: TLSAlert?, _ hint: String) {
        isDecided = true
        let denial = Denial(
            code: code, layer: .proxy, rule: rule, subject: "a connection to \(connection.destination)", hint: hint)
        connection.deny(denial, alert: alert)
    }
}

extension ClientConnection {
    func addTLSAndRequests(_ entrance: Entrance) throws {
        try addTLS()
        try addRequestHandlers(entrance)
    }
}

/// What the first bytes of a connection are.
enum FirstBytesReading: Equatable {
    case incomplete
    case tls(ClientHello)
    case http
    case other

    /// The longest method that a request may begin with (RFC 9110's have at most 7 letters, WebDAV's 16).
    private static let longestMethod = 20

    init(_ bytes: ByteBuffer) {
        if bytes.startsWithTLS {
            switch ClientHello.read(bytes) {
            case .incomplete: self = .incomplete
            case .malformed: self = .other
            case .hello(let hello): self = .tls(hello)
            }
            return
        }
        let view = bytes.readableBytesView
        let method = view.prefix { (0x41...0x5a).contains($0) || $0 == UInt8(ascii: "-") }
        let rest = view.dropFirst(method.count)
        guard method.count <= Self.longestMethod else {
            self = .other
            return
        }
        switch (rest.first, rest.dropFirst().first) {
        case (nil, _), (UInt8(ascii: " "), nil): self = .incomplete
        case (UInt8(ascii: " "), UInt8(ascii: "/")) where !method.isEmpty: self = .http
        default: self = .other
        }
    }
}
