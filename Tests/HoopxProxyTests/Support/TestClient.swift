import Foundation
import HoopxTestSupport
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// The target's end of a connection: sends bytes as they are and collects what comes back.
final class TestClient: Sendable {
    private let channel: any Channel
    private let state: State

    final class State: Sendable {
        let received = Mutex(ByteBuffer())
        let total = Atomic<Int>(0)
        let isClosed = Atomic(false)
        let error = Mutex<(any Error)?>(nil)
        /// Counts what comes instead of keeping it.
        let isCounting = Atomic(false)
        let isReading = Atomic(true)
    }

    init(socket: Int32, serverName: String?, roots: [NIOSSLCertificate]) async throws {
        let state = State()
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(roots)
        let context = try NIOSSLContext(configuration: configuration)
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            // TLS says itself when it ends, and a close without an answer to that would wait for seconds.
            .channelOption(.allowRemoteHalfClosure, value: serverName == nil)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let serverName {
                        try pipeline.addHandler(
                            NIOSSLClientHandler(context: context, serverHostname: serverName.isEmpty ? nil : serverName)
                        )
                    }
                    try pipeline.addHandler(Collector(state))
                }
            }
            .withConnectedSocket(socket).get()
        self.state = state
    }

    func send(_ text: String) { channel.writeAndFlush(ByteBuffer(string: text), promise: nil) }

    func send(_ bytes: ByteBuffer) async throws { try await channel.writeAndFlush(bytes) }

    /// Everything that came so far.
    var text: String { state.received.withLock { String(buffer: $0) } }
    var bytes: [UInt8] { state.received.withLock { Array($0.readableBytesView) } }
    var total: Int { state.total.load(ordering: .acquiring) }
    var isClosed: Bool { state.isClosed.load(ordering: .acquiring) }
    var error: (any Error)? { state.error.withLock { $0 } }

    func countOnly() { state.isCounting.store(true, ordering: .releasing) }

    func pause() async throws { try await channel.setOption(.autoRead, value: false).get() }

    func resume() async throws { try await channel.setOption(.autoRead, value: true).get() }

    func until(_ what: String, _ condition: (String) -> Bool) async throws {
        try await eventually("\(what); got: \(text.prefix(2000)) \(error.map { "\($0)" } ?? "")") { condition(text) }
    }

    func untilClosed() async throws { try await eventually("the connection to close") { isClosed } }

    /// Sends a request and waits for its whole response; forgets the response for the next.
    func exchange(_ request: String, isHead: Bool = false) async throws -> TestResponse {
        send(request)
        return try await response(isHead: isHead)
    }

    func response(isHead: Bool = false) async throws -> TestResponse {
        var found: TestResponse?
        try await until("a whole response") { text in
            found = TestResponse(text, isHead: isHead, isClosed: isClosed)
            return found != nil || isClosed
        }
        guard let found = found ?? TestResponse(text, isHead: isHead, isClosed: true) else {
            throw TestSupportError("no response, but: \(text)")
        }
        state.received.withLock { $0.moveReaderIndex(forwardBy: found.length) }
        return found
    }

    /// Forgets what came so far and speaks TLS from here on.
    func startTLS(_ serverName: String, trusting roots: [NIOSSLCertificate]) async throws {
        state.received.withLock { $0.clear() }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(roots)
        let context = try NIOSSLContext(configuration: configuration)
        let channel = channel
        try await channel.setOption(.allowRemoteHalfClosure, value: false).get()
        try await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.addHandler(
                NIOSSLClientHandler(context: context, serverHostname: serverName), position: .first)
        }.get()
    }

    func closeOutput() async { try? await channel.close(mode: .output).get() }

    func close() async { try? await channel.close().get() }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let state: State

        init(_ state: State) { self.state = state }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var bytes = unwrapInboundIn(data)
            state.total.add(bytes.readableBytes, ordering: .acquiringAndReleasing)
            if state.isCounting.load(ordering: .acquiring) { return }
            state.received.withLock { _ = $0.writeBuffer(&bytes) }
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case ChannelEvent.inputClosed = event { state.isClosed.store(true, ordering: .releasing) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            state.error.withLock { $0 = $0 ?? error }
            context.close(promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) { state.isClosed.store(true, ordering: .releasing) }
    }
}

/// A response as it came over the wire.
struct TestResponse {
    let status: Int
    let headers: [(name: String, value: String)]
    let body: String
    let trailers: [(name: String, value: String)]
    /// In bytes.
    let length: Int

    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }

    /// - Returns: nil where more must come.
    init?(_ text: String, isHead: Bool, isClosed: Bool) {
        guard let split = text.range(of: "\r\n\r\n") else { return nil }
        let lines = text[..<split.lowerBound].components(separatedBy: "\r\n")
        status = Int(lines[0].split(separator: " ")[1]) ?? 0
        headers = Self.fields(lines.dropFirst())
        let named = headers
        func header(_ name: String) -> String? { named.first { $0.name.lowercased() == name }?.value }
        var rest = text[split.upperBound...]
        var body = ""
        var trailers: [(name: String, value: String)] = []
        if isHead || status < 200 || status == 204 || status == 304 {
            // no body
        } else if let count = header("content-length").flatMap({ Int($0) }) {
            guard rest.utf8.count >= count else { return nil }
            let end = rest.utf8.index(rest.startIndex, offsetBy: count)
            body = String(rest[..<end])
            rest = rest[end...]
        } else if header("transfer-encoding") == "chunked" {
            while true {
                guard let line = rest.range(of: "\r\n"), let size = Int(rest[..<line.lowerBound], radix: 16) else {
                    return nil
                }
                rest = rest[line.upperBound...]
                if size == 0 { break }
                guard rest.utf8.count >= size + 2 else { return nil }
                let end = rest.utf8.index(rest.startIndex, offsetBy: size)
                body += rest[..<end]
                rest = rest[rest.utf8.index(end, offsetBy: 2)...]
            }
            while true {
                guard let line = rest.range(of: "\r\n") else { return nil }
                let field = rest[..<line.lowerBound]
                rest = rest[line.upperBound...]
                if field.isEmpty { break }
                trailers += Self.fields([String(field)])
            }
        } else {
            guard isClosed else { return nil }
            body = String(rest)
            rest = ""
        }
        self.body = body
        self.trailers = trailers
        length = text.utf8.count - rest.utf8.count
    }

    private static func fields(_ lines: some Sequence<String>) -> [(name: String, value: String)] {
        lines.map { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count == 2 ? parts[1].trimmingCharacters(in: .whitespaces) : "")
        }
    }
}
