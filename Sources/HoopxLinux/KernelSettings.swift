import HoopxCore

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

    /// Whether Yama keeps hoopx from the target's memory and sockets (Documentation/admin-guide/LSM/Yama.rst).
    public var forbidsTracing: Bool {
        switch ptraceScope {
        case nil, 0, 1: false
        case 2: !mayTrace
        default: true
        }
    }

    /// Throws a startup error where no connection of the command could be made, because hoopx may not look into it.
    public static func requireTracing() throws(HoopxError) {
        // As a rule this one setting decides.
        guard let scope = setting("kernel/yama/ptrace_scope"), scope > 1, current().forbidsTracing else { return }
        throw HoopxError(
            .startup, doing: "checking the kernel",
            found: "kernel.yama.ptrace_scope is \(scope): hoopx may not look into the command",
            hint: "hoopx doctor says what to do about it")
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
