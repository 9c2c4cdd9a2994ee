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
}
