import Glibc
import HoopxLinux

/// Whether a directory can be hoopx's private one, found out without making it.
enum DirectoryCondition: Hashable {
    case usable
    /// It is not there yet, and can be made.
    case creatable
    /// - Parameter remedy: what makes it usable.
    case unusable(found: String, remedy: String)

    /// What `PrivateDirectory` would say.
    init(of path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            self = errno == ENOENT ? Self.creating(path) : .unusable(found: "\(Errno.last)", remedy: "check \(path)")
            return
        }
        if status.st_mode & S_IFMT != S_IFDIR {
            self = .unusable(found: "it is not a directory", remedy: "move \(path) away")
        } else if status.st_uid != geteuid() {
            self = .unusable(
                found: "it belongs to uid \(status.st_uid)",
                remedy: "run hoopx as that user, or chown -R \(geteuid()) \(path)")
        } else if status.st_mode & 0o077 != 0 {
            self = .unusable(found: "other users may enter it", remedy: "chmod 700 \(path)")
        } else if access(path, W_OK | X_OK) != 0 {
            self = .unusable(found: "\(Errno.last)", remedy: "chmod 700 \(path), on a file system that can be written")
        } else {
            self = .usable
        }
    }

    private static func creating(_ path: String) -> DirectoryCondition {
        var parent = path
        repeat {
            parent = parent.lastIndex(of: "/").map { String(parent[..<$0]) } ?? ""
            if parent.isEmpty { parent = "/" }
        } while parent != "/" && access(parent, F_OK) != 0
        if access(parent, W_OK | X_OK) == 0 { return .creatable }
        return .unusable(
            found: "it is not there, and cannot be made in \(parent): \(Errno.last)",
            remedy: "mkdir -p -m 700 \(path), as a user who may")
    }
}
