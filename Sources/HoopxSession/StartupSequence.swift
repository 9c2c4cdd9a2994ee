import Glibc
import HoopxAudit
import HoopxConfiguration
import HoopxCore
import HoopxLinux
import HoopxMasking
import HoopxOutbound
import HoopxPolicy
import HoopxProxy
import HoopxSandbox

/// A run, from the words on the command line to the running target. It reads as the way itself: configuration,
/// identity, session, proxy, sandbox. Whatever a step makes, teardown knows how to undo before the next step begins.
public struct StartupSequence {
    private let command: [String]
    private let configurationPath: String?
    private let allowsNested: Bool
    private let recordsTerminal: Bool
    private let identityProvider: IdentityConfiguration.Provider?
    private let loginPresenter: (any LoginPresenter)?
    /// hoopx's own.
    private let environment: [String: String]
    private let teardown = TeardownSequence()

    /// - Parameters:
    ///   - command: the command and its arguments; at least one word.
    ///   - configurationPath: the file to use instead of the user's own, or nil.
    ///   - allowsNested: whether to do without file rules, whatever the configuration says.
    ///   - recordsTerminal: whether what the command shows on its terminal is recorded, where it has one.
    ///   - identityProvider: the one to use instead of the configuration's, or nil.
    ///   - loginPresenter: shows a person how to log in where that is needed; nil where there is no terminal.
    ///   - environment: hoopx's own.
    public init(
        command: [String], configurationPath: String?, allowsNested: Bool, recordsTerminal: Bool = false,
        identityProvider: IdentityConfiguration.Provider?,
        loginPresenter: (any LoginPresenter)?, environment: [String: String]
    ) {
        self.command = command
        self.configurationPath = configurationPath
        self.allowsNested = allowsNested
        self.recordsTerminal = recordsTerminal
        self.identityProvider = identityProvider
        self.loginPresenter = loginPresenter
        self.environment = environment
    }

    /// Starts the command under supervision.
    ///
    /// - Throws: the first thing that failed, after everything before it has been undone. The command has not run then.
    public func start() throws(HoopxError) -> RunningSession {
        do throws(HoopxError) {
            return try startOrFail()
        } catch {
            // What fails beside the failure that is told would only hide it.
            _ = teardown.run(.failed)
            throw error
        }
    }

