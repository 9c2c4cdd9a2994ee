import HoopxLinux

/// What the target may do with a file, or with everything below a directory.
public enum FileAccess: Hashable, Sendable {
    /// Neither its content nor a change of it.
    case hidden
    /// Reading and executing.
    case readOnly
    case full

    var rights: LandlockRuleset.Rights {
        switch self {
        case .hidden: []
        case .readOnly: [.execute, .readFile, .readDirectory]
        case .full: .all
        }
    }
}

/// Which files the target may read and write: an access for everything, and other ones for some trees. The rule of the
/// deepest tree that holds a path decides on it. Pure.
public struct FileRules: Hashable, Sendable {
    /// What holds where no tree is named.
    public let elsewhere: FileAccess
    /// By absolute paths without symbolic links, `.` or `..`.
    private(set) var trees: [String: FileAccess] = [:]

    public init(elsewhere: FileAccess) { self.elsewhere = elsewhere }

    /// Says what holds for a tree. Of two words on the same one the stricter counts.
    public mutating func set(_ access: FileAccess, for path: String) {
        guard let other = trees[path] else {
            trees[path] = access
            return
        }
        if access.rights.isStrictSubset(of: other.rights) { trees[path] = access }
    }

    public func access(to path: String) -> FileAccess {
        var path = path
        while true {
            if let access = trees[path] { return access }
            guard path != "/", let slash = path.lastIndex(of: "/") else { return elsewhere }
            path = slash == path.startIndex ? "/" : String(path[..<slash])
        }
    }

    /// A tree below a directory that the target may do less with than with the directory itself; nil where there is none.
    public func protectedTree(below path: String) -> String? {
        let rights = access(to: path).rights
        return trees(below: path).filter { !$0.value.rights.isSuperset(of: rights) }.keys.min()
    }

    /// The trees that lie strictly below a directory.
    func trees(below path: String) -> [String: FileAccess] {
        let prefix = path == "/" ? "/" : path + "/"
        return trees.filter { $0.key.hasPrefix(prefix) && $0.key != path }
    }
}
