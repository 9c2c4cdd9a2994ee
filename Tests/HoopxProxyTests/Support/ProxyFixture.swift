import Glibc
import HoopxAudit
import HoopxCore
import HoopxCredentials
import HoopxLinux
import HoopxMasking
import HoopxOutbound
import HoopxPolicy
import HoopxSandbox
import HoopxTestSupport
import NIOSSL
import Synchronization
import Testing

@testable import HoopxProxy

/// A proxy with a record in memory, and a target that is this test: it asks `answer` and hands one end of a TCP
/// connection to `serve`, as the sandbox does.
final class ProxyFixture: Sendable {
    struct Connection {
        var name = "api"
        var dialect = NamedConnection.Dialect.anthropic
        var hosts = ["api.example.com:443"]
        var entry = ConnectionEntry.intercept
        var upstream: String?
        var upstreamCA: String?
        var source: (any CredentialSource)? = FixedSource()
        /// The client's own token passes; there is no source then.
        var passesClientToken = false

        var credential: ConnectionCredential {
            passesClientToken ? .client : source.map { .held(LeaseHolder($0)) } ?? .none
        }
    }

    /// A connect that was refused.
    struct Refused: Error, Equatable {
        let errno: Int32
    }

    /// What is masked where.
    struct Masking {
        var record = MaskingPlan(standard: .redact)
        var request: MaskingPlan?
        var response: MaskingPlan?

        func handling() throws -> ContentHandling {
            ContentHandling(
                session: MaskingSession(engine: try Self.engine.get()), record: record, request: request,
                response: response)
        }

        /// With hoopx's own detectors, compiled once for all tests.
        private static let engine = Result { () throws(HoopxError) in try MaskingEngine() }
    }

    static let token = "real-credential-of-the-connection"

    let proxy: ProxyServer
    let session: SessionCredential
    let authority: RunCertificateAuthority
    let recorder: Recorder
    let store = MemoryAuditStore()
    let scope = FixtureScope()
    private let log = DenialList()
    private let process = TargetProcess(pid: 4711, command: "test")

    static func run(
        _ connections: [Connection] = [], tunnels: [String] = [], environment: [String: String] = [:],
        deadlines: Deadlines = Deadlines(), session: SessionCredential = SessionCredential(),
        masking: Masking = Masking(),
        _ body: (ProxyFixture) async throws -> Void
    ) async throws {
        let fixture = try ProxyFixture(
            connections, tunnels: tunnels, environment: environment, deadlines: deadlines, session: session,
            masking: masking)
        do {
            try await body(fixture)
        } catch {
            await fixture.unwind()
            throw error
        }
        await fixture.unwind()
    }

    private init(
        _ connections: [Connection], tunnels: [String], environment: [String: String], deadlines: Deadlines,
        session: SessionCredential, masking: Masking
    ) throws {
        self.session = session
        let record = SessionRecord(
            id: .generate(day: "20261123"), principal: .localUser(name: "test", uid: 1),
            arguments: RecordedArguments(["test"]), workingDirectory: "/",
            program: .init(path: "/bin/test", sha256: nil), supervisor: try .current(),
            startedAt: .now())
        // The store keeps what is recorded in the memory of this process.
        recorder = try Recorder(beginning: record, in: store, settings: AuditSettings(bodyCapacity: 4 << 20))
        authority = try RunCertificateAuthority(session: record.id)
        let log = log
        let named = try connections.map { connection in
            NamedConnection(
                name: connection.name, dialect: connection.dialect,
                upstream: try connection.upstream.map { try #require(UpstreamURL($0)) },
                upstreamCA: connection.upstreamCA, credential: connection.credential,
                entry: connection.entry,
                primaryHost: try #require(Destination(authority: connection.hosts[0], defaultPort: 443)))
        }
        let policy = EgressPolicy(
            connections: try connections.map { connection in
                EgressPolicy.Connection(
                    name: connection.name,
                    hosts: try connection.hosts.map { try #require(HostPattern($0, defaultPort: 443)) },
                    entry: connection.entry)
            },
            tunnels: try tunnels.map { try #require(HostPattern($0, defaultPort: nil)) })
        proxy = try ProxyServer(
            policy: policy, connections: named, session: session, certificateAuthority: authority,
            recorder: recorder, content: try masking.handling(), proxyEnvironment: try ProxyEnvironment(environment),
            upstreamTrust: UpstreamTrust(environment: environment), deadlines: deadlines,
            onDenial: { denial in log.all.withLock { $0.append(denial) } })
    }

    private func unwind() async {
        await scope.unwind()
        proxy.shutdown()
    }

    /// The placeholder's text, as the target has it.
    var held: String { session.placeholder.secret.withValue { $0 } }

    var denials: [Denial] { log.all.withLock { $0 } }

    /// What was recorded so far.
    func recorded() throws -> RecordBatch {
        try recorder.flush()
        return try store.contents(of: recorder.session)
    }

    /// Connects as the target would: `name:port`, or the address of one of hoopx's own ports.
    ///
    /// - Parameter serverName: for TLS with this name; the run's authority is trusted.
    func connect(to text: String, serverName: String? = nil, trusting: [NIOSSLCertificate]? = nil) async throws
        -> TestClient
    {
        let destination = try #require(Destination(authority: text, defaultPort: nil))
        if case .refuse(let errno) = proxy.answer(
            to: destination, from: process, isNobodyThere: false)
        {
            throw Refused(errno: errno)
        }
        let (near, far) = try SocketPair.make()
        proxy.serve(OwnedDescriptor(far), to: destination, from: process)
        let roots = try trusting ?? NIOSSLCertificate.fromPEMBytes(Array(authority.certificatePEM.utf8))
        let client = try await TestClient(socket: near, serverName: serverName, roots: roots)
        scope.atEnd { await client.close() }
        return client
    }

    /// A loopback server that ends with the fixture.
    func server(
        tls: NIOSSLContext? = nil, early: @escaping LoopbackHTTPServer.EarlyResponder = { _ in nil },
        respond: @escaping LoopbackHTTPServer.Responder = { _ in .answer("{}") }
    ) async throws -> LoopbackHTTPServer {
        let server = try await LoopbackHTTPServer(tls: tls, early: early, respond: respond)
        scope.atEnd { await server.close() }
        return server
    }
}

private final class DenialList: Sendable {
    let all = Mutex<[Denial]>([])
}

/// Always the same credential.
struct FixedSource: CredentialSource {
    var name: String { "the test" }
    var injection = CredentialInjection.header(.anthropicAPIKey)

    func lease() async throws(HoopxError) -> Lease { Lease(token: Secret(ProxyFixture.token)) }

    func revoke(_ lease: Lease) async throws(HoopxError) -> Bool { false }
}

/// Never has one.
struct EmptySource: CredentialSource {
    var name: String { "the test" }
    var injection: CredentialInjection { .header(.anthropicAPIKey) }

    func lease() async throws(HoopxError) -> Lease {
        throw HoopxError(.startup, doing: "read the credential", found: "the file is gone", hint: "put it back")
    }

    func revoke(_ lease: Lease) async throws(HoopxError) -> Bool { false }
}

/// Two connected TCP sockets on loopback.
enum SocketPair {
    static func make() throws -> (Int32, Int32) {
        let listener = OwnedDescriptor(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let near = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let isConnected = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                bind(listener.raw, name, length) == 0 && listen(listener.raw, 1) == 0
                    && getsockname(listener.raw, name, &length) == 0 && Glibc.connect(near, name, length) == 0
            }
        }
        let far = accept(listener.raw, nil, nil)
        try #require(isConnected && far >= 0)
        return (near, far)
    }
}
