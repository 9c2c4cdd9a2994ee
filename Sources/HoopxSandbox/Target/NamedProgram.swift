import CHoopxLinux
import Glibc

/// The file that an execve(2) names, as the calling thread sees it.
struct NamedProgram {
    private let place: Place

    private enum Place {
        /// The path is the name, from the thread's root.
        case name
        /// What can be told only while the thread waits: the path from its root where it can be told, and whether something
        /// is there.
        case told([UInt8]?, isMissing: Bool)
    }

    /// To be made while the thread waits.
    ///
    /// - Parameters:
    ///   - words: with the name.
    ///   - directory: the descriptor that a relative name starts from, or AT_FDCWD.
    ///   - mayBeDescriptor: an empty name stands for the descriptor's own file (AT_EMPTY_PATH).
    init(_ words: ExecutedWords, in directory: Int32, mayBeDescriptor: Bool, of thread: Int32) {
        if words.path?.first == Self.slash {
            place = .name
            return
        }
        let start = directory == AT_FDCWD ? "/proc/\(thread)/cwd" : "/proc/\(thread)/fd/\(directory)"
        guard let name = words.path?.map(UInt8.init(bitPattern:)), !name.isEmpty else {
            place = .told(words.path != nil && mayBeDescriptor ? Self.target(of: start) : nil, isMissing: false)
            return
        }
        let below = [UInt8(bitPattern: Self.slash)] + name
        place = .told(
            Self.target(of: start).map { $0 + below } ?? name,
            isMissing: Self.isMissing(below, below: start, of: thread))
    }

    /// Absolute where that can be told: from the thread's root. nil where the name cannot be read.
    ///
    /// - Parameter words: those that it was made with, as for `isMissing`.
    func path(_ words: ExecutedWords) -> [UInt8]? {
        switch place {
        case .name: words.path?.map(UInt8.init(bitPattern:))
        case .told(let path, _): path
        }
    }

    /// There is no such file, or it may not be executed. false where that cannot be told, or where hoopx sees one.
    func isMissing(_ words: ExecutedWords, of thread: Int32) -> Bool {
        if case .told(_, let isMissing) = place { return isMissing }
        guard let name = words.path, let start = name.baseAddress else { return false }
        // What is there in hoopx's own root is there for almost every thread, and /proc need not be asked: its first
        // look at a process costs the process too, when it ends.
        return access(start, X_OK) != 0
            && Self.isMissing(name.map(UInt8.init(bitPattern:)), below: "/proc/\(thread)/root", of: thread)
    }

    private static let slash = CChar(bitPattern: UInt8(ascii: "/"))

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
        var target = [CChar](repeating: 0, count: Int(HOOPX_PATH_CAPACITY))
        let length = readlink(link, &target, target.count)
        return length > 0 ? target[..<length].map(UInt8.init(bitPattern:)) : nil
    }
}
