import CHoopxLinux
import Glibc

/// A process, held by a descriptor: unlike its number it can never come to mean another process (pidfd_open(2)).
public struct Pidfd: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor

    /// Holds a process. The caller makes sure that the number still means the process: it is a child that was not
    /// reaped, or waits for an answer.
    public init(_ pid: Int32) throws(Errno) {
        descriptor = OwnedDescriptor(try Errno.check(hoopx_pidfd_open(pid)))
    }

    /// Holds one thread, whose descriptors need not be those of its process (Linux 6.9, else EINVAL).
    public init(thread: Int32) throws(Errno) {
        descriptor = OwnedDescriptor(try Errno.check(hoopx_pidfd_open_thread(thread)))
    }

    /// The descriptor itself, for poll(2): readable once the process has ended.
    public var raw: Int32 { descriptor.raw }

    /// A duplicate of one of the process's descriptors (pidfd_getfd(2)): it shares the open file description.
    public func duplicate(_ number: Int32) throws(Errno) -> OwnedDescriptor {
        OwnedDescriptor(try Errno.check(hoopx_pidfd_getfd(descriptor.raw, number)))
    }

    /// - Throws: ESRCH where the process has been reaped.
    public func send(signal: Int32) throws(Errno) {
        try Errno.check(hoopx_pidfd_send_signal(descriptor.raw, signal))
    }

    /// Waits for the process's end, whoever its parent is.
    ///
    /// - Parameter milliseconds: how long at most, or -1 for any time.
    /// - Returns: whether it has ended.
    public func waitForEnd(milliseconds: Int32) -> Bool {
        var watched = pollfd(fd: descriptor.raw, events: Int16(POLLIN), revents: 0)
        var result: Int32
        repeat { result = poll(&watched, 1, milliseconds) } while result < 0 && errno == EINTR
        return result > 0
    }
}
