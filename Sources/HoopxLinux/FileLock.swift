import Glibc
import HoopxCore

/// A lock that processes share by the path of its file (flock(2)). It is let go of with the value, and by the kernel when
/// its process dies.
public struct FileLock: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor

    private init(_ descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }

    /// Takes a lock, waiting for whoever holds it, another task of this process too. Does not block a thread meanwhile.
    ///
    /// - Parameters:
    ///   - path: the lock's file, in a directory of the user's own; it is made where it is missing, and stays.
    ///   - limit: how long to wait.
    /// - Throws: a startup error where the lock is not free in time, cannot be had at all, or the task is cancelled.
    public static func take(_ path: String, within limit: Duration) async throws(HoopxError) -> FileLock {
        let raw = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard raw >= 0 else { throw failure(path, "\(Errno.last)") }
        let descriptor = OwnedDescriptor(raw)
        let deadline = ContinuousClock.now + limit
        var pause = Duration.milliseconds(1)
        while flock(descriptor.raw, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw failure(
                    path, "\(Errno.last)", hint: "file locks must work there: use a directory on a local file system")
            }
            guard ContinuousClock.now < deadline else {
                throw failure(
                    path, "another hoopx has held it for \(limit)",
                    hint: "look for a hoopx that hangs: fuser -v \(path)")
            }
            do {
                try await Task.sleep(for: pause)
            } catch {
                throw failure(path, "the wait was cancelled")
            }
            pause = min(pause * 2, .milliseconds(50))
        }
        return FileLock(descriptor)
    }

    private static func failure(_ path: String, _ found: String, hint: String? = nil) -> HoopxError {
        HoopxError(.startup, doing: "taking the lock \(path)", found: found, hint: hint)
    }
}
