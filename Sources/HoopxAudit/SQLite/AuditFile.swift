import Glibc
import HoopxCore
import HoopxLinux

/// The audit database's file: the user's alone.
struct AuditFile {
    let directory: String
    var path: String { directory + "/audit.sqlite" }

    /// Makes it and its directory where they are missing, and checks them where they are there.
    func prepare() throws(HoopxError) {
        _ = try PrivateDirectory(directory)
        // SQLite would make it with the mode that the umask allows. What exists already is not opened here: closing a
        // descriptor of it would drop the locks that another connection of this process holds (fcntl_locking(2)).
        let created = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        if created >= 0 {
            close(created)
        } else if errno != EEXIST {
            throw failure("\(Errno.last)")
        }
        guard try exists() else { throw failure("\(Errno(ENOENT))") }
    }

    /// Whether the database is there, and the user's alone.
    func exists() throws(HoopxError) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return false }
            throw failure("\(Errno.last)")
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw failure("it is not a regular file") }
        guard status.st_uid == geteuid() else {
            throw failure("it belongs to uid \(status.st_uid)", hint: "choose another place with XDG_STATE_HOME")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw failure("other users may read or change it", hint: "chmod 600 \(path)")
        }
        return true
    }

    private func failure(_ found: String, hint: String? = nil) -> HoopxError {
        HoopxError(.startup, doing: "opening the audit database \(path)", found: found, hint: hint)
    }
}
