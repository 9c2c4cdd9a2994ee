import CHoopxLinux
import Glibc

/// A terminal without a device behind it (pty(7)), which is nobody's controlling terminal.
public final class PseudoTerminal: Sendable {
    /// The end that a terminal's window would have.
    public let master: OwnedDescriptor
    /// The end that programs read and write.
    public let slave: OwnedDescriptor

    /// - Throws: the reason that the kernel gives; ENOENT where no devpts is mounted.
    public init() throws(Errno) {
        var slave: Int32 = -1
        master = OwnedDescriptor(try Errno.check(hoopx_open_terminal(&slave)))
        self.slave = OwnedDescriptor(slave)
    }

    /// The end of a terminal's window alone, which does not wait: reading tells when no program has the other end open
    /// any more (EIO).
    public func window() throws(Errno) -> TerminalWindow {
        let copy = OwnedDescriptor(try Errno.checkLast(fcntl(master.raw, F_DUPFD_CLOEXEC, 3)))
        try Errno.checkLast(fcntl(copy.raw, F_SETFL, O_RDWR | O_NONBLOCK))
        return TerminalWindow(copy)
    }
}

/// The end of a pseudo-terminal that a window would have.
public struct TerminalWindow: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor

    init(_ descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }

    /// The descriptor itself, for poll(2), read(2) and write(2).
    public var raw: Int32 { descriptor.raw }

    /// How the programs have set the terminal.
    public func attributes() -> TerminalAttributes? { TerminalAttributes(of: descriptor.raw) }

    public func size() -> TerminalSize? { TerminalSize(of: descriptor.raw) }

    public func set(_ attributes: TerminalAttributes) { attributes.apply(to: descriptor.raw) }

    /// Changes the window's size, which the programs are told of (SIGWINCH).
    public func set(_ size: TerminalSize) { size.apply(to: descriptor.raw) }
}
