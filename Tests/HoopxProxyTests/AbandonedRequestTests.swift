import HoopxCore
import HoopxCredentials
import HoopxTestSupport
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import HoopxProxy

/// What was asked for on behalf of a request that is over serves no other of its client.
struct AbandonedRequestTests {
    private static func send(_ client: TestClient, _ fixture: ProxyFixture, to host: String) {
        client.send(
            "POST http://\(host)/ HTTP/1.1\r\nHost: \(host)\r\nx-api-key: \(fixture.held)\r\nContent-Length: 1\r\n\r\nx"
        )
    }

    /// Sends a request to `first.example.com`, denies it while it waits, and leaves one to `second.example.com` waiting for
    /// its record, all on one connection to the explicit proxy.
    ///
    /// - Parameters:
    ///   - isWaiting: whether the first request waits.
    ///   - come: has what the first waited for come, or fail.
    private func run(
        first: (upstream: String, source: any CredentialSource), isWaiting: () -> Bool, come: () async throws -> Void
    ) async throws -> (response: TestResponse, upstream: LoopbackHTTPServer) {
        let server = try await LoopbackHTTPServer { _ in .answer("{}") }
        let own = GatedSource(token: "of-the-second")
        own.open()
        let connections = [
            ProxyFixture.Connection(
                name: "first", hosts: ["first.example.com:80"], upstream: first.upstream, source: first.source),
            ProxyFixture.Connection(
                name: "second", hosts: ["second.example.com:80"], upstream: server.url, source: own),
        ]
        var response: TestResponse?
        try await ProxyFixture.run(connections) { fixture in
            fixture.scope.atEnd { fixture.store.unblock() }
            let client = try await fixture.connect(to: "127.0.0.1:\(fixture.proxy.explicitProxyPort)")
            try await eventually("the connection's record") { try fixture.recorded().connections.count == 1 }
            fixture.store.block()
            Self.send(client, fixture, to: "first.example.com")
            try await eventually("the first request to wait") { isWaiting() }
            fixture.store.failFromNowOn()
            fixture.store.unblock()
            let denied = try await client.response()
            #expect(denied.header("x-hoopx-denied") == "audit_unavailable")
            fixture.store.work()
            try await eventually("the record to work again") { !fixture.recorder.isFailed }
            try fixture.recorder.flush()

            fixture.store.block()
            Self.send(client, fixture, to: "second.example.com")
            try await eventually("the second request to wait") { server.connectionCount == 1 }
            try await come()
            try await Task.sleep(for: .milliseconds(50))
            fixture.store.unblock()
            response = try await client.response()
        }
        await server.close()
        return (try #require(response), server)
    }

    @Test func aLeaseThatComesLateDoesNotGoOutWithTheNextRequest() async throws {
        let source = GatedSource(token: "of-the-first")
        let witness = try await ByteWitness()
        let (response, upstream) = try await run(
            first: (witness.url, source), isWaiting: { source.isAsked }, come: { source.open() })
        #expect(response.status == 200, "\(response.body)")
        #expect(upstream.requests.map { $0.headers["x-api-key"] } == [["of-the-second"]])
        await witness.close()
    }

    @Test func aConnectionThatFailsLateDoesNotFailTheNextRequest() async throws {
        let silent = try await SilentServer()
        let (response, _) = try await run(
            first: ("https://127.0.0.1:\(silent.port)", FixedSource()), isWaiting: { silent.connectionCount == 1 },
            come: { try await silent.close() })
        #expect(response.status == 200, "\(response.body)")
    }
}

/// Gives its credential when the test says so.
private final class GatedSource: CredentialSource {
    let name = "the test"
    let injection = CredentialInjection.header(.anthropicAPIKey)
    private let token: String
    private let asked = Atomic(false)
    private let gate = AsyncStream.makeStream(of: Void.self)

    init(token: String) { self.token = token }

    var isAsked: Bool { asked.load(ordering: .acquiring) }

    func open() { gate.continuation.finish() }

    func lease() async throws(HoopxError) -> Lease {
        asked.store(true, ordering: .releasing)
        for await _ in gate.stream {}
        return Lease(token: Secret(token))
    }

    func revoke(_ lease: Lease) async throws(HoopxError) -> Bool { false }
}

/// Takes connections, and says nothing on them until it closes them all.
private final class SilentServer: Sendable {
    let port: Int
    private let channel: any Channel
    private let connections: Connections

    private final class Connections: Sendable {
        let all = Mutex<[any Channel]>([])
    }

    init() async throws {
        let connections = Connections()
        self.connections = connections
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                connections.all.withLock { $0.append(channel) }
                return channel.eventLoop.makeSucceededVoidFuture()
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = try #require(channel.localAddress?.port)
    }

    var connectionCount: Int { connections.all.withLock(\.count) }

    func close() async throws {
        for connection in connections.all.withLock(\.self) { try await connection.close() }
        try await channel.close()
    }
}
