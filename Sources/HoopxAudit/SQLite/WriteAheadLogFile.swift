import Glibc
import HoopxCore
import HoopxLinux
import Synchronization

/// Waits until the disk has what was committed.
///
/// SQLite in WAL mode with `synchronous = NORMAL` writes a commit to the `-wal` file and leaves it to the kernel. One
/// fdatasync(2) of that file makes all commits durable that any process has made until then, so that processes and requests
/// share its cost. That it is enough, whatever SQLite does meanwhile:
///
/// - A checkpoint (another process's, say) copies the commits to the database file. Before it does, SQLite syncs the
///   `-wal`; before it lets anyone write over the `-wal`, it syncs the database file. So what is not in the `-wal` any more
///   is on the disk elsewhere (`walCheckpoint` and `walRestartLog` in SQLite's wal.c).
/// - A `-wal` that is begun anew gets a header with new salts, which SQLite syncs before the frames that depend on it
///   (`sqlite3WalFrames`, `syncHeader`). Old frames never pass for new ones.
/// - After a loss of power, SQLite takes the frames up to the first one whose checksum, which runs over all of them, is
///   wrong. fdatasync covers the whole file and its length, so that no frame before ours is missing.
/// - When the last connection closes, SQLite deletes the `-wal`, after a complete checkpoint. The next has another inode,
///   which is why that is compared.
///
/// The database file itself is never opened here: closing a descriptor of it would drop the locks that SQLite holds on it
/// (fcntl_locking(2)). On the `-wal` it holds none.
final class WriteAheadLogFile: Sendable {
    private let path: String
    private let descriptor = Mutex<Int32>(-1)

    init(ofDatabase path: String) { self.path = path + "-wal" }

    deinit { descriptor.withLock { if $0 >= 0 { _ = close($0) } } }

    /// - Throws: what the kernel says. From then on nobody knows what of the file is on the disk: the kernel reports a
    ///   failed write once, and takes the pages for clean afterwards.
    func synchronize() throws(HoopxError) {
        try descriptor.withLock { descriptor throws(HoopxError) in
            try reopenIfReplaced(&descriptor)
            // Without a file nothing was written since the last complete checkpoint.
            guard descriptor >= 0 else { return }
            while fdatasync(descriptor) != 0 {
                guard errno == EINTR else { throw failure(Errno.last) }
            }
        }
    }

    private func reopenIfReplaced(_ descriptor: inout Int32) throws(HoopxError) {
        var (ours, present) = (stat(), stat())
        let exists = stat(path, &present) == 0
        guard exists || errno == ENOENT else { throw failure(Errno.last) }
        if descriptor >= 0 {
            guard fstat(descriptor, &ours) == 0 else { throw failure(Errno.last) }
            if exists, ours.st_ino == present.st_ino, ours.st_dev == present.st_dev { return }
            close(descriptor)
            descriptor = -1
        }
        guard exists else { return }
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        // Deleted in between: after a complete checkpoint.
        guard descriptor >= 0 || errno == ENOENT else { throw failure(Errno.last) }
    }

    private func failure(_ error: Errno) -> HoopxError {
        HoopxError(
            .startup, doing: "waiting until the disk has the audit database", found: "\(path): \(error)",
            hint: "look for a failing disk under it")
    }
}
