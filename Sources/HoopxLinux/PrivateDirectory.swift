import Glibc
import HoopxCore

/// A directory that only its owner may enter, and the files in it that only the owner may read.
public struct PrivateDirectory: Hashable, Sendable {
    public let path: String

    /// Opens a directory, making it and its missing parents with mode 0700.
    ///
    /// - Throws: a startup error where it is not a directory, belongs to another user, or is open to others; a
    ///   symbolic link in its place is refused too.
    public init(_ path: String) throws(HoopxError) {
        self.path = path
        try Self.makeParents(of: path)
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw Self.failure(path, "\(Errno.last)") }
        let raw = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard raw >= 0 else { throw Self.failure(path, "\(Errno.last)") }
        let directory = OwnedDescriptor(raw)
        var status = stat()
        guard fstat(directory.raw, &status) == 0 else { throw Self.failure(path, "\(Errno.last)") }
        guard status.st_uid == geteuid() else {
            throw Self.failure(path, "it belongs to uid \(status.st_uid)", hint: "remove it, or choose another place")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw Self.failure(path, "other users may enter it", hint: "chmod 700 \(path)")
        }
    }

    /// A new directory with a random name in front of which `prefix` stands, inside of `parent`.
    public static func makeTemporary(in parent: String, prefix: String) throws(HoopxError) -> PrivateDirectory {
        var template = Array("\(parent)/\(prefix)XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw failure("\(parent)/\(prefix)...", "\(Errno.last)") }
        return try PrivateDirectory(String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    /// Writes a file that is there in full or not at all, with mode 0600, in the place of an older one.
    ///
    /// - Parameters:
    ///   - name: a name without a slash.
    ///   - isDurable: whether it must also be there in full after a failure of the machine (fsync(2)).
    public func write(
        _ bytes: some Sequence<UInt8>, to name: String, isDurable: Bool = false
    ) throws(HoopxError) {
        var template = Array("\(path)/.\(name).XXXXXX".utf8CString)
        // Not close-on-exec, but `ProcessSpawner` closes whatever it was not told to pass on.
        let raw = mkstemp(&template)
        guard raw >= 0 else { throw failure(name) }
        let file = OwnedDescriptor(raw)
        var rest = Array(bytes)[...]
        var isWritten = true
        while isWritten, !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file.raw, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            isWritten = count > 0
            if isWritten { rest = rest.dropFirst(count) }
        }
        if isWritten, isDurable { isWritten = fsync(file.raw) == 0 }
        guard isWritten, rename(template, "\(path)/\(name)") == 0 else {
            let error = failure(name)
            unlink(template)
            throw error
        }
        if isDurable { try synchronize() }
    }

    /// Waits until the disk has the names in the directory: fsync(2) of a new file does not see to its name.
    public func synchronize() throws(HoopxError) {
        let raw = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        defer { if raw >= 0 { close(raw) } }
        guard raw >= 0, fsync(raw) == 0 else {
            throw HoopxError(.startup, doing: "waiting until the disk has \(path)", found: "\(Errno.last)")
        }
    }

    /// Removes the directory's files and then the directory. What is missing already is no error.
    public func remove() throws(HoopxError) {
        guard let entries = opendir(path) else {
            if errno == ENOENT { return }
            throw Self.failure(path, "\(Errno.last)")
        }
        while let entry = readdir(entries) {
            withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                // `.` and `..` are directories, which unlinkat leaves alone.
                _ = tuple.withMemoryRebound(to: CChar.self, capacity: 256) { unlinkat(dirfd(entries), $0, 0) }
            }
        }
        closedir(entries)
        if rmdir(path) != 0, errno != ENOENT { throw Self.failure(path, "\(Errno.last)") }
    }

    private static func makeParents(of path: String) throws(HoopxError) {
        var index = path.index(after: path.startIndex)
        while let slash = path[index...].firstIndex(of: "/") {
            if mkdir(String(path[..<slash]), 0o700) != 0, errno != EEXIST {
                throw failure(String(path[..<slash]), "\(Errno.last)")
            }
            index = path.index(after: slash)
        }
    }

    private func failure(_ name: String) -> HoopxError {
        HoopxError(.startup, doing: "writing \(path)/\(name)", found: "\(Errno.last)")
    }

    private static func failure(_ path: String, _ found: String, hint: String? = nil) -> HoopxError {
        HoopxError(.startup, doing: "opening the private directory \(path)", found: found, hint: hint)
    }
}
