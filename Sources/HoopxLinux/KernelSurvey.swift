import CHoopxLinux
import Glibc

/// The kernel as `hoopx doctor` sees it: what every run asks (`KernelSupport`), and what only an explanation needs. It
/// starts a process, which a run has no time for.
public struct KernelSurvey: Hashable, Sendable {
    public var support: KernelSupport
    /// Why Landlock does not answer: ENOSYS where the kernel was built without, EOPNOTSUPP where it is off.
    public var landlockRefusal: Errno?
    /// Why no filter with a listener can be installed: EBUSY under another supervisor.
    public var listenerRefusal: Errno?
    /// Why a listener cannot give a descriptor with its answer (SECCOMP_ADDFD_FLAG_SEND, 5.14).
    public var injectionRefusal: Errno?
    /// Why pidfd_open (5.3) cannot be called.
    public var pidfdOpenRefusal: Errno?
    /// Why a single thread cannot be held (PIDFD_THREAD, 6.9).
    public var threadPidfdRefusal: Errno?
    /// Why a socket does not tell its network namespace (SO_NETNS_COOKIE, 5.14).
    public var namespaceCookieRefusal: Errno?
    /// Why the kernel does not tell which sockets listen (sock_diag(7)).
    public var socketDiagRefusal: Errno?
    public var settings: KernelSettings

    public init(
        support: KernelSupport, landlockRefusal: Errno? = nil, listenerRefusal: Errno? = nil,
        injectionRefusal: Errno? = nil, pidfdOpenRefusal: Errno? = nil, threadPidfdRefusal: Errno? = nil,
        namespaceCookieRefusal: Errno? = nil, socketDiagRefusal: Errno? = nil, settings: KernelSettings
    ) {
        self.support = support
        self.landlockRefusal = landlockRefusal
        self.listenerRefusal = listenerRefusal
        self.injectionRefusal = injectionRefusal
        self.pidfdOpenRefusal = pidfdOpenRefusal
        self.threadPidfdRefusal = threadPidfdRefusal
        self.namespaceCookieRefusal = namespaceCookieRefusal
        self.socketDiagRefusal = socketDiagRefusal
        self.settings = settings
    }

    public static func probe() -> KernelSurvey {
        var injection: Int32 = 0
        let listener = hoopx_probe_listener(&injection)
        return KernelSurvey(
            support: .probe(), landlockRefusal: refusal(hoopx_probe_landlock()), listenerRefusal: refusal(listener),
            injectionRefusal: refusal(injection),
            pidfdOpenRefusal: refusal { () throws(Errno) in _ = try Pidfd(getpid()) },
            threadPidfdRefusal: refusal { () throws(Errno) in _ = try Pidfd(thread: getpid()) },
            namespaceCookieRefusal: refusal(namespaceCookie), socketDiagRefusal: refusal(socketDiag),
            settings: .current())
    }

    private static func namespaceCookie() throws(Errno) {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(HOOPX_SOCK_CLOEXEC)
        let socket = OwnedDescriptor(try Errno.checkLast(Glibc.socket(AF_UNIX, type, 0)))
        var cookie: UInt64 = 0
        try Errno.check(hoopx_netns_cookie(socket.raw, &cookie))
    }

    private static func socketDiag() throws(Errno) {
        // Any port will do: that nobody listens there is an answer too.
        var tcp = hoopx_tcp_listener()
        try Errno.check(hoopx_tcp_listeners(1, &tcp, 1))
        var unix = hoopx_unix_listener()
        try Errno.check(hoopx_unix_listeners(&unix, 1))
    }

    private static func refusal(_ result: Int32) -> Errno? { result < 0 ? Errno(-result) : nil }

    private static func refusal(_ attempt: () throws(Errno) -> Void) -> Errno? {
        do throws(Errno) {
            try attempt()
            return nil
        } catch {
            return error
        }
    }
}
