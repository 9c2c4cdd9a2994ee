import Glibc
import HoopxLinux

/// Judges what the kernel offers of what the sandbox cannot do without.
enum KernelFindings {
    static func judge(_ survey: KernelSurvey) -> [Finding] {
        [
            .ok("kernel", "kernel", "Linux \(survey.support.release)"),
            notification(survey.support),
            waitKillable(survey.support),
            listener(survey),
            injection(survey),
            pidfdOpen(survey),
            pidfdGetfd(survey.support),
            threadPidfd(survey),
            ptraceScope(survey.settings),
            namespaceCookie(survey),
            socketDiag(survey),
        ]
    }

    private static let upgrade = "use Linux 5.19 or later: Debian 12, Ubuntu 22.04 with its HWE kernel, RHEL 10"

    private static func notification(_ support: KernelSupport) -> Finding {
        let (name, title) = ("seccomp_user_notification", "seccomp user notification")
        if support.hasUserNotification { return .ok(name, title, "there") }
        return .missing(
            name, title, "Linux \(support.release) has none (it came with 5.0)",
            remedy: "\(upgrade); sandboxed kernels (gVisor) do not have it")
    }

    private static func waitKillable(_ support: KernelSupport) -> Finding {
        let (name, title) = ("seccomp_wait_killable", "seccomp WAIT_KILLABLE_RECV")
        if support.hasWaitKillable { return .ok(name, title, "there") }
        return .missing(
            name, title, "Linux \(support.release) has none (it came with 5.19)",
            consequence: "a signal would make a trapped connect happen twice: hoopx run refuses to run",
            remedy: upgrade)
    }

    private static func listener(_ survey: KernelSurvey) -> Finding {
        let (name, title) = ("seccomp_listener", "seccomp listener")
        guard let refusal = survey.listenerRefusal else {
            return .ok(name, title, "there is no other supervisor above")
        }
        guard refusal.code == EBUSY else {
            return .missing(name, title, "a filter with a listener was refused: \(refusal)", remedy: upgrade)
        }
        return .missing(
            name, title, "another supervisor is above: \(refusal)",
            consequence: "the kernel allows one listener for a tree of processes: hoopx run refuses to run",
            remedy: "start hoopx outside of the other supervisor (a sandbox, hoopx itself); in WSL2 set "
                + "networkingMode=nat in .wslconfig")
    }

    private static func injection(_ survey: KernelSurvey) -> Finding {
        let (name, title) = ("seccomp_inject_descriptor", "seccomp ADDFD with SEND")
        guard let refusal = survey.injectionRefusal else { return .ok(name, title, "there") }
        return .missing(name, title, "it was refused: \(refusal) (it came with 5.14)", remedy: upgrade)
    }

    private static func pidfdOpen(_ survey: KernelSurvey) -> Finding {
        let (name, title) = ("pidfd_open", "pidfd_open")
        guard let refusal = survey.pidfdOpenRefusal else { return .ok(name, title, "there") }
        return .missing(
            name, title, "it was refused: \(refusal) (it came with 5.3)",
            remedy: refusal.code == EPERM ? "in a container, use a seccomp profile that allows pidfd_open" : upgrade)
    }

    private static func pidfdGetfd(_ support: KernelSupport) -> Finding {
        let (name, title) = ("pidfd_getfd", "pidfd_getfd")
        guard let refusal = support.pidfdGetfdRefusal else { return .ok(name, title, "there") }
        guard refusal.code == EPERM else {
            return .missing(name, title, "it was refused: \(refusal) (it came with 5.6)", remedy: upgrade)
        }
        return .warning(
            name, title, "a filter around hoopx refuses it: \(refusal)",
            consequence:
                "hoopx makes the command's sockets itself: socket(2) takes longer, and a connected socket that is "
                + "disconnected cannot be connected again",
            remedy:
                "nothing to do for almost every command; else add the capability SYS_PTRACE (docker run --cap-add SYS_PTRACE)"
        )
    }

    private static func threadPidfd(_ survey: KernelSurvey) -> Finding {
        let (name, title) = ("pidfd_thread", "PIDFD_THREAD")
        guard let refusal = survey.threadPidfdRefusal else { return .ok(name, title, "there") }
        return .warning(
            name, title, "it was refused: \(refusal) (it came with 6.9)",
            consequence: "a thread that has unshared its descriptor table cannot connect",
            remedy: "nothing to do for almost every command; else use Linux 6.9 or later")
    }

    private static func ptraceScope(_ settings: KernelSettings) -> Finding {
        let (name, title) = ("yama_ptrace_scope", "Yama ptrace_scope")
        guard let scope = settings.ptraceScope else { return .ok(name, title, "there is no Yama") }
        guard settings.forbidsTracing else { return .ok(name, title, String(scope)) }
        return .missing(
            name, title,
            scope == 2 ? "2: only CAP_SYS_PTRACE may look into a process" : "\(scope): nobody may look into a process",
            consequence:
                "pidfd_getfd and process_vm_readv are refused, so that no connection of the command could be made",
            remedy: scope == 2
                ? "sysctl -w kernel.yama.ptrace_scope=1, or give hoopx CAP_SYS_PTRACE"
                : "set kernel.yama.ptrace_scope to 1 in /etc/sysctl.d and reboot: a 3 stays until then")
    }

    private static func namespaceCookie(_ survey: KernelSurvey) -> Finding {
        let (name, title) = ("netns_cookie", "SO_NETNS_COOKIE")
        guard let refusal = survey.namespaceCookieRefusal else { return .ok(name, title, "there") }
        return .missing(name, title, "it was refused: \(refusal) (it came with 5.14)", remedy: upgrade)
    }

    private static func socketDiag(_ survey: KernelSurvey) -> Finding {
        let (name, title) = ("socket_diag", "socket diagnosis")
        guard let refusal = survey.socketDiagRefusal else { return .ok(name, title, "there") }
        return .warning(
            name, title, "the kernel does not tell which sockets listen: \(refusal)",
            consequence: "servers that the command starts cannot listen on a port of their choice, nor be connected to",
            remedy: "modprobe -a tcp_diag unix_diag")
    }
}
