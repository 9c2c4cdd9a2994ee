import HoopxLinux
import HoopxSandbox

/// Judges whether the machine allows the network namespace that the command's datagram sockets live in.
enum NamespaceFindings {
    /// - Parameter tier: what came of trying, or nil where hoopx-netns is missing.
    static func judge(_ tier: DatagramTier?, _ settings: KernelSettings, _ surroundings: Surroundings) -> [Finding] {
        guard let tier else { return [] }
        let (name, title) = ("datagram_tier", "user and network namespaces")
        guard case .denied(let reason) = tier else {
            return [.ok(name, title, "\(tier)")]
        }
        return [
            .warning(
                name, title, reason,
                consequence:
                    "the command gets no datagram sockets and is told of hoopx by proxy variables: programs that "
                    + "resolve names themselves (Go, musl) and heed no proxy variable reach nothing",
                remedy: remedy(settings, surroundings))
        ]
    }

    private static func remedy(_ settings: KernelSettings, _ surroundings: Surroundings) -> String {
        if settings.unprivilegedUserNamespaces == 0 { return "sysctl -w kernel.unprivileged_userns_clone=1" }
        if settings.maximumUserNamespaces == 0 { return "sysctl -w user.max_user_namespaces=15000" }
        if let restriction = settings.appArmorRestriction, restriction != 0 {
            return "give hoopx-netns an AppArmor profile with the rule userns (hoopx-doctor(1) has one), or "
                + "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
        }
        if case .container = surroundings {
            return "run the container with a seccomp profile that allows unshare "
                + "(docker run --security-opt seccomp=FILE)"
        }
        return "have unprivileged user namespaces allowed on this machine"
    }
}
