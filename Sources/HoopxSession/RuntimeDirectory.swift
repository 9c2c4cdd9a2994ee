import Glibc
import HoopxCore
import HoopxLinux

/// The files of one run: `run/<session>` in the state directory. They hold nothing secret: the target reads them.
///
/// Not in `$XDG_RUNTIME_DIR` or `/tmp`: the file rules that keep the target from changing them would keep it from making
/// files beside them too (`FileRuleset`).
///
/// While the run lives, hoopx holds a lock on the directory (flock(2)), which the kernel lets go of when hoopx dies in
/// whichever way. That is how the next run knows what to sweep.
final class RuntimeDirectory {
    /// The directory of all runs of this user.
    struct Base {
        let path: String

        init(stateDirectory: String) { path = stateDirectory + "/run" }
    }

    let directory: PrivateDirectory
    private let lock: OwnedDescriptor

    /// Waits for the lock of the directory of all runs. Whoever makes a session's directory holds it until that one is
    /// locked too, so that no sweep takes it for one that was left behind.
    static func lockBase(_ base: Base) throws(HoopxError) -> OwnedDescriptor {
        let descriptor = OwnedDescriptor(open(base.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC))
        while flock(descriptor.raw, LOCK_EX) != 0 {
            guard errno == EINTR else { throw lockFailure(base.path, .last) }
        }
        return descriptor
    }

    private static func lockFailure(_ path: String, _ reason: Errno) -> HoopxError {
        HoopxError(
            .startup, doing: "locking the run's directory \(path)", found: "\(reason)",
            hint: "file locks must work there: set XDG_STATE_HOME to a directory on a local file system")
    }

    /// Makes the directory of a session and locks it.
    init(for session: SessionID, in base: Base) throws(HoopxError) {
        _ = try PrivateDirectory(base.path)
        let baseLock = try Self.lockBase(base)
        defer { _ = baseLock }
        directory = try PrivateDirectory("\(base.path)/\(session)")
        guard let lock = Self.lock(directory.path) else { throw Self.lockFailure(directory.path, .last) }
        self.lock = lock
    }

    /// Writes a file and gives its path.
    func write(_ bytes: [UInt8], to name: String) throws(HoopxError) -> String {
        try directory.write(bytes, to: name)
        return directory.path + "/" + name
    }

    /// Locks a session's directory, or gives nil where another process holds the lock.
    static func lock(_ path: String) -> OwnedDescriptor? {
        let raw = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard raw >= 0 else { return nil }
        let descriptor = OwnedDescriptor(raw)
        guard flock(descriptor.raw, LOCK_EX | LOCK_NB) == 0 else { return nil }
        return descriptor
    }
}
