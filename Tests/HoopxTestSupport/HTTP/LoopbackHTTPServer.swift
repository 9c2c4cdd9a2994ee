import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// An HTTP/1.1 server on an ephemeral loopback port that answers by a function and remembers what it was asked.
public final class LoopbackHTTPServer: Sendable {
    public typealias Responder = @Sendable (ReceivedRequest) -> [ResponseStep]
    /// Answers before the body has come, or says nil to wait for it.
    public typealias EarlyResponder = @Sendable (HTTPRequestHead) -> [ResponseStep]?

    public let port: Int
    public let isTLS: Bool
    private let channel: any Channel
    private let log: RequestLog

    /// - Parameters:
    ///   - tls: serves TLS with this context, else plain HTTP.
    ///   - port: 0 for any free one.
    public init(
        tls: NIOSSLContext? = nil, port: Int = 0, early: @escaping EarlyResponder = { _ in nil },
        respond: @escaping Responder
    ) async throws {
        let log = RequestLog()
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: false)
                    try pipeline.addHandler(
                        ResponseHandler(connection: log.nextConnection(), log: log, early: early, respond: respond))
                }
            }
        channel = try await bootstrap.bind(host: "127.0.0.1", port: port).get()
        guard let bound = channel.localAddress?.port else { throw TestSupportError("the server has no port") }
        self.port = bound
        self.log = log
        isTLS = tls != nil
    }

    /// `https://127.0.0.1:PORT` or `http://127.0.0.1:PORT`.
    public var url: String { "\(isTLS ? "https" : "http")://127.0.0.1:\(port)" }

    /// The requests that came so far, in the order in which they were complete.
    public var requests: [ReceivedRequest] { log.requests.withLock { $0 } }

    /// How many TCP connections came so far.
    public var connectionCount: Int { log.connections.load(ordering: .acquiring) }

    /// How many of them have ended.
    public var endedConnectionCount: Int { log.ends.load(ordering: .acquiring) }

    /// How many connections were closed by the other side in the middle of an answer.
    public var brokenAnswers: Int { log.brokenAnswers.load(ordering: .acquiring) }

    public func close() async { try? await channel.close().get() }
}

/// What a server remembers of its requests.
final class RequestLog: Sendable {
    let requests = Mutex<[ReceivedRequest]>([])
    let connections = Atomic<Int>(0)
    let ends = Atomic<Int>(0)
    let brokenAnswers = Atomic<Int>(0)

    func nextConnection() -> Int { connections.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue }
}
