import CHoopxLinux
import Glibc
import HoopxCore

/// What the running kernel offers of what the sandbox is made of.
public struct KernelSupport: Hashable, Sendable {
    /// As uname(2) says it: `6.1.0-28-amd64`.
    public let release: String
    /// SECCOMP_RET_USER_NOTIF (5.0).
    public let hasUserNotification: Bool
    /// SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (5.19): without it a signal makes a trapped connect happen twice.
    public let hasWaitKillable: Bool
    /// Why pidfd_getfd (5.6) cannot be called, or nil where it can.
    public let pidfdGetfdRefusal: Errno?
    /// The Landlock ABI (1 since 5.13; network rules since 4, 6.7; scopes since 6, 6.12); 0 where it is missing or off.
    public let landlockABI: Int32

    public init(
        release: String, hasUserNotification: Bool, hasWaitKillable: Bool, pidfdGetfdRefusal: Errno?, landlockABI: Int32
    ) {
        self.release = release
        self.hasUserNotification = hasUserNotification
        self.hasWaitKillable = hasWaitKillable
        self.pidfdGetfdRefusal = pidfdGetfdRefusal
        self.landlockABI = landlockABI
    }

    public static func probe() -> KernelSupport {
        let refusal = hoopx_probe_pidfd_getfd()
        return KernelSupport(
            release: release(), hasUserNotification: hoopx_has_user_notification() == 1,
            hasWaitKillable: hoopx_has_wait_killable() == 1, pidfdGetfdRefusal: refusal < 0 ? Errno(-refusal) : nil,
            landlockABI: hoopx_landlock_abi())
    }

    /// Throws a startup error that names the first missing feature and the kernel version that brought it.
    public func requireSandbox() throws(HoopxError) {
        guard hasUserNotification else {
            throw missing(
                "seccomp user notification", since: "5.0",
                hint: "sandboxed kernels (gVisor) do not have it: run hoopx outside of them")
        }
        guard hasWaitKillable else {
            throw missing("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", since: "5.19", hint: Self.upgrade)
        }
        // Where a container's filter refuses the call, there is another way (`MadeSockets`).
        guard pidfdGetfdRefusal == nil || pidfdGetfdRefusal?.code == EPERM else {
            throw missing("pidfd_getfd", since: "5.6", hint: Self.upgrade)
        }
        guard landlockABI >= 2 else {
            throw missing(
                "Landlock", since: "5.19", hint: "if the kernel is newer, add landlock to the boot parameter lsm=")
        }
    }

    private static let upgrade = "hoopx needs Linux 5.19 or later: Debian 12, Ubuntu 22.04 with its HWE kernel, RHEL 10"

    private func missing(_ feature: String, since version: String, hint: String) -> HoopxError {
        HoopxError(
            .startup, doing: "checking the kernel",
            found: "Linux \(release) has no \(feature) (it came with \(version))",
            hint: hint)
    }

    private static func release() -> String {
        var name = utsname()
        guard uname(&name) == 0 else { return "unknown" }
        return withUnsafeBytes(of: &name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
