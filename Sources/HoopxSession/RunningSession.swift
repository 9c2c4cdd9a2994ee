import Glibc
import HoopxAudit
import HoopxCore
import HoopxLinux
import HoopxSandbox

/// How a run came out.
public struct RunOutcome: Sendable {
    /// The command's own, or 128+n where signal n ended it.
    public let exitStatus: Int32
    public let denials: [DenialLog.Entry]
    /// How many denials of yet other kinds there were.
    public let furtherDenials: Int
    /// Whether packages could not be installed because the system's files are read-only for a command that is root.
    public let installedInVain: Bool
    /// What went wrong while the run was cleared away.
    public let failures: [HoopxError]
}

/// A target that runs: hoopx's main thread stays here until it has ended.
public final class RunningSession {
    /// The signals that hoopx reads. SIGTSTP is not among them: it stops hoopx with the rest of its process group.
    static let signals = [SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGCONT]
    /// Those that it reads too where the command has a terminal of its own, which hoopx stands before.
    static let terminalSignals = [SIGTSTP, SIGWINCH]

    /// How long a command has to end by itself after hoopx passed a signal to end on to it.
    static let gracePeriod = Duration.seconds(10)

    public let id: SessionID
    public let principal: Principal
    /// The configuration's file, or nil for the built-in one.
    public let configurationPath: String?
    /// Where the session is recorded.
    public let stateDirectory: String
    public var datagramTier: DatagramTier { target.datagramTier }
    /// What gives the file rules up, by the option or the key that says so; nil where they are in force.
    public let fileRulesWeakening: String?
    /// What is masked where, in words.
    public let masking: String
    /// Why the terminal is not recorded although that was asked for.
    public let unrecordedTerminal: String?
    /// What else the run does without.
    public let furtherWeakenings: [String]

    private let workingDirectory: String
    private let target: RunningTarget
    private let signals: SignalStream
    private let denials: DenialLog
    private let installation: PackageInstallation?
    private let teardown: TeardownSequence
    /// Where the command's terminal is recorded.
    private let terminal: TerminalRelay?
    /// The signal that hoopx was told to end by, and when its patience ends.
    private var ending: (signal: Int32, deadline: ContinuousClock.Instant)?
    private var wasTerminated = false
    /// How often the command was told to go on and has not got the signal yet, where it has a terminal of its own. What would
    /// stop it waits until then: what continues a process takes back what would stop it (signal(7)).
    private var continuations = 0 {
        didSet { terminal?.holdsInput = continuations > 0 }
    }
    private var hasHeldStop = false
    /// When a shell last continued hoopx.
    private var continuedAt: ContinuousClock.Instant?

    init(
        id: SessionID, principal: Principal, configurationPath: String?, stateDirectory: String,
        workingDirectory: String, fileRulesWeakening: String?, masking: String,
        furtherWeakenings: [String], target: RunningTarget,
        signals: consuming SignalStream, denials: DenialLog, installation: PackageInstallation?,
        teardown: TeardownSequence, terminal: TerminalRelay? = nil, unrecordedTerminal: String? = nil
    ) {
        self.id = id
        self.principal = principal
        self.configurationPath = configurationPath
        self.stateDirectory = stateDirectory
        self.workingDirectory = workingDirectory
        self.fileRulesWeakening = fileRulesWeakening
        self.masking = masking
        self.furtherWeakenings = furtherWeakenings
        self.target = target
        self.signals = signals
        self.denials = denials
        self.installation = installation
        self.teardown = teardown
        self.terminal = terminal
        self.unrecordedTerminal = unrecordedTerminal
    }

    /// Whether the file rules close the working directory, so that the command can make no file in it.
    public var isWorkingDirectoryClosed: Bool {
        target.closedDirectories.contains(RealPath.resolve(workingDirectory))
    }

    /// Waits for the command's end, passes signals on to it meanwhile, and clears the run away.
    public func wait() -> RunOutcome {
        terminal?.enter()
        let (ending, exitStatus, failure) = waitForEnd()
        terminal?.finish()
        let failures = teardown.run(ending)
        return RunOutcome(
            exitStatus: exitStatus, denials: denials.entries, furtherDenials: denials.uncounted,
            installedInVain: installation?.wasInVain(failed: exitStatus != 0) ?? false,
            failures: (failure.map { [$0] } ?? []) + failures)
    }

    private func waitForEnd() -> (SessionEnding, exitStatus: Int32, HoopxError?) {
        while true {
            let hasReport = waitForEvent()
            while let signal = signals.next() { handle(signal) }
            if hasReport {
                switch target.nextReport() {
                case .stopped: stopWithTarget()
                case .continued: targetWasContinued()
                case .ended(let status, let leavesProcesses):
                    return ended(status, leavesProcesses ? Self.unkillable : nil)
                case .lost: return (.failed, 128 + SIGKILL, Self.lost)
                }
            }
            if let ending, ContinuousClock.now >= ending.deadline { terminate() }
        }
    }

