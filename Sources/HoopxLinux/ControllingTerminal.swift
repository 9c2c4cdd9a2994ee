import Glibc

/// The terminal that hoopx and the target share, if there is one (`/dev/tty`).
public struct ControllingTerminal: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor

    /// Opens it, or gives nil where the session has none (cron, CI, `setsid`).
    ///
    /// - Parameter isBlocking: whether reading and writing wait. It is this opening's own: others keep theirs.
    public init?(isBlocking: Bool = true) {
        let raw = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC | (isBlocking ? 0 : O_NONBLOCK))
        guard raw >= 0 else { return nil }
        descriptor = OwnedDescriptor(raw)
    }

    /// Whether a descriptor is open on the terminal that controls this process.
    public static func isOpen(on descriptor: Int32) -> Bool {
        let session = tcgetsid(descriptor)
        return session > 0 && session == getsid(0)
    }

    /// The descriptor itself, for poll(2), read(2) and write(2).
    public var raw: Int32 { descriptor.raw }

    /// Whether hoopx's process group is the one that may read, and that Ctrl-C goes to.
    public var isForeground: Bool { tcgetpgrp(descriptor.raw) == getpgrp() }

    /// The state that a full-screen program changes and a killed one leaves behind.
    public func attributes() -> TerminalAttributes? { TerminalAttributes(of: descriptor.raw) }

    /// Puts a state back. From the background this has no effect: the terminal belongs to another job.
    public func restore(_ attributes: TerminalAttributes) {
        guard isForeground else { return }
        attributes.apply(to: descriptor.raw)
    }

    public func size() -> TerminalSize? { TerminalSize(of: descriptor.raw) }
}

/// How a terminal treats what is typed and written (termios(3)).
public struct TerminalAttributes: Sendable {
    private var termios: termios

    init?(of descriptor: Int32) {
        var attributes = Glibc.termios()
        guard tcgetattr(descriptor, &attributes) == 0 else { return nil }
        termios = attributes
    }

    func apply(to descriptor: Int32) {
        var attributes = termios
        tcsetattr(descriptor, TCSADRAIN, &attributes)
    }

    /// Whether lines are edited and echoed by the terminal: false while a full-screen program owns it.
    public var isLineMode: Bool { termios.c_lflag & UInt32(ICANON) != 0 && termios.c_lflag & UInt32(ECHO) != 0 }

    /// The same for a terminal that passes every byte on as it is, both ways.
    public var transparent: TerminalAttributes {
        var copy = self
        cfmakeraw(&copy.termios)
        return copy
    }
}

/// The size of a terminal's window, in characters.
public struct TerminalSize: Hashable, Sendable {
    public let columns: Int
    public let rows: Int
    // What images need: pixels.
    private let width: UInt16
    private let height: UInt16

    init?(of descriptor: Int32) {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 else { return nil }
        (columns, rows, width, height) = (Int(size.ws_col), Int(size.ws_row), size.ws_xpixel, size.ws_ypixel)
    }

    func apply(to descriptor: Int32) {
        var size = winsize(
            ws_row: UInt16(truncatingIfNeeded: rows), ws_col: UInt16(truncatingIfNeeded: columns), ws_xpixel: width,
            ws_ypixel: height)
        _ = ioctl(descriptor, UInt(TIOCSWINSZ), &size)
    }
}
