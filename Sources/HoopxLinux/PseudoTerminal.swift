import CHoopxLinux

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
}
