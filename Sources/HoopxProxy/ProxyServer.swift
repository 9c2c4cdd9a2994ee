import Glibc
import HoopxAudit
import HoopxCore
import HoopxLinux
import HoopxOutbound
import HoopxPolicy
import HoopxSandbox
import NIOCore
import NIOPosix
import Synchronization

/// The proxy of one run: decides where the target's connections go, and serves those that it takes.
public final class ProxyServer: EgressHandler {
    private let policy: EgressPolicy
    private let session: SessionCredential
    private let recorder: Recorder
    private let onDenial: @Sendable (Denial) -> Void

    /// The loopback ports that stand for something of hoopx's own.
    private let basePorts: [String: ReservedPort]
    private let explicitPort: ReservedPort
    private let entrances: [Destination: OwnEntrance]

    private let group: MultiThreadedEventLoopGroup
    private let threads: NIOThreadPool
    private let door = LoopDoor()
    private let services: [ProxyServices]
    private let turn = Atomic<Int>(0)

    private enum OwnEntrance {
        case baseURL(NamedConnection)
        case explicitProxy
    }

    /// - Parameters:
    ///   - session: what the target holds in place of every connection's credential, and until when.
    ///   - content: what of bodies is masked.
    ///   - proxyEnvironment: the proxies of hoopx's own environment.
    ///   - onDenial: told of each denial, on any thread; must not block.
    /// - Throws: a startup error where no loopback port can be reserved.
    public convenience init(
        policy: EgressPolicy, connections: [NamedConnection], session: SessionCredential,
        certificateAuthority: RunCertificateAuthority, recorder: Recorder, content: ContentHandling,
        proxyEnvironment: ProxyEnvironment, upstreamTrust: UpstreamTrust, onDenial: @escaping @Sendable (Denial) -> Void
    ) throws(HoopxError) {
        try self.init(
            policy: policy, connections: connections, session: session,
            certificateAuthority: certificateAuthority, recorder: recorder, content: content,
            proxyEnvironment: proxyEnvironment, upstreamTrust: upstreamTrust, deadlines: Deadlines(),
            onDenial: onDenial)
    }

    init(
        policy: EgressPolicy, connections: [NamedConnection], session: SessionCredential,
        certificateAuthority: RunCertificateAuthority, recorder: Recorder, content: ContentHandling,
        proxyEnvironment: ProxyEnvironment, upstreamTrust: UpstreamTrust, deadlines: Deadlines,
        onDenial: @escaping @Sendable (Denial) -> Void
    ) throws(HoopxError) {
        self.policy = policy
        self.session = session
        self.recorder = recorder
        self.onDenial = onDenial

        let explicitPort = try ReservedPort()
        var basePorts: [String: ReservedPort] = [:]
        var entrances: [Destination: OwnEntrance] = [explicitPort.destination: .explicitProxy]
        for connection in connections where connection.entry == .baseURL {
            let port = try ReservedPort()
            basePorts[connection.name] = port
            entrances[port.destination] = .baseURL(connection)
        }
        self.explicitPort = explicitPort
        self.basePorts = basePorts
        self.entrances = entrances

        HTTPDecoding.prepare()
        group = MultiThreadedEventLoopGroup(numberOfThreads: Self.loopCount)
        threads = NIOThreadPool(numberOfThreads: 4)
        threads.start()
        let connector = UpstreamConnector(
            trust: upstreamTrust, environment: proxyEnvironment, threads: threads, door: door,
            deadlines: deadlines)
        let named = Dictionary(connections.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let bodyMemory = BodyMemory()
        services = group.makeIterator().map { loop in
            ProxyServices(
                policy: policy, connections: named, session: session, authority: certificateAuthority,
                recorder: recorder, connector: connector,
                pool: .makeBoxSendingValue(UpstreamPool(connector: connector, on: loop), eventLoop: loop),
                bodyMemory: bodyMemory, content: content, deadlines: deadlines, onDenial: onDenial)
        }
    }

    /// One for each processor, within reason: a run is one agent and its tools.
    private static var loopCount: Int { min(max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 2), 8) }

    /// The port of 127.0.0.1 in a connection's base URL; nil for connections that have none.
    public func baseURLPort(for connection: String) -> UInt16? { basePorts[connection]?.number }

    /// The port of 127.0.0.1 at which the target finds an HTTP proxy.
    public var explicitProxyPort: UInt16 { explicitPort.number }

    /// Closes every connection and waits until that is done. Not for an event loop.
    public func shutdown() {
        door.close()
        try? group.syncShutdownGracefully()
        // A lookup that hangs in the system's resolver is not waited for.
        threads.shutdownGracefully { _ in }
    }

    // MARK: EgressHandler

    /// Refusals are ECONNREFUSED: every client knows it, fails at once and says which host it could not reach; EACCES
    /// leads some to tell of broken permissions.
    public func answer(
        to destination: Destination, from process: TargetProcess, isNobodyThere: Bool
    ) -> ConnectAnswer {
        if entrances[destination] != nil { return .proxy }
        switch policy.route(to: destination) {
        // A connection's requests are told in HTTP that the session has ended. Nothing else can be told in TLS.
        case .connection: return .proxy
        case .tunnel:
            guard !Self.canBeTold(destination), let denial = session.denial(of: "a connection to \(destination)") else {
                return .proxy
            }
            deny(denial)
            return .refuse(errno: ECONNREFUSED)
        case .deny(let denial):
            if Self.canBeTold(destination) { return .proxy }
            if !isNobodyThere { deny(denial) }
            return .refuse(errno: ECONNREFUSED)
        }
    }

