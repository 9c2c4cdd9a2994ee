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

/// Settings of the machine's administrator that decide what hoopx can do; nil where the kernel has no such setting.
public struct KernelSettings: Hashable, Sendable {
    /// kernel.yama.ptrace_scope: 0 all of the user's processes, 1 descendants, 2 with CAP_SYS_PTRACE, 3 none.
    public var ptraceScope: Int?
    /// kernel.unprivileged_userns_clone (Debian): 0 forbids user namespaces.
    public var unprivilegedUserNamespaces: Int?
    /// user.max_user_namespaces: 0 forbids them.
    public var maximumUserNamespaces: Int?
    /// kernel.apparmor_restrict_unprivileged_userns (Ubuntu): 1 lets them be made, without any right in them.
    public var appArmorRestriction: Int?
    /// Whether hoopx holds CAP_SYS_PTRACE.
    public var mayTrace: Bool

    public init(
        ptraceScope: Int? = nil, unprivilegedUserNamespaces: Int? = nil, maximumUserNamespaces: Int? = nil,
        appArmorRestriction: Int? = nil, mayTrace: Bool = false
    ) {
        self.ptraceScope = ptraceScope
        self.unprivilegedUserNamespaces = unprivilegedUserNamespaces
        self.maximumUserNamespaces = maximumUserNamespaces
        self.appArmorRestriction = appArmorRestriction
        self.mayTrace = mayTrace
    }

    static func current() -> KernelSettings {
        KernelSettings(
            ptraceScope: setting("kernel/yama/ptrace_scope"),
            unprivilegedUserNamespaces: setting("kernel/unprivileged_userns_clone"),
            maximumUserNamespaces: setting("user/max_user_namespaces"),
            appArmorRestriction: setting("kernel/apparmor_restrict_unprivileged_userns"),
            mayTrace: effectiveCapabilities() & 1 << 19 != 0)  // CAP_SYS_PTRACE
    }

    private static func setting(_ name: String) -> Int? {
        TextFile.read("/proc/sys/" + name).flatMap { Int($0.prefix { $0 != "\n" }) }
    }

    /// Bit n stands for capability n (proc(5), `CapEff`).
    private static func effectiveCapabilities() -> UInt64 {
        for line in (TextFile.read("/proc/self/status") ?? "").split(separator: "\n") where line.hasPrefix("CapEff:") {
            return UInt64(line.dropFirst(7).drop { $0 == "\t" || $0 == " " }, radix: 16) ?? 0
        }
        return 0
    }
}
