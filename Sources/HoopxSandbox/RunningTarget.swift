import CHoopxLinux
import Glibc
import HoopxLinux
import Synchronization

/// A command that runs under the sandbox, and everything that it started.
///
/// When the object goes, the tree is killed: its guardian sees the control socket's end.
public final class RunningTarget: Sendable {
    /// What the guardian tells of the target's main process.
    public enum Report: Hashable, Sendable {
        /// It was stopped by a signal: hoopx should stop itself too, and call `resume` once it goes on.
        case stopped(signal: Int32)
        /// It has got the signal to go on that `resume` asked for: what stops it from now on is not lost.
        case continued
        /// It ended, and nothing of its tree is left unless the kernel could not end it in time.
        case ended(WaitStatus, leavesProcesses: Bool)
        /// The guardian is gone without a word: it was killed, and the tree with it.
        case lost
    }

    /// The process id of the target's main process.
    public let pid: Int32
    /// The main process.
    public let process: Pidfd
    /// The process id of the guardian, a child of hoopx.
    public let guardian: Int32
    /// What became of the target's datagram sockets.
    public let datagramTier: DatagramTier
    /// Directories in which the file rules let the target make, remove and rename nothing (`FileRuleset`).
    public let closedDirectories: [String]

    private let control: OwnedDescriptor
    private let supervision: NotificationListener.Ending
    private let responder: DNSResponder
    private let isGuardianReaped = Mutex(false)

    init(
        pid: Int32, process: consuming Pidfd, guardian: Int32, control: consuming OwnedDescriptor,
        supervision: NotificationListener.Ending, responder: DNSResponder, datagramTier: DatagramTier,
        closedDirectories: [String]
    ) {
        self.pid = pid
        self.process = process
        self.guardian = guardian
        self.control = control
        self.supervision = supervision
        self.responder = responder
        self.datagramTier = datagramTier
        self.closedDirectories = closedDirectories
    }

    deinit {
        stopSupervising()
        responder.stop()
        shutdown(control.raw, Int32(SHUT_RDWR))
        reapGuardian()
    }

    /// A descriptor for poll(2): readable when `nextReport` has something to tell.
    public var reportDescriptor: Int32 { control.raw }

    /// Waits for the guardian's next report. `ended` and `lost` are the last; when the target has ended, the handler and the
    /// observer were told of everything that it did.
    public func nextReport() -> Report {
        guard let message = try? LaunchReport.receive(from: control).message else {
            reapGuardian()
            return .lost
        }
        switch message.report {
        case HOOPX_LAUNCH_STOPPED.rawValue:
            return .stopped(signal: message.value)
        case HOOPX_LAUNCH_CONTINUED.rawValue:
            return .continued
        case HOOPX_LAUNCH_ENDED.rawValue:
            reapGuardian()
            stopSupervising()
            supervision.wait(milliseconds: Self.patience)
            guard let status = WaitStatus(raw: message.value) else { return .lost }
            return .ended(status, leavesProcesses: message.error != 0)
        default:
            return .lost
        }
    }

    /// Waits for the end of the target, whatever stops it meanwhile.
    public func waitForEnd() -> Report {
        while true {
            switch nextReport() {
            case .stopped, .continued: continue
            case let report: return report
            }
        }
    }

    /// Lets a stopped target go on (SIGCONT to its main process). The report `continued` follows.
    public func resume() { try? order(HOOPX_LAUNCH_CONTINUE) }

    /// Kills the whole tree. A report follows.
    public func terminate() { try? order(HOOPX_LAUNCH_TERMINATE) }

    /// Answers no more system calls: the target's connects fail with ENOSYS from here on.
    public func stopSupervising() { supervision.come() }

    func order(_ order: hoopx_launch_order) throws(Errno) {
        var byte = UInt8(truncatingIfNeeded: order.rawValue)
        try Errno.check(hoopx_send_packet(control.raw, &byte, 1, -1))
    }

    func receiveMessage() throws(Errno) -> hoopx_launch_message? { try LaunchReport.receive(from: control).message }

    /// How long the thread that answered the target's last call may take to tell of it, in milliseconds.
    private static let patience: Int32 = 1000

    private func reapGuardian() {
        isGuardianReaped.withLock { isReaped in
            guard !isReaped else { return }
            isReaped = true
            var status: Int32 = 0
            while waitpid(guardian, &status, 0) < 0, errno == EINTR {}
        }
    }
}