    public func mayReach(_ name: DomainName) -> Bool { policy.names(.name(name)) }

    /// Hands the connection to an event loop at once: the target's thread waits for the processor that this one holds.
    public func serve(_ socket: consuming OwnedDescriptor, to destination: Destination, from process: TargetProcess) {
        let services = services[turn.wrappingAdd(1, ordering: .relaxed).oldValue & Int.max % services.count]
        let (openedAt, descriptor) = (Timestamp.now(), socket.release())
        services.pool.eventLoop.execute {
            self.serve(descriptor, to: destination, from: process, since: openedAt, services)
        }
    }

    private func serve(
        _ descriptor: Int32, to destination: Destination, from process: TargetProcess, since openedAt: Timestamp,
        _ services: ProxyServices
    ) {
        let (welcome, verdict) = welcome(to: destination)
        let record = ConnectionRecord(
            number: recorder.nextConnectionNumber(), destination: .host(destination), pid: process.pid,
            command: process.command, openedAt: openedAt, verdict: verdict)
        if case .http(.denied(let denial)) = welcome { deny(denial) }
        let recorder = recorder
        ClientBootstrap(group: services.pool.eventLoop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let account = ConnectionAccount(record, recorder: recorder)
                    try channel.pipeline.syncOperations.addHandler(account)
                    let connection = ClientConnection(
                        channel: channel, destination: destination, account: account, services: services)
                    try connection.begin(welcome)
                }
            }
            .withConnectedSocket(descriptor)
            .whenFailure { _ in }
    }

    public func refusedName(_ name: DomainName) { deny(EgressPolicy.denial(ofLookup: name)) }

    public func connectsDirectly(to destination: Destination, from process: TargetProcess) {
        recorder.recordDirect(
            to: .host(destination), rule: "egress.loopback", pid: process.pid, command: process.command)
    }

    public func connectsDirectly(toUnixSocket path: String, from process: TargetProcess) {
        recorder.recordDirect(
            to: .unixSocket(path: path), rule: "egress.unix", pid: process.pid, command: process.command)
    }

    public func refusedMount(from process: TargetProcess) {
        deny(
            Denial(
                code: .mountNotAllowed, layer: .sandbox, rule: "filesystem.nested",
                subject: "a mount by \(process.command.printable)",
                hint: "file rules forbid it: a command that makes a sandbox of its own inside needs --allow-nested, or "
                    + "filesystem.nested: allow, which gives the file rules up"))
    }

    public func refusedNamespace(ofUser isOfUser: Bool, from process: TargetProcess) {
        let switches = "--allow-nested, or filesystem.nested: allow, which gives the file rules up"
        deny(
            Denial(
                code: .namespaceNotAllowed, layer: .sandbox, rule: "filesystem.nested",
                subject: "a \(isOfUser ? "user" : "mount") namespace by \(process.command.printable)",
                hint: isOfUser
                    ? "file rules leave it no use to a command that is root: a sandbox of its own inside needs \(switches)"
                    : "a command that is root under supervision may make none by itself: it needs a user namespace first "
                        + "(bwrap --unshare-user, unshare --map-root-user), and for that \(switches)"))
    }

    public func refusedUnixSocket(_ path: String, from process: TargetProcess) {
        deny(
            Denial(
                code: .unixSocketNotAllowed, layer: .sandbox, rule: "egress.default",
                subject: "a connection to the Unix socket \(path.printable)",
                hint: path.hasPrefix("/")
                    ? "only sockets that the command itself listens on can be reached; "
                        + "add \"\(path.printable)\" to egress.unix to allow this one"
                    : "only sockets that the command itself listens on, and files that egress.unix names, can be reached"
            ))
    }

    /// What a connection is met with, and the way that its record names.
    private func welcome(to destination: Destination) -> (ClientConnection.Welcome, ConnectionRecord.Verdict) {
        switch entrances[destination] {
        case .baseURL(let connection):
            return (.http(.baseURL(connection)), .connection(name: connection.name))
        case .explicitProxy: return (.explicitProxy, .tunnel(rule: "egress"))
        case nil: break
        }
        switch policy.route(to: destination) {
        case .tunnel(let rule): return (.tunnel(rule: rule), .tunnel(rule: rule))
        case .deny(let denial): return (.http(.denied(denial)), .denied(denial.code))
        case .connection(let name):
            guard let connection = services[0].connections[name] else {
                preconditionFailure("the policy names a connection that the proxy was not given")
            }
            return (.host(connection), .connection(name: name))
        }
    }

    /// Whether a denial can be told in HTTP: to what asks for port 80 of a host elsewhere. What asks this machine or
    /// its link for something (cloud metadata) expects to be refused where there is nothing.
    private static func canBeTold(_ destination: Destination) -> Bool {
        guard destination.port == 80 else { return false }
        guard case .address(let address) = destination.host else { return true }
        return !address.isLoopback && !address.isUnspecified && !address.isLinkLocal
    }

    private func deny(_ denial: Denial) {
        recorder.record(denial)
        onDenial(denial)
    }
}
