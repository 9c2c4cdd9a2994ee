import Glibc
import HoopxLinux
import Synchronization

/// The target's sockets where hoopx cannot take them out of its processes (a container's filter refuses pidfd_getfd):
/// hoopx makes each one itself, and keeps a duplicate of it until it is connected or listens.
///
/// A socket is found again by its inode's number, as the kernel names it in /proc/PID/fd: it belongs to one socket for as
/// long as that is open, which the duplicate here makes sure of.
final class MadeSockets: Sendable {
    private struct State {
        var sockets: [UInt64: OwnedBox] = [:]
        var order: [UInt64] = []
    }

    private final class OwnedBox: Sendable {
        let descriptor: OwnedDescriptor

        init(_ descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }
    }

    private let state = Mutex(State())
    private let capacity: Int

    /// - Parameter capacity: how many are kept. The oldest go first, and cannot be connected any more: mostly those that
    ///   the target has closed, of which hoopx learns nothing.
    init(capacity: Int = 1024) { self.capacity = capacity }

    /// Keeps a duplicate of a socket that the target gets.
    func keep(_ socket: borrowing OwnedDescriptor) throws(Errno) {
        let copy = OwnedBox(OwnedDescriptor(try Errno.checkLast(fcntl(socket.raw, F_DUPFD_CLOEXEC, 3))))
        let inode = try Self.inode(of: socket.raw)
        state.withLock { state in
            state.sockets[inode] = copy
            state.order.append(inode)
            while state.sockets.count > capacity || state.order.count > 2 * capacity {
                state.sockets[state.order.removeFirst()] = nil
            }
        }
    }

    /// A duplicate of the socket that a thread of the target has under a number.
    ///
    /// - Throws: EBADF, ENOTSOCK; EISCONN for a socket that is not kept: it is connected, listens or was accepted.
    func socket(_ number: Int32, of thread: Int32) throws(Errno) -> OwnedDescriptor {
        guard number >= 0 else { throw Errno(EBADF) }
        let name = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { room -> String? in
            guard let start = room.baseAddress else { return nil }
            let count = readlink("/proc/\(thread)/fd/\(number)", start, room.count)
            return count < 0 ? nil : String(decoding: UnsafeRawBufferPointer(room)[..<count], as: UTF8.self)
        }
        guard let name else { throw Errno(EBADF) }
        guard name.hasPrefix("socket:["), name.hasSuffix("]"), let inode = UInt64(name.dropFirst(8).dropLast()) else {
            throw Errno(ENOTSOCK)
        }
        guard let kept = state.withLock({ $0.sockets[inode] }) else { throw Errno(EISCONN) }
        return OwnedDescriptor(try Errno.checkLast(fcntl(kept.descriptor.raw, F_DUPFD_CLOEXEC, 3)))
    }

    /// Lets go of a socket that is connected or listens: from here on it ends when the target closes it.
    func forget(_ socket: borrowing OwnedDescriptor) {
        guard let inode = try? Self.inode(of: socket.raw) else { return }
        state.withLock { $0.sockets[inode] = nil }
    }

    private static func inode(of socket: Int32) throws(Errno) -> UInt64 {
        var status = stat()
        try Errno.checkLast(fstat(socket, &status))
        return UInt64(status.st_ino)
    }
}
