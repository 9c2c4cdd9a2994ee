import Glibc
import HoopxCore
import HoopxLinux
import HoopxTransparency

/// A file that checkpoints are appended to, outside of the record: on another disk, or one that only grows (chattr(1), +a).
///
/// Logs and users may share it: each checkpoint names its log.
public struct AnchorFile: Sendable {
    public let path: String

    public init(path: String) { self.path = path }

    /// Appends a checkpoint, durably.
    ///
    /// The file is made where it is missing, its directory is not: that would hide a disk that is not mounted.
    public func append(_ checkpoint: SignedNote) throws(HoopxError) {
        // O_NONBLOCK: opening a FIFO must not hang.
        let raw = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0o600)
        guard raw >= 0 else { throw failure("\(Errno.last)") }
        let file = OwnedDescriptor(raw)
        var status = stat()
        guard fstat(file.raw, &status) == 0 else { throw failure("\(Errno.last)") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw failure("it is not a regular file") }
        // In front: what another process began to write and could not end shall not swallow this checkpoint.
        let bytes = Array((endsWithEmptyLine ? "" : "\n\n").utf8) + Array((checkpoint.encoded + "\n").utf8)
        // In one piece, so that two processes never write into each other.
        let count = bytes.withUnsafeBytes { write(file.raw, $0.baseAddress, $0.count) }
        guard count >= 0 else { throw failure("\(Errno.last)") }
        guard count == bytes.count else { throw failure("only \(count) of \(bytes.count) bytes were written") }
        guard fsync(file.raw) == 0 else { throw failure("\(Errno.last)") }
    }

    private var endsWithEmptyLine: Bool {
        let raw = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard raw >= 0 else { return true }
        let file = OwnedDescriptor(raw)
        let size = lseek(file.raw, 0, SEEK_END)
        guard size > 0 else { return true }
        var end = [UInt8](repeating: 0, count: 2)
        return pread(file.raw, &end, 2, max(0, size - 2)) == 2 && end == Array("\n\n".utf8)
    }

    private func failure(_ found: String) -> HoopxError {
        HoopxError(.startup, doing: "appending a checkpoint to \(path)", found: found)
    }
}
