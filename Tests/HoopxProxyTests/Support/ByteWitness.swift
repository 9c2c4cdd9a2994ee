import HoopxTestSupport
import NIOCore
import NIOPosix
import Synchronization

/// A server on loopback that only keeps what comes, and answers each connection once, as soon as something came, if at all.
final class ByteWitness: Sendable {
    let port: Int
    private let channel: any Channel
    private let seen: Seen

    private final class Seen: Sendable {
        let bytes = Mutex<[UInt8]>([])
        let connections = Atomic<Int>(0)
    }

    init(answering answer: String? = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") async throws {
        let seen = Seen()
        self.seen = seen
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    seen.connections.add(1, ordering: .acquiringAndReleasing)
                    try channel.pipeline.syncOperations.addHandler(Keeper(seen, answer: answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        guard let port = channel.localAddress?.port else { throw TestSupportError("the witness has no port") }
        self.port = port
    }

    var url: String { "http://127.0.0.1:\(port)" }

    var bytes: [UInt8] { seen.bytes.withLock { $0 } }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    var connectionCount: Int { seen.connections.load(ordering: .acquiring) }

    func close() async { try? await channel.close().get() }

    private final class Keeper: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let seen: Seen
        private let answer: String?
        private var hasAnswered = false

        init(_ seen: Seen, answer: String?) {
            self.seen = seen
            self.answer = answer
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let buffer = unwrapInboundIn(data)
            seen.bytes.withLock { $0 += buffer.readableBytesView }
            guard let answer, !hasAnswered else { return }
            hasAnswered = true
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
        }
    }
}