    private func startOrFail() throws(HoopxError) -> RunningSession {
        // What the target gets by right, before anything here changes it.
        let inheritedSignals = InheritedSignals.current()
        let binary = try TargetBinary.find(command[0], searchPath: environment["PATH"])
        let user = LocalUser.current()
        let homes = FileProtection.homes(of: user, environment: environment)
        let configuration = try Configuration.load(
            explicitPath: configurationPath, environment: environment, homeDirectory: homes.first ?? "/")
        try KernelSupport.probe().requireSandbox()
        try KernelSettings.requireTracing()
        let unrecordedTerminal = recordsTerminal ? RecordedTerminal.refusal() : nil
        let recordsTerminal = recordsTerminal && unrecordedTerminal == nil
        let signals = try harden(recordsTerminal ? RunningSession.terminalSignals : [])
        let stateDirectory = try StateDirectory.path(in: environment)
        let masking = try MaskingAssembly(configuration.masking, stateDirectory: stateDirectory)

        let trust = UpstreamTrust(environment: environment)
        trust.pin(configuration.authorityFiles)
        let proxies = try ProxyEnvironment(environment)
        let control = ControlClient(trust: trust, proxies: proxies)
        let resolution = IdentityResolution(
            configuration.identity.replacing(provider: identityProvider), environment: environment, control: control,
            localUser: user)
        let identity = try IdentityStep(resolution: resolution, presenter: loginPresenter).establish(until: signals)

        let weakening = fileRulesWeakening(configuration)
        let furtherWeakenings = Self.clientTokenWeakenings(configuration)
        let record = try sessionRecord(
            of: identity.principal, binary: binary, weakenings: [weakening].compactMap { $0 } + furtherWeakenings)
        let settings = AuditSettings(configuration.audit)
        let store = try SQLiteAuditStore(directory: stateDirectory, settings: settings)
        let base = RuntimeDirectory.Base(stateDirectory: stateDirectory)
        try OrphanSweep(base: base, store: store).run()
        let files = try RuntimeDirectory(for: record.id, in: base)
        teardown.add { _ throws(HoopxError) in try files.directory.remove() }
        // Before the first checkpoint is published: an anchor that is refused gets none.
        let protection = FileProtection(
            configuration, configurationPath: configurationPath, identityFiles: resolution.secretFiles,
            stateDirectory: stateDirectory,
            run: files.directory.path, homes: homes, workingDirectory: record.workingDirectory, environment: environment
        )
        if weakening != nil { try protection.refuseChangeablePrograms() }
        let fileRules = weakening == nil ? try protection.rules() : nil
        let checkpoints = CheckpointPublisher(
            configuration.audit.anchors, log: store, control: control, principal: identity.principal)
        for place in checkpoints.places { teardown.add { _ throws(HoopxError) in try checkpoints.finish(place) } }
        if let age = configuration.audit.retention {
            teardown.add { _ throws(HoopxError) in
                _ = try Retention(store: store, age: age).pruneDaily(for: identity.principal)
            }
        }
        let content = try masking.handling()
        let recorder = try Recorder(
            beginning: record, in: store, settings: settings, mask: content.recordMask)
        let digest = try digest(of: binary)
        teardown.add { ending throws(HoopxError) in
            if let digest = digest.value() { recorder.record(programDigest: digest) }
            try recorder.close(ending)
        }

        let assemblies = configuration.connections.map {
            ConnectionAssembly(configuration: $0, environment: environment)
        }
        let session = SessionCredential(
            maxDuration: configuration.session.maximumDuration, idleTimeout: configuration.session.idleTimeout)
        identity.keeper?.start { session.end(identity: $0) }
        let leases = SessionLeases(audit: LeaseAudit(recorder: recorder), keeper: identity.keeper)
        teardown.add { _ throws(HoopxError) in try leases.end() }
        let credentials = CredentialAssembly(
            environment: environment, identity: identity.keeper, control: control, session: record.id)
        let connections = try assemblies.map { assembly throws(HoopxError) in
            assembly.forProxy(credential: try leases.credential(of: assembly.configuration, by: credentials))
        }
        let authority = try RunCertificateAuthority(session: record.id)
        let denials = DenialLog()
        let proxy = try ProxyServer(
            policy: EgressPolicy(
                connections: assemblies.map(\.forPolicy), tunnels: configuration.egress.tunnel),
            connections: connections, session: session, certificateAuthority: authority, recorder: recorder,
            content: content, proxyEnvironment: proxies, upstreamTrust: trust,
            onDenial: { denials.add($0) })
        teardown.add { _ in proxy.shutdown() }

        let bundle = try TrustBundle(trust, authority: authority.certificatePEM)
        let sessionEnvironment = SessionEnvironment(
            sessionID: record.id, placeholder: session.placeholder, identityVariables: resolution.secretVariables,
            connections: assemblies.map {
                $0.forEnvironment(baseURLPort: proxy.baseURLPort(for: $0.configuration.name))
            },
            bundlePath: try files.write(bundle.pem, to: "roots.pem"),
            javaTrustStorePath: try files.write(bundle.javaTrustStore, to: "roots.jks"))
        if let fileRules, let home = protection.homes.first {
            let places = HomePlaces(in: home, rules: fileRules)
            teardown.add { _ in places.removeUnused() }
        }
        let programs = try SandboxPrograms.find()
        let ownTerminal = recordsTerminal ? try RecordedTerminal() : nil
        let plan = LaunchPlan(
            launchProgram: programs.launch, namespaceProgram: programs.namespace, command: command,
            environment: sessionEnvironment.variables(from: environment),
            workingDirectory: record.workingDirectory, signals: inheritedSignals,
            explicitProxyPort: proxy.explicitProxyPort,
            fileRules: fileRules,
            localRules: LocalRules(
                loopbackPorts: configuration.egress.loopback, listenPorts: configuration.egress.listen,
                unixSockets: configuration.egress.unix,
                keptPorts: OwnServices(configuration: configuration, environment: environment)
                    .ports(upstreams: connections.compactMap(\.upstream), proxies: proxies)),
            standardStreams: ownTerminal?.standardStreams ?? [0, 1, 2], ownsTerminal: recordsTerminal)
        let terminal = TerminalState()
        let installation = fileRules != nil && protection.closesSystem ? PackageInstallation() : nil
        let target = try Sandbox.launch(
            plan, handler: proxy,
            executions: configuration.audit.recordsExecutions
                ? ExecutionAudit(recorder: recorder, installation: installation) : nil)
        teardown.add { _ in
            terminal.restore()
            // The guardian has ended the tree. Should it have been killed, its children are hoopx's now.
            target.stopSupervising()
            _ = Subreaper.endChildren(except: [], deadline: .now + .seconds(5))
        }
        teardown.add { _ in session.revoke() }
        // The target has its own limit by now, the one that hoopx was started with.
        DescriptorLimit.raise()
        recorder.record(datagramTier: target.datagramTier.description)
        return RunningSession(
            id: record.id, principal: record.principal, configurationPath: configuration.path,
            stateDirectory: stateDirectory, workingDirectory: record.workingDirectory, fileRulesWeakening: weakening,
            masking: masking.description, furtherWeakenings: furtherWeakenings, target: target, signals: signals,
            denials: denials, installation: installation, teardown: teardown,
            terminal: try ownTerminal.map { own throws(HoopxError) in try relay(own, recorder, content) },
            unrecordedTerminal: unrecordedTerminal)
    }

