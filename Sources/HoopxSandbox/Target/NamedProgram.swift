import Glibc

/// The file that an execve(2) names, as the calling thread sees it.
struct NamedProgram {
    /// Absolute where that can be told: from the thread's root. nil where the name cannot be read.
    let path: [UInt8]?
    /// There is no such file, or it may not be executed. false where that cannot be told, or where hoopx sees one.
    let isMissing: Bool

    /// The longest path, with its end (PATH_MAX).
    private static let maximumLength = 4096

    /// - Parameters:
    ///   - address: of the name.
    ///   - directory: the descriptor that a relative name starts from, or AT_FDCWD.
    ///   - mayBeDescriptor: an empty name stands for the descriptor's own file (AT_EMPTY_PATH).
    init(_ address: UInt64, in directory: Int32, mayBeDescriptor: Bool, of thread: Int32) {
        let string = TargetString(at: address, of: thread, limit: Self.maximumLength)
        let name = string.bytes
        let start = directory == AT_FDCWD ? "/proc/\(thread)/cwd" : "/proc/\(thread)/fd/\(directory)"
        guard string.isComplete, !name.isEmpty else {
            path = name.isEmpty && string.isComplete && mayBeDescriptor ? Self.target(of: start) : nil
            isMissing = false
            return
        }
        if name.first == UInt8(ascii: "/") {
            path = name
            // What is there in hoopx's own root is there for almost every thread, and /proc need not be asked: its first
            // look at a process costs the process too, when it ends.
            isMissing =
                !Self.isExecutable(name) && Self.isMissing(name, below: "/proc/\(thread)/root", of: thread)
        } else {
            let below = [UInt8(ascii: "/")] + name
            path = Self.target(of: start).map { $0 + below } ?? name
            isMissing = Self.isMissing(below, below: start, of: thread)
        }
    }

    private static func isExecutable(_ path: [UInt8]) -> Bool {
        access(path.map(CChar.init(bitPattern:)) + [0], X_OK) == 0
    }

    private static func isMissing(_ path: [UInt8], below start: String, of thread: Int32) -> Bool {
        let whole = Array(start.utf8).map(CChar.init(bitPattern:)) + path.map(CChar.init(bitPattern:)) + [0]
        let error = access(whole, X_OK) == 0 ? 0 : errno
        // In another root than hoopx's own an absolute link leads elsewhere: what is missing here may be there.
        return [ENOENT, ENOTDIR, EACCES].contains(error) && hasOwnRoot(thread)
    }

    private static func hasOwnRoot(_ thread: Int32) -> Bool {
        var theirs = stat()
        var ours = stat()
        return stat("/proc/\(thread)/root", &theirs) == 0 && stat("/", &ours) == 0 && theirs.st_dev == ours.st_dev
            && theirs.st_ino == ours.st_ino
    }

    /// Where a link of /proc leads, as the kernel words it: `/memfd:name (deleted)` for a file without a path.
    private static func target(of link: String) -> [UInt8]? {
        var target = [CChar](repeating: 0, count: maximumLength)
        let length = readlink(link, &target, target.count)
        return length > 0 ? target[..<length].map(UInt8.init(bitPattern:)) : nil
    }
}
