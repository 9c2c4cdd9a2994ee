import Glibc

/// Paths without symbolic links.
public enum RealPath {
    /// The path that an absolute path leads to (realpath(3)). The part of it that does not exist stays as it is.
    public static func resolve(_ path: String) -> String {
        var existing = path
        var missing = ""
        while true {
            if let resolved = realpath(existing, nil) {
                defer { free(resolved) }
                let text = String(cString: resolved)
                return missing.isEmpty ? text : (text == "/" ? "" : text) + missing
            }
            guard let slash = existing.lastIndex(of: "/"), existing != "/" else { return path }
            let name = existing[slash...]
            if name != "/" { missing = name + missing }
            existing = slash == existing.startIndex ? "/" : String(existing[..<slash])
        }
    }

    /// The symbolic links that lead from an absolute path to its file, each by its own path without further links. Whoever
    /// can replace one leads elsewhere.
    public static func links(on path: String) -> [String] {
        var found: [String] = []
        var reached = ""
        var rest = path.split(separator: "/")[...]
        while let name = rest.popFirst() {
            if name == "." { continue }
            if name == ".." {
                reached = String(reached[..<(reached.lastIndex(of: "/") ?? reached.startIndex)])
                continue
            }
            let next = reached + "/" + name
            // The kernel follows no more either (ELOOP).
            guard found.count < 40, let target = target(of: next) else {
                reached = next
                continue
            }
            found.append(next)
            if target.hasPrefix("/") { reached = "" }
            rest = (target.split(separator: "/") + rest)[...]
        }
        return found
    }

    /// What a symbolic link says; nil where there is none.
    private static func target(of path: String) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { room in
            guard let start = room.baseAddress else { return nil }
            let count = readlink(path, start, room.count)
            return count < 0 ? nil : String(decoding: UnsafeRawBufferPointer(room)[..<count], as: UTF8.self)
        }
    }
}
