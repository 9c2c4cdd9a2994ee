import Glibc
import HoopxCore
import HoopxLinux

/// Files that are not hoopx's own: checkpoints from elsewhere, and what a third party is given.
public enum OutsideFile {
    /// In bytes, more than which is not read.
    static let maximumSize = 1 << 30

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func read(_ path: String) throws(HoopxError) -> [UInt8] {
        do throws(RegularFile.Fault) {
            return try RegularFile.read(path, atMost: maximumSize)
        } catch {
            throw failure(path, error.found(limit: maximumSize))
        }
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
