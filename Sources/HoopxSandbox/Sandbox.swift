import CHoopxLinux
import Glibc
import HoopxCore
import HoopxLinux

/// Runs a command where no byte gets out but through hoopx.
public enum Sandbox {
    /// Starts a command under the sandbox.
    ///
    /// - Parameters:
    ///   - names: gives names their addresses, for as long as the session lasts.
    ///   - handler: decides on connections, and serves them.
    ///   - executions: is told of each program that the target executes; where nil, executions are not trapped.
    /// - Returns: the target, which already executes the command.
    /// - Throws: `commandNotFound` or `commandNotExecutable` for the command itself, `startup` for everything else.
    public static func launch(
        _ plan: LaunchPlan, names: NameTable = NameTable(), handler: any EgressHandler,
        executions: (any ExecutionObserver)? = nil
    ) throws(HoopxError) -> RunningTarget {
        let helper: NamespaceHelper?
        let tier: DatagramTier
        do throws(NamespaceHelper.Failure) {
            helper = try NamespaceHelper(program: plan.namespaceProgram)
            tier = .namespace
        } catch {
            helper = nil
            tier = .denied(reason: error.description)
        }
        let makesStreams = KernelSupport.probe().pidfdGetfdRefusal != nil
        let launch = try spawn(plan, tier, makesStreams: makesStreams, notifiesExecutions: executions != nil)
        let listener = try LaunchReport.receiveListener(from: launch.control, plan)
        let target: RunningTarget
        let message: hoopx_launch_message?
        do throws(Errno) {
            let responder = try DNSResponder(
                service: NameService(
                    table: names, searchDomains: SearchDomains.ofMachine(), hostName: Self.hostName,
                    mayReach: { handler.mayReach($0) },
                    onRefusal: { handler.refusedName($0) }),
                datagramSockets: helper?.nameServiceSockets ?? [])
            try responder.start()
            let supervisor = Supervisor(
                handler: handler, names: names, responder: responder, listeners: OwnListeners(),
                turns: SocketTurns(), localRules: plan.localRules, helper: helper,
                namespace: try Supervisor.ownNamespace(),
                madeSockets: makesStreams ? MadeSockets() : nil, executions: executions)
            let pid = listener.pid
            let notifications = try NotificationListener(listener.descriptor) { call, workplace in
                supervisor.answer(call, at: workplace)
            }
            let supervision = try notifications.start()
            // The target waits for the order, so that its number is still its own.
            let process = try Pidfd(pid)
            let running = RunningTarget(
                pid: pid, process: process, guardian: launch.guardian, control: launch.control,
                supervision: supervision, responder: responder, datagramTier: tier,
                closedDirectories: launch.closedDirectories)
            try running.order(HOOPX_LAUNCH_PROCEED)
            message = try running.receiveMessage()
            target = running
        } catch {
            throw HoopxError(.startup, doing: "starting the sandbox", found: error.description)
        }
        guard let message, message.report == HOOPX_LAUNCH_EXECUTED.rawValue else {
            throw LaunchReport.failure(message ?? hoopx_launch_message(), plan)
        }
        return target
    }

    private static var hostName: DomainName? {
        var name = utsname()
        guard uname(&name) == 0 else { return nil }
        return DomainName(
            withUnsafeBytes(of: &name.nodename) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }

    private struct Launch: ~Copyable {
        let guardian: Int32
        let closedDirectories: [String]
        let control: OwnedDescriptor
    }

    private static func spawn(
        _ plan: LaunchPlan, _ tier: DatagramTier, makesStreams: Bool, notifiesExecutions: Bool
    ) throws(HoopxError) -> Launch {
        let additions = tier.environment(over: plan.environment, explicitProxyPort: plan.explicitProxyPort)
        let environment = plan.environment.merging(additions) { $1 }
        do throws(Errno) {
            let pair = try PacketSocketPair()
            let files = try plan.fileRules.map { rules throws(Errno) in try FileRuleset(rules) }
            let guardian = try ProcessSpawner(
                program: plan.launchProgram,
                arguments: [
                    "hoopx-launch", "3", tier.argument, makesStreams ? "notify" : "allow",
                    notifiesExecutions ? "notify" : "allow", files == nil ? "none" : "4",
                    plan.ownsTerminal ? "own" : "shared", "--",
                ] + plan.command,
                environment: environment.map { "\($0.key)=\($0.value)" }, directory: plan.workingDirectory,
                signals: plan.signals,
                descriptors: plan.standardStreams + [pair.theirs.raw] + (files.map { [$0.descriptor] } ?? [])
            ).spawn()
            return Launch(guardian: guardian, closedDirectories: files?.closedDirectories ?? [], control: pair.ours)
        } catch {
            throw HoopxError(.startup, doing: "starting \(plan.launchProgram)", found: error.description)
        }
    }
}
