import Glibc
import HoopxCore

/// The programs that belong to hoopx and that it starts.
struct SandboxPrograms: Hashable {
    /// hoopx-launch, the launch stage.
    let launch: String
    /// hoopx-netns, the helper that makes datagram sockets.
    let namespace: String
    /// hoopx-selftest, which tries to get out; a run does without it.
    let selfTest: String

    /// Finds the programs that belong to this hoopx: beside it (a build directory), or in `../libexec/hoopx` (an
    /// installation).
    ///
    /// - Throws: a startup error where one that a run needs is missing.
    static func find() throws(HoopxError) -> SandboxPrograms {
        guard let path = realpath("/proc/self/exe", nil) else {
            throw HoopxError(.startup, doing: "looking for hoopx's own programs", found: "/proc is not mounted")
        }
        defer { free(path) }
        let own = String(cString: path)
        let directory = own.lastIndex(of: "/").map { String(own[..<$0]) } ?? ""
        for candidate in [directory, directory + "/../libexec/hoopx"] {
            let programs = SandboxPrograms(
                launch: candidate + "/hoopx-launch", namespace: candidate + "/hoopx-netns",
                selfTest: candidate + "/hoopx-selftest")
            if access(programs.launch, X_OK) == 0, access(programs.namespace, X_OK) == 0 { return programs }
        }
        throw HoopxError(
            .startup, doing: "looking for hoopx's own programs",
            found: "neither \(directory) nor \(directory)/../libexec/hoopx has hoopx-launch and hoopx-netns",
            hint: "install hoopx with make install")
    }
}
