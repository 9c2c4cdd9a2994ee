import Glibc

/// The terminal that hoopx and the target share, if there is one (`/dev/tty`).
public struct ControllingTerminal: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor

    /// Opens it, or gives nil where the session has none (cron, CI, `setsid`).
    public init?() {
        let raw = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard raw >= 0 else { return nil }
        descriptor = OwnedDescriptor(raw)
    }

    /// Whether hoopx's process group is the one that may read, and that Ctrl-C goes to.
    public var isForeground: Bool { tcgetpgrp(descriptor.raw) == getpgrp() }

    /// The state that a full-screen program changes and a killed one leaves behind.
    public func attributes() -> TerminalAttributes? {
        var attributes = termios()
        return tcgetattr(descriptor.raw, &attributes) == 0 ? TerminalAttributes(termios: attributes) : nil
    }

    /// Puts a state back. From the background this has no effect: the terminal belongs to another job.
    public func restore(_ attributes: TerminalAttributes) {
        guard isForeground else { return }
        var termios = attributes.termios
        tcsetattr(descriptor.raw, TCSADRAIN, &termios)
    }
}

/// What `ControllingTerminal.attributes` remembers.
public struct TerminalAttributes: Sendable {
    let termios: termios

    /// Whether lines are edited and echoed by the terminal: false while a full-screen program owns it.
    public var isLineMode: Bool { termios.c_lflag & UInt32(ICANON) != 0 && termios.c_lflag & UInt32(ECHO) != 0 }
}
