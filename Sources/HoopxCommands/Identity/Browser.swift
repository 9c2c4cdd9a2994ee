import HoopxCore
import HoopxLinux
import HoopxSession

/// The browser of this machine's desktop.
enum Browser {
    /// What a desktop's programs need. Everything else stays out: hoopx's environment holds credentials.
    private static let variables: Set<String> = [
        "BROWSER", "DBUS_SESSION_BUS_ADDRESS", "DESKTOP_SESSION", "DISPLAY", "HOME", "LANG", "LC_ALL", "LOGNAME",
        "PATH",
        "SHELL", "TMPDIR", "USER", "WAYLAND_DISPLAY", "WSLENV", "WSL_INTEROP", "XAUTHORITY",
    ]

    /// Opens an address, in a process group of its own that Ctrl-C does not reach. What comes of it is not waited for.
    static func open(_ uri: String) {
        let own = OwnEnvironment.variables
        guard let program = ExecutableFile.find("xdg-open", searchPath: own["PATH"]) else {
            return Console.say("no browser was opened: xdg-open is not installed")
        }
        let environment = own.filter { variables.contains($0.key) || $0.key.hasPrefix("XDG_") }
        let spawner = ProcessSpawner(
            program: program, arguments: ["xdg-open", uri],
            environment: environment.map { "\($0.key)=\($0.value)" },
            signals: InheritedSignals(ignoring: [], blocking: []), descriptors: [nil, nil, nil], leadsGroup: true)
        do throws(Errno) {
            _ = try spawner.spawn()
        } catch {
            Console.say("no browser was opened: \(program): \(error)")
        }
    }
}
