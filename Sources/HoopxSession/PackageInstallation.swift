import HoopxSandbox
import Synchronization

/// Looks among what a target executes for package managers that install. Where the system is read-only for the target they
/// fail with EACCES alone: Landlock tells nobody what it refuses.
final class PackageInstallation: Sendable {
    enum Sign: Int, Comparable {
        case none
        /// A manager was asked to, which may have found nothing to do, or have failed before it wrote.
        case asked
        /// What unpacks packages was called.
        case unpacked

        static func < (one: Sign, other: Sign) -> Bool { one.rawValue < other.rawValue }
    }

    private let strongest = Mutex(Sign.none)

    func observe(_ execution: ObservedExecution) {
        guard let path = execution.path, let file = path.split(separator: UInt8(ascii: "/")).last,
            Self.names.contains(where: { file.elementsEqual($0.utf8) })
        else { return }
        let sign = Self.sign(
            of: String(decoding: file, as: UTF8.self),
            arguments: execution.arguments.dropFirst().map { String(decoding: $0, as: UTF8.self) })
        strongest.withLock { $0 = max($0, sign) }
    }

    /// Whether a run came to grief over it, as far as can be told.
    ///
    /// - Parameter failed: whether the command's status says that it failed. An agent's own status says nothing of what its
    ///   tools failed at, so that an unpacking counts alone.
    func wasInVain(failed: Bool) -> Bool { strongest.withLock { $0 >= (failed ? .asked : .unpacked) } }

    private static let names = Set(["dpkg", "rpm"]).union(verbs.keys)

    /// Those of managers that fetch packages first.
    private static let verbs: [String: Set<String>] = {
        let apt: Set = [
            "install", "reinstall", "upgrade", "full-upgrade", "dist-upgrade", "remove", "purge", "autoremove",
            "build-dep",
        ]
        let dnf: Set = ["install", "reinstall", "upgrade", "update", "downgrade", "remove", "erase", "autoremove"]
        return [
            "apt": apt, "apt-get": apt, "aptitude": apt, "apk": ["add", "del", "upgrade", "fix"],
            "dnf": dnf, "dnf5": dnf, "microdnf": dnf, "tdnf": dnf, "yum": dnf, "zypper": dnf.union(["in", "up", "rm"]),
            "pacman": ["-S", "-Sy", "-Syu", "-Su", "-U", "-R", "-Rs", "-Rns"],
        ]
    }()

    static func sign(of program: String, arguments: [String]) -> Sign {
        switch program {
        case "dpkg":
            let elsewhere = ["--dry-run", "--simulate", "--no-act", "--root", "--instdir"]
            guard !arguments.contains(where: { word in elsewhere.contains { word.hasPrefix($0) } }) else {
                return .none
            }
            let actions: Set = ["-i", "--install", "--unpack", "-r", "--remove", "-P", "--purge"]
            return arguments.contains(where: actions.contains) ? .unpacked : .none
        case "rpm":
            let elsewhere = ["--test", "--root", "--prefix"]
            guard !arguments.contains(where: { word in elsewhere.contains { word.hasPrefix($0) } }) else {
                return .none
            }
            let actions: Set = ["--install", "--upgrade", "--freshen", "--erase"]
            let isAction = { (word: String) in
                actions.contains(word) || word.first == "-" && word.dropFirst().first.map("iUFe".contains) == true
            }
            return arguments.contains(where: isAction) ? .unpacked : .none
        default: return arguments.contains { verbs[program]?.contains($0) == true } ? .asked : .none
        }
    }
}
