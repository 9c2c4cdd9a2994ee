import Glibc
import HoopxLinux

/// Judges which of Landlock's steps the kernel has: each ABI brought something that hoopx makes use of.
enum LandlockFindings {
    static func judge(_ survey: KernelSurvey) -> [Finding] {
        let abi = survey.support.landlockABI
        guard abi >= needed else { return [absent(abi, survey.landlockRefusal)] }
        let found = "ABI \(abi): the command can neither trace nor read other processes"
        return [.ok("landlock", "Landlock", found)] + steps.map { $0.finding(abi: abi) }
    }

    /// What moves files between directories (5.19): before it, a domain would have forbidden that altogether.
    private static let needed: Int32 = 2

    private static func absent(_ abi: Int32, _ refusal: Errno?) -> Finding {
        let (name, title) = ("landlock", "Landlock")
        let remedy = "use Linux 5.19 or later with Landlock: Debian 12, Ubuntu 22.04 with its HWE kernel, RHEL 10"
        switch refusal?.code {
        case EOPNOTSUPP:
            return .missing(
                name, title, "it is off: the kernel has it, and did not start it",
                remedy: "add landlock to the boot parameter lsm= (the present list is in /sys/kernel/security/lsm)")
        case .some:
            return .missing(
                name, title, "the kernel was built without it, or a filter around hoopx refuses it", remedy: remedy)
        case nil:
            return .missing(name, title, "ABI \(abi), and hoopx needs \(needed) (Linux 5.19)", remedy: remedy)
        }
    }

    private struct Step {
        let abi: Int32
        let kernel: String
        let name: String
        let title: String
        let consequence: String

        func finding(abi found: Int32) -> Finding {
            guard found < abi else { return .ok(name, title, "there") }
            return .warning(
                name, title, "Landlock ABI \(found) has none (ABI \(abi), Linux \(kernel))", consequence: consequence,
                remedy: "use Linux \(kernel) or later")
        }
    }

    private static let steps = [
        Step(
            abi: 3, kernel: "6.2", name: "landlock_truncate", title: "Landlock truncation rules",
            consequence: "no file rule can keep the command from cutting off a file that it may not write"),
        Step(
            abi: 4, kernel: "6.7", name: "landlock_network", title: "Landlock network rules",
            consequence: "the seccomp filter alone holds TCP, with no second layer behind it, and sandboxes inside the "
                + "command (bwrap) cannot mount"),
        Step(
            abi: 5, kernel: "6.10", name: "landlock_ioctl", title: "Landlock device rules",
            consequence: "no file rule can keep the command from controlling a device that it has open (ioctl)"),
        Step(
            abi: 6, kernel: "6.12", name: "landlock_scopes", title: "Landlock scopes",
            consequence:
                "the seccomp filter alone keeps signals from other processes and abstract Unix sockets from the "
                + "command, and denies it pidfd_send_signal and F_SETOWN altogether"),
    ]
}
