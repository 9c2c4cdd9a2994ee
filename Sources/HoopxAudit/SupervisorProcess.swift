import Glibc
import HoopxCore
import HoopxLinux

/// A hoopx process, told apart from every other that had or will have its number.
public struct SupervisorProcess: Hashable, Sendable {
    public let pid: Int32
    /// When it started, in clock ticks since the machine did (field 22 of proc_pid_stat(5)).
    public let startTicks: Int64
    /// The kernel's random name of the machine's present start (`/proc/sys/kernel/random/boot_id`).
    public let bootID: String
    /// The PID namespace in which the number counts, as `/proc/self/ns/pid` names it.
    public let pidNamespace: String

    public init(pid: Int32, startTicks: Int64, bootID: String, pidNamespace: String) {
        self.pid = pid
        self.startTicks = startTicks
        self.bootID = bootID
        self.pidNamespace = pidNamespace
    }

    /// The process that calls.
    ///
    /// - Throws: where `/proc` does not show it.
    public static func current() throws(HoopxError) -> SupervisorProcess {
        let pid = getpid()
        guard let status = ProcessStatus(pid: pid), let machine = Machine.current else {
            throw HoopxError(
                .startup, doing: "reading /proc", found: "it does not show hoopx's own process",
                hint: "mount proc on /proc")
        }
        return SupervisorProcess(
            pid: pid, startTicks: status.startTicks, bootID: machine.bootID, pidNamespace: machine.pidNamespace)
    }

    /// Whether it lives: nil where it is of another PID namespace of this machine start, whose processes cannot be seen.
    public var isAlive: Bool? {
        guard let machine = Machine.current else { return nil }
        guard machine.bootID == bootID else { return false }
        guard machine.pidNamespace == pidNamespace else { return nil }
        guard let status = ProcessStatus(pid: pid), status.startTicks == startTicks else { return false }
        return !status.isDead
    }
}

/// The machine start and the namespace that this process sees.
private struct Machine {
    let bootID: String
    let pidNamespace: String

    static var current: Machine? {
        guard let bootID = TextFile.read("/proc/sys/kernel/random/boot_id") else { return nil }
        var name = [UInt8](repeating: 0, count: 64)
        let length = readlink("/proc/self/ns/pid", &name, name.count)
        guard length > 0 else { return nil }
        let namespace = String(decoding: name[..<length], as: UTF8.self)
        return Machine(bootID: String(bootID.prefix { $0 != "\n" }), pidNamespace: namespace)
    }
}

/// What proc_pid_stat(5) says of a process.
private struct ProcessStatus {
    let startTicks: Int64
    /// It has exited and waits for its parent to notice.
    let isDead: Bool

    init?(pid: Int32) {
        // The command's name is the second field; it can hold blanks and parentheses.
        guard let text = TextFile.read("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[end...].split(separator: " ").dropFirst()
        guard fields.count > 19, let ticks = Int64(fields[fields.startIndex + 19]) else { return nil }
        startTicks = ticks
        isDead = ["Z", "X"].contains(fields[fields.startIndex])
    }
}
