import Glibc

/// Files that are read whole: what is judged of one before a byte of it is read is of the file that is read.
public enum RegularFile {
    /// What a file is, apart from what it holds.
    public struct Status: Sendable {
        public let path: String
        /// The user that it belongs to.
        public let owner: uid_t
        /// The permission bits (chmod(2)).
        public let mode: mode_t

        /// The mode as chmod(1) takes it: `644`.
        public var modeText: String { String(mode, radix: 8) }

        public func requireOwnerIsUser() throws(Fault) {
            guard owner == geteuid() else {
                throw .refused("it belongs to uid \(owner), not to you (uid \(geteuid()))", hint: nil)
            }
        }

        public func requireOthersAreKeptOut() throws(Fault) {
            guard mode & 0o077 == 0 else {
                throw .refused("other users may read or change it (mode \(modeText))", hint: "chmod 600 \(path)")
            }
        }
    }

    /// Why a file is not read.
    public enum Fault: Error, Hashable, Sendable {
        case failed(Errno)
        /// A directory, a device, a FIFO.
        case notRegular
        /// It has more bytes than may be.
        case tooLong
        /// Whoever reads it does not want it as it is: why, and what to do.
        case refused(String, hint: String?)

        public var isAbsence: Bool { self == .failed(Errno(ENOENT)) || self == .failed(Errno(ENOTDIR)) }

        /// For an error's text, behind the file's name.
        ///
        /// - Parameter limit: the most bytes that it may have.
        public func found(limit: Int) -> String {
            switch self {
            case .failed(let reason): "\(reason)"
            case .notRegular: "it is not a regular file"
            case .tooLong: "it is longer than \(limit) bytes"
            case .refused(let why, _): why
            }
        }

        public var hint: String? { if case .refused(_, let hint) = self { hint } else { nil } }
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - followsLink: whether a symbolic link may lead to it. Where not, such a link is ELOOP.
    ///   - limit: in bytes.
    ///   - check: throws where the file is not to be read.
    public static func read(
        _ path: String, followsLink: Bool = true, atMost limit: Int,
        check: (Status) throws(Fault) -> Void = { _ in }
    ) throws(Fault) -> [UInt8] {
        // O_NONBLOCK: opening a FIFO must not hang.
        let raw = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | (followsLink ? 0 : O_NOFOLLOW))
        guard raw >= 0 else { throw .failed(.last) }
        let file = OwnedDescriptor(raw)
        var status = stat()
        guard fstat(file.raw, &status) == 0 else { throw .failed(.last) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
        try check(Status(path: path, owner: status.st_uid, mode: status.st_mode & 0o7777))
        guard status.st_size <= limit else { throw .tooLong }
        var bytes: [UInt8] = []
        // Its size is no promise: it can grow meanwhile, and in /proc it is 0.
        var part = [UInt8](repeating: 0, count: min(max(Int(status.st_size), 4_096), limit) + 1)
        while true {
            let count = Glibc.read(file.raw, &part, part.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .failed(.last) }
            if count == 0 { return bytes }
            bytes += part[..<count]
            guard bytes.count <= limit else { throw .tooLong }
        }
    }
}
