import Glibc

/// What hoopx runs in, as far as that decides what it can do.
public enum Surroundings: Hashable, Sendable {
    /// A machine or a virtual machine with a kernel of its own.
    case machine
    /// A container on a shared kernel: Docker, Podman, or the name that its manager left.
    case container(String)
    /// A kernel in user space that imitates Linux.
    case gVisor
    /// The Windows Subsystem for Linux. In mirrored networking a supervisor of its own watches every process.
    case wsl2(isMirrored: Bool)

    public static func current() -> Surroundings {
        var name = utsname()
        uname(&name)
        return recognized(
            release: text(&name.release), version: text(&name.version),
            containerName: TextFile.read("/run/systemd/container"), exists: { access($0, F_OK) == 0 })
    }

    /// - Parameters:
    ///   - release: what uname(2) says.
    ///   - version: what uname(2) says.
    ///   - containerName: what systemd or its like has written down of the container.
    ///   - exists: whether there is a file.
    public static func recognized(
        release: String, version: String, containerName: String?, exists: (String) -> Bool
    ) -> Surroundings {
        // gVisor calls itself Linux 4.4.0 of this moment (pkg/sentry/syscalls/linux/linux64.go).
        if version.contains("Sun Jan 10 15:06:54 PST 2016") { return .gVisor }
        // A container of Docker Desktop shares WSL's kernel, but none of its supervisor.
        if exists("/.dockerenv") { return .container("Docker") }
        if exists("/run/.containerenv") { return .container("Podman") }
        if release.lowercased().contains("microsoft") {
            return .wsl2(isMirrored: exists("/sys/class/net/loopback0"))
        }
        if let name = containerName?.prefix(while: { $0 != "\n" }), !name.isEmpty { return .container(String(name)) }
        return .machine
    }

    private static func text<Field>(_ field: inout Field) -> String {
        withUnsafeBytes(of: &field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
