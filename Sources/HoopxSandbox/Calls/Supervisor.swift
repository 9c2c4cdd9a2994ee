import CHoopxLinux
import Glibc
import HoopxCore
import HoopxLinux

/// Carries out the target's trapped system calls, and answers them.
///
/// Each call is decided on its registers and on objects that hoopx holds itself, and is never let continue: what the
/// kernel would read then need not be what hoopx has read. The one exception is execve, on which nothing is decided. The
/// calls are in one extension each (`TrappedConnect`, `TrappedUnixConnect`, `TrappedListen`, `TrappedSocket`,
/// `TrappedExecution`).
struct Supervisor: Sendable {
    let handler: any EgressHandler
    let names: NameTable
    let responder: DNSResponder
    let listeners: OwnListeners
    let turns: SocketTurns
    let localRules: LocalRules
    /// Makes the target's datagram sockets; nil where they are denied.
    let helper: NamespaceHelper?
    /// The cookie of hoopx's own network namespace.
    let namespace: UInt64
    /// The target's sockets where they cannot be taken from its processes; nil where they can.
    let madeSockets: MadeSockets?
    /// Is told of executions; nil where they are not trapped.
    let executions: (any ExecutionObserver)?

    /// The network namespace that hoopx runs in.
    static func ownNamespace() throws(Errno) -> UInt64 {
        let type = SocketFacts.stream | Int32(HOOPX_SOCK_CLOEXEC)
        let socket = OwnedDescriptor(try Errno.checkLast(Glibc.socket(AF_UNIX, type, 0)))
        var cookie: UInt64 = 0
        try Errno.check(hoopx_netns_cookie(socket.raw, &cookie))
        return cookie
    }

    /// Answers a call. It may take as long as the call itself would.
    func answer(_ call: PendingCall, at workplace: Workplace) {
        do throws(Errno) {
            switch call.number {
            case HOOPX_CALL_CONNECT.rawValue: try connect(call, at: workplace)
            case HOOPX_CALL_LISTEN.rawValue: try listen(call, at: workplace)
            case HOOPX_CALL_SOCKET.rawValue: try makeSocket(call)
            case HOOPX_CALL_EXECVE.rawValue, HOOPX_CALL_EXECVEAT.rawValue: observeExecution(call, at: workplace)
            case HOOPX_CALL_MOUNT.rawValue, HOOPX_CALL_MOVE_MOUNT.rawValue, HOOPX_CALL_PIVOT_ROOT.rawValue:
                handler.refusedMount(from: try workplace.thread(call.thread, isFresh: true).process(during: call))
                throw Errno(EPERM)
            case HOOPX_CALL_CLONE.rawValue, HOOPX_CALL_UNSHARE.rawValue:
                handler.refusedNamespace(
                    ofUser: call.int(0) & Int32(HOOPX_NEW_USER_NAMESPACE) != 0,
                    from: try workplace.thread(call.thread, isFresh: true).process(during: call))
                throw Errno(EPERM)
            default: throw Errno(ENOSYS)
            }
        } catch {
            call.fail(error)
        }
    }
}

/// What a notification thread keeps from one call to the next. Only this thread uses it.
final class Workplace {
    /// What is being executed.
    let executedWords = ExecutedWords()
    var recentPrograms = RecentPrograms()
    private var v4: PrivateListener?
    private var v6: PrivateListener?
    private var keptInquiry: Inquiry?
    private var threads: [TargetThread] = []

    /// More threads than this seldom connect in turns.
    private static let threadCapacity = 8

    /// A thread of the target, kept from its last call where there was one not long ago.
    ///
    /// - Parameter isFresh: not to take the kept one, which turned out to lead to nothing.
    func thread(_ id: Int32, isFresh: Bool = false) throws(Errno) -> TargetThread {
        if let index = threads.firstIndex(where: { $0.id == id }) {
            if !isFresh { return threads[index] }
            threads.remove(at: index)
        }
        let thread = try TargetThread(id)
        guard thread.isKeepable else { return thread }
        if threads.count == Self.threadCapacity { threads.removeFirst() }
        threads.append(thread)
        return thread
    }

    /// The thread's socket for questions to `OwnListeners`.
    func inquiry() throws(Errno) -> Inquiry {
        if let kept = keptInquiry { return kept }
        let made = Inquiry(descriptor: OwnedDescriptor(try Errno.check(hoopx_open_sock_diag())))
        keptInquiry = made
        return made
    }

    final class Inquiry {
        let descriptor: OwnedDescriptor

        init(descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }
    }

    /// The thread's private listener of a family.
    func listener(isV4: Bool) throws(Errno) -> PrivateListener {
        if let kept = isV4 ? v4 : v6 { return kept }
        let made = try PrivateListener(isV4: isV4)
        if isV4 { v4 = made } else { v6 = made }
        return made
    }
}
