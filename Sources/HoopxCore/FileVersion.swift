import Glibc

/// What changes with every change of a file.
public struct FileVersion: Hashable, Sendable {
    private let device: dev_t
    private let inode: ino_t
    /// Nobody can set it back, unlike the time of the last writing.
    private let seconds: Int
    private let nanoseconds: Int

    /// - Returns: nil where there is none, or none that hoopx can get at.
    public init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = status.st_dev
        inode = status.st_ino
        seconds = status.st_ctim.tv_sec
        nanoseconds = status.st_ctim.tv_nsec
    }
}
