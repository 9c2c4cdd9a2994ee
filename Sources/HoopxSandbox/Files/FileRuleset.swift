import CHoopxLinux
import Glibc
import HoopxLinux

/// File rules as the kernel takes them.
///
/// Landlock only allows: a rule on a directory gives its rights to everything below it, and nothing takes them away
/// again. To hide `~/.ssh`, each other entry of `~` gets a rule of its own, and `~` itself none: it is *closed*. What is
/// made in a closed directory later would have no rule, so that nothing can be made there.
final class FileRuleset {
    /// Directories whose present entries keep their access, but in which nothing can be made, removed or renamed.
    private(set) var closedDirectories: [String] = []
    private let ruleset: LandlockRuleset

    /// - Throws: where the kernel makes no ruleset. A file that gets no rule is denied.
    init(_ rules: FileRules) throws(Errno) {
        ruleset = try LandlockRuleset()
        let root = OwnedDescriptor(try Errno.checkLast(open("/", Self.flags)))
        add("/", root, access: rules.access(to: "/"), rules)
    }

    var descriptor: Int32 { ruleset.descriptor.raw }

    private static let flags = Int32(HOOPX_O_PATH) | O_NOFOLLOW | O_CLOEXEC

    private func add(
        _ path: String, _ file: borrowing OwnedDescriptor, access: FileAccess, _ rules: FileRules
    ) {
        var status = stat()
        guard fstat(file.raw, &status) == 0 else { return }
        let kind = status.st_mode & S_IFMT
        // What a symbolic link leads to has its own rules.
        guard kind != S_IFLNK else { return }
        guard kind == S_IFDIR else {
            try? ruleset.allow(access.rights, on: file, isDirectory: false)
            return
        }
        let below = rules.trees(below: path)
        let common = below.values.reduce(access.rights) { $0.intersection($1.rights) }
        // Listing is harmless, and ls and globs need it; the price is that names in hidden trees below show.
        let listing = access.rights.intersection(.readDirectory)
        try? ruleset.allow(common.union(listing), on: file, isDirectory: true)
        guard !below.isEmpty else { return }
        var names = Set(below.keys.map { Self.nextName(of: $0, below: path) })
        if common != access.rights {
            if access == .full { closedDirectories.append(path) }
            names.formUnion(DirectoryListing.names(in: file))
        }
        for name in names {
            let child = path == "/" ? "/" + name : path + "/" + name
            let raw = openat(file.raw, name, Self.flags)
            guard raw >= 0 else { continue }
            let entry = OwnedDescriptor(raw)
            add(child, entry, access: rules.access(to: child), rules)
        }
    }

    /// `b` of `/a/b/c` below `/a`.
    private static func nextName(of path: String, below directory: String) -> String {
        let rest = path.utf8.dropFirst(directory == "/" ? 1 : directory.utf8.count + 1)
        return String(decoding: rest.prefix { $0 != UInt8(ascii: "/") }, as: UTF8.self)
    }
}