    private func relay(
        _ terminal: RecordedTerminal, _ recorder: Recorder, _ content: ContentHandling
    ) throws(HoopxError) -> TerminalRelay {
        let body = recorder.terminalRecording(columns: terminal.size.columns, rows: terminal.size.rows)
        let recording = TerminalRecording(
            TerminalMasker(content.session, plan: content.record), size: terminal.size,
            terminalType: environment["TERM"]
        ) { body.append($0, at: $1) }
        return try terminal.relay(recording: recording)
    }

    /// Makes hoopx unreadable for its own user's processes and the parent of what they leave behind, and collects the
    /// signals that end a run. It must come before the first thread.
    ///
    /// - Parameter more: signals to collect beside those of every run.
    private func harden(_ more: [Int32]) throws(HoopxError) -> SignalStream {
        do throws(Errno) {
            // Where files may not grow (ulimit -f), a write to the record fails; it must not end hoopx.
            signal(SIGXFSZ, SIG_IGN)
            // Where Swift's runtime prints a backtrace, it shows memory, which may be anybody's data.
            for number in [SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP] { signal(number, SIG_DFL) }
            if geteuid() == 0 { HostLookup.keepAsConfigured() }
            try Subreaper.become()
            try ProcessDumpability.forbid()
            return try SignalStream(RunningSession.signals + more)
        } catch {
            throw HoopxError(.startup, doing: "preparing hoopx's own process", found: "\(error)")
        }
    }

    private func digest(of binary: TargetBinary) throws(HoopxError) -> BinaryDigest {
        do throws(Errno) {
            return try BinaryDigest(of: binary)
        } catch {
            throw HoopxError(.startup, doing: "starting a thread", found: "\(error)", hint: "raise ulimit -u")
        }
    }

    /// What gives the file rules up, or nil where they are in force.
    private func fileRulesWeakening(_ configuration: Configuration) -> String? {
        if allowsNested { return "--allow-nested" }
        return configuration.filesystem.allowsNested ? "filesystem.nested: allow" : nil
    }

    /// Connections whose credential hoopx neither holds nor knows.
    private static func clientTokenWeakenings(_ configuration: Configuration) -> [String] {
        configuration.connections.filter(\.passesClientToken).map { "connections.\($0.name).credential.source: client" }
    }

    private func sessionRecord(
        of principal: Principal, binary: TargetBinary, weakenings: [String]
    ) throws(HoopxError) -> SessionRecord {
        let now = Timestamp.now()
        guard let directory = getcwd(nil, 0) else {
            throw HoopxError(
                .startup, doing: "looking up the working directory", found: "\(Errno.last)",
                hint: "change to a directory that exists")
        }
        defer { free(directory) }
        return SessionRecord(
            id: SessionID.generate(day: now.day), principal: principal,
            arguments: RecordedArguments(command), workingDirectory: String(cString: directory),
            program: SessionRecord.Program(path: binary.path, sha256: nil),
            supervisor: try SupervisorProcess.current(), startedAt: now, weakenings: weakenings)
    }
}
