import CHoopxTestSupport
import Glibc

/// A terminal that a test types on and reads from.
public final class PseudoTerminal: Sendable {
    private let master: Int32
    private let slavePath: String
    private let screen = CapturedBytes()

    /// - Parameter account: owns the terminal, as login(1) would see to.
    public init(columns: UInt16 = 80, rows: UInt16 = 24, account: Account = .current) throws {
        var master: Int32 = -1
        var path = [CChar](repeating: 0, count: 64)
        let code = hoopx_test_open_terminal(&master, &path, Int32(path.count))
        guard code == 0 else { throw TestSupportError("no pseudo-terminal: errno \(-code)") }
        self.master = master
        slavePath = String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if account.uid != getuid() { chown(slavePath, account.uid, account.gid) }
        resize(columns: columns, rows: rows)
    }

    deinit { close(master) }

    /// Starts a program as the leader of a session on this terminal.
    public func start(
        _ arguments: [String], environment: [String: String], directory: String, account: Account = .current
    ) throws -> RunningProcess {
        let process = try RunningProcess(
            arguments, environment: environment, directory: directory, account: account, terminalPath: slavePath)
        // The descriptor stays ours: the reader ends with EIO when the last program has left the terminal.
        screen.start(reading: master, closing: false)
        return process
    }

    /// All that was written to the terminal so far, echo included.
    public var text: String { screen.text }

    public func type(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    public func waitFor(_ text: String, within deadline: Duration = .seconds(60)) async throws {
        try await eventually(within: deadline, "\"\(text)\" on the terminal; so far:\n\(self.text)") {
            self.text.contains(text)
        }
    }

    /// The process group that the terminal's keys signal.
    public var foregroundGroup: pid_t { tcgetpgrp(master) }

    public func resize(columns: UInt16, rows: UInt16) {
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    }
}
