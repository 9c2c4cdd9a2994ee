import Glibc
import HoopxCore
import HoopxLinux

/// Files that are not hoopx's own: checkpoints from elsewhere, and what a third party is given.
public enum OutsideFile {
    /// In bytes, more than which is not read.
    static let maximumSize = 1 << 30

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func read(_ path: String) throws(HoopxError) -> [UInt8] {
        let raw = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard raw >= 0 else { throw failure(path, "\(Errno.last)") }
        let file = OwnedDescriptor(raw)
        var status = stat()
        guard fstat(file.raw, &status) == 0 else { throw failure(path, "\(Errno.last)") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw failure(path, "it is not a regular file") }
        guard status.st_size <= maximumSize else { throw failure(path, "it is larger than \(maximumSize) bytes") }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var length = 0
        while length < bytes.count {
            let count = bytes.withUnsafeMutableBytes { room in
                Glibc.read(file.raw, room.baseAddress.map { $0 + length }, room.count - length)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path, "\(Errno.last)") }
            if count == 0 { break }
            length += count
        }
        return Array(bytes[..<length])
    }

    /// Writes a file, in the place of an older one.
    public static func write(_ bytes: [UInt8], to path: String) throws(HoopxError) {
        let raw = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard raw >= 0 else { throw writingFailure(path, "\(Errno.last)") }
        let file = OwnedDescriptor(raw)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file.raw, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw writingFailure(path, "\(Errno.last)") }
            rest = rest.dropFirst(count)
        }
    }

    /// - Returns: nil where it is no directory.
    static func names(in path: String) throws(HoopxError) -> [String]? {
        let raw = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard raw >= 0 else {
            if errno == ENOTDIR { return nil }
            throw failure(path, "\(Errno.last)")
        }
        return DirectoryListing.names(in: OwnedDescriptor(raw))
    }

    private static func writingFailure(_ path: String, _ found: String) -> HoopxError {
        HoopxError(.startup, doing: "writing \(path)", found: found)
    }

    private static func failure(_ path: String, _ found: String) -> HoopxError {
        HoopxError(.startup, doing: OutsideCheckpoints.reading(path), found: found)
    }
}