    private func ended(
        _ status: WaitStatus, _ failure: HoopxError?
    ) -> (SessionEnding, exitStatus: Int32, HoopxError?) {
        if wasTerminated, let ending { return (.terminated(signal: ending.signal), 128 + ending.signal, failure) }
        switch status {
        case .exited(let code): return (.exited(status: code), status.exitStatus, failure)
        case .signaled(let signal): return (.killed(signal: signal), status.exitStatus, failure)
        }
    }

    private static let lost = HoopxError(
        .startup, doing: "supervising the command", found: "its guardian process was killed, and the command with it",
        hint: "the system log tells whether the kernel ran out of memory")

    private static let unkillable = HoopxError(
        .startup, doing: "ending what the command left running", found: "the kernel could not end a process in 5 s",
        hint: "ps shows it in state D, or it forks faster than it can be killed; it has no network access any more")

    /// Blocks until there is a signal or a report, or the command's grace period is over.
    ///
    /// - Returns: whether there is a report.
    private func waitForEvent() -> Bool {
        var descriptors = [
            pollfd(fd: signals.raw, events: Int16(POLLIN), revents: 0),
            pollfd(fd: target.reportDescriptor, events: Int16(POLLIN), revents: 0),
        ]
        if let terminal { descriptors += terminal.interests }
        var timeout: Int32 = -1
        if let ending, !wasTerminated {
            let left = ending.deadline - .now
            timeout = Int32(max(0, left.components.seconds * 1_000)) + 1
        } else if let interval = terminal?.interval {
            timeout = Int32(interval / .milliseconds(1))
        }
        let count = poll(&descriptors, nfds_t(descriptors.count), timeout)
        if let terminal {
            if count == 0 { terminal.lookForTerminal() }
            terminal.relay(descriptors[2...])
        }
        return descriptors[1].revents != 0
    }

    private func handle(_ signal: SignalStream.Signal) {
        if signal.number == SIGCONT {
            continuedAt = .now
            terminal?.lookForTerminal()
        }
        if signal.number == SIGWINCH { terminal?.resize() }
        guard signal.number != SIGCONT, signal.number != SIGWINCH else { return }
        // What a shared terminal sent, the command has got as well: it must come once.
        if signal.isFromKernel, terminal == nil { return }
        if signal.number == SIGTSTP, continuations > 0 {
            hasHeldStop = true
            return
        }
        if ending != nil, signal.number != SIGTSTP {
            // Whoever asks twice does not want to wait.
            terminate()
            return
        }
        try? target.process.send(signal: signal.number)
        // An interrupt or quit is a program's own business; the others ask for the end of the run.
        if signal.number == SIGTERM || signal.number == SIGHUP {
            ending = (signal.number, .now + Self.gracePeriod)
        }
    }

    private func terminate() {
        guard !wasTerminated else { return }
        wasTerminated = true
        target.terminate()
    }

    private func targetWasContinued() {
        guard continuations > 0 else { return }
        continuations -= 1
        guard continuations == 0, hasHeldStop else { return }
        hasHeldStop = false
        try? target.process.send(signal: SIGTSTP)
    }

    /// Whether hoopx was told to stop before it had the command continue, which then need not happen.
    private func wasStoppedAgain() -> Bool {
        var isStopped = false
        while let signal = signals.next() {
            if signal.number == SIGTSTP { isStopped = true } else { handle(signal) }
        }
        return isStopped
    }

    /// The command stopped: hoopx stops too, so that the shell sees its job stopped, and goes on when the shell says so.
    ///
    /// Where the terminal stopped the whole process group, hoopx was stopped already and has just been continued: it
    /// learns of the command's stop only then.
    private func stopWithTarget() {
        if let terminal {
            repeat {
                terminal.leave()
                raise(SIGSTOP)
            } while wasStoppedAgain()
            terminal.enterAgain()
            continuations += 1
            target.resume()
            return
        }
        var wait = pollfd(fd: signals.raw, events: Int16(POLLIN), revents: 0)
        poll(&wait, 1, 20)
        while let signal = signals.next() { handle(signal) }
        let wasContinued = continuedAt.map { .now - $0 < .seconds(1) } ?? false
        if !wasContinued {
            // To this thread, which then does not get past here: a signal to the process could stop another one first.
            raise(SIGSTOP)
            // Goes on here once it was continued. That signal belongs to this stop, not to the command's next.
            while let signal = signals.next() { handle(signal) }
        }
        continuedAt = nil
        target.resume()
    }
}
