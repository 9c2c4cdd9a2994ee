import CHoopxLinux
import Glibc

/// The file that an execve(2) names, as the calling thread sees it while it waits.
struct NamedProgram {
    /// There is no such file, or it may not be executed. false where that cannot be told, or where hoopx sees one.
    let isMissing: Bool
    private let place: Place

    private enum Place {
        /// The path is the name, from the thread's root.
        case name
        /// Absolute where that could be told; nil where the name cannot be read.
        case path([UInt8]?)
    }

    /// - Parameters:
    ///   - words: with the name.
    ///   - directory: the descriptor that a relative name starts from, or AT_FDCWD.
    ///   - mayBeDescriptor: an empty name stands for the descriptor's own file (AT_EMPTY_PATH).
    ///   - recent: the programs that were executed last.
    init(
        _ words: ExecutedWords, in directory: Int32, mayBeDescriptor: Bool, of thread: Int32,
        recent: inout RecentPrograms
    ) {
        // What is there in hoopx's own root is there for almost every thread, and /proc need not be asked: its first
        // look at a process costs the process too, when it ends.
        if let path = words.path, recent.contains(path) || recent.take(path) {
            (place, isMissing) = (.name, false)
            return
        }
        let start = directory == AT_FDCWD ? "/proc/\(thread)/cwd" : "/proc/\(thread)/fd/\(directory)"
        guard let name = words.path?.map(UInt8.init(bitPattern:)), !name.isEmpty else {
            place = .path(words.path != nil && mayBeDescriptor ? Self.target(of: start) : nil)
            isMissing = false
            return
        }
        if name.first == UInt8(ascii: "/") {
            place = .name
            isMissing = Self.isMissing(name, below: "/proc/\(thread)/root", of: thread)
        } else {
            let below = [UInt8(ascii: "/")] + name
            place = .path(Self.target(of: start).map { $0 + below } ?? name)
            isMissing = Self.isMissing(below, below: start, of: thread)
        }
    }

    /// The path of the file: absolute where that can be told, from the thread's root. nil where the name cannot be read.
    ///
    /// - Parameter words: those that it was made with.
    func path(_ words: ExecutedWords) -> [UInt8]? {
        switch place {
        case .name: words.path?.map(UInt8.init(bitPattern:))
        case .path(let path): path
        }
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
        var target = [CChar](repeating: 0, count: Int(HOOPX_PATH_CAPACITY))
        let length = readlink(link, &target, target.count)
        return length > 0 ? target[..<length].map(UInt8.init(bitPattern:)) : nil
    }
}
