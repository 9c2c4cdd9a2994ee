import CHoopxLinux
import Glibc
import HoopxLinux
import Synchronization

/// A supervisor for tests: starts hoopx-launch, answers its notifications, and collects what it reports.
final class Launch: Sendable {
    /// hoopx's end of the control socket, closed when the launch is let go, which ends the tree.
    let control: OwnedDescriptor
    let guardian: Int32
    /// Reads what the command writes to its standard output and error.
    private let output: OwnedDescriptor
    /// The calls that were trapped, in their order.
    private let trapped = Mutex<[Int32]>([])

    struct Report: Equatable {
        let kind: UInt32
        let pid: Int32
        let value: Int32
        let error: Int32
    }

    init(
        _ command: [String], as identity: Identity = .current, tier: String = "deny", executions: String = "allow",
        input: Int32? = nil, terminal: String = "shared",
        signals: InheritedSignals = InheritedSignals(ignoring: [], blocking: [])
    ) throws {
        var ends: [Int32] = [0, 0]
        try Errno.checkLast(socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0, &ends))
        control = OwnedDescriptor(ends[0])
        let other = OwnedDescriptor(ends[1])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var pipe: [Int32] = [0, 0]
        try Errno.checkLast(Glibc.pipe(&pipe))
        for end in pipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        output = OwnedDescriptor(pipe[0])
        let writer = OwnedDescriptor(pipe[1])
        let arguments =
            identity.prefix + [Programs.launch, "3", tier, "allow", executions, "none", terminal, "--"] + command
        let spawner = ProcessSpawner(
            program: arguments[0], arguments: arguments,
            environment: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"],
            directory: "/", signals: signals, descriptors: [input, writer.raw, writer.raw, other.raw])
        guardian = try spawner.spawn()
    }

    deinit {
        shutdown(control.raw, Int32(SHUT_RDWR))
        if let process = try? Pidfd(guardian), !process.waitForEnd(milliseconds: 10_000) { kill(guardian, SIGKILL) }
        var status: Int32 = 0
        waitpid(guardian, &status, 0)
    }

    /// The next report, or nil at end of file. A listener is served with `answer`, an errno, and PROCEED is sent.
    func next(answer: Int32 = ECONNREFUSED) throws -> Report? {
        try Self.waitForInput(on: control.raw)
        var message = hoopx_launch_message()
        var listener: Int32 = -1
        let size = MemoryLayout<hoopx_launch_message>.size
        let count = try Errno.check(hoopx_receive_packet(control.raw, &message, size, &listener))
        guard count == size else { return nil }
        if listener >= 0 {
            serve(OwnedDescriptor(listener), answer)
            order(HOOPX_LAUNCH_PROCEED)
        }
        return Report(kind: message.report, pid: message.pid, value: message.value, error: message.error)
    }

    /// Runs to the end: the last report, and what was reported before it.
    func finish(answer: Int32 = ECONNREFUSED) throws -> (last: Report?, before: [UInt32]) {
        var reports: [Report] = []
        while let report = try next(answer: answer) { reports.append(report) }
        return (reports.last, reports.dropLast().map(\.kind))
    }

    /// Runs until the command has been executed. Returns its pid.
    func start() throws -> Int32 {
        while let report = try next() {
            if report.kind == HOOPX_LAUNCH_EXECUTED.rawValue { return report.pid }
        }
        throw Errno(ECHILD)
    }

    func order(_ order: hoopx_launch_order) {
        var byte = UInt8(order.rawValue)
        _ = hoopx_send_packet(control.raw, &byte, 1, -1)
    }

    func hangUp() { shutdown(control.raw, Int32(SHUT_RDWR)) }

    var trappedCalls: [Int32] { trapped.withLock { $0 } }

    /// What the command has written, once every process that could write more is gone.
    func allOutput() -> String {
        var bytes: [UInt8] = []
        while let part = readPart() { bytes += part }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What the command writes next: at least a byte, or empty at its end.
    func someOutput() -> String { String(decoding: readPart() ?? [], as: UTF8.self) }

    /// Waits, but not for ever: a launch that is broken must fail a test, not hang it.
    private static func waitForInput(on descriptor: Int32) throws {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&watched, 1, 20_000) > 0 else { throw Errno(ETIMEDOUT) }
    }

    private func readPart() -> ArraySlice<UInt8>? {
        guard (try? Self.waitForInput(on: output.raw)) != nil else { return nil }
        var part = [UInt8](repeating: 0, count: 4096)
        let count = read(output.raw, &part, part.count)
        return count > 0 ? part[..<count] : nil
    }

    private func serve(_ listener: consuming OwnedDescriptor, _ error: Int32) {
        let raw = listener.release()
        _ = try? ServiceThread(name: "test-listener") { [weak self] in
            let listener = OwnedDescriptor(raw)
            var notification = hoopx_notification()
            // poll(2) passes over a negative descriptor: only the last process ends this.
            while hoopx_notification_receive(listener.raw, -1, &notification) == 0 {
                self?.trapped.withLock { $0.append(notification.call) }
                _ = hoopx_notification_answer(listener.raw, notification.id, 0, error)
            }
        }
    }
}
