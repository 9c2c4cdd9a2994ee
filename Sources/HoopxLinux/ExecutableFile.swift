import Glibc

/// A program's file.
public enum ExecutableFile {
    /// Finds a program as execvp(3) does.
    ///
    /// - Parameters:
    ///   - name: a path where it holds a slash.
    ///   - searchPath: the value of `PATH`; nil for the system's own directories.
    /// - Returns: the path of the first regular file that hoopx may execute, or nil.
    public static func find(_ name: String, searchPath: String?) -> String? {
        guard !name.isEmpty else { return nil }
        guard !name.contains("/") else { return isExecutable(name) ? name : nil }
        return (searchPath ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? name : "\($0)/\(name)" }.first(where: isExecutable)
    }

    /// The programs that the kernel runs a script with: the one that its first line names, that one's own where it is a
    /// script too, and so on (execve(2), "Interpreter scripts").
    ///
    /// - Returns: absolute paths; empty for what is no script, or cannot be read.
    public static func interpreters(of path: String) -> [String] {
        var found: [String] = []
        var script = path
        // The kernel follows five.
        while found.count < 5, let next = interpreter(of: script) {
            found.append(next)
            script = next
        }
        return found
    }

    private static func interpreter(of path: String) -> String? {
        let raw = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard raw >= 0 else { return nil }
        let file = OwnedDescriptor(raw)
        // BINPRM_BUF_SIZE
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(file.raw, &bytes, bytes.count)
        guard count > 2, bytes.starts(with: Array("#!".utf8)) else { return nil }
        let isBlank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        let name = bytes[2..<count].drop(while: isBlank).prefix { !isBlank($0) && $0 != UInt8(ascii: "\n") && $0 != 0 }
        guard name.first == UInt8(ascii: "/") else { return nil }
        return String(decoding: name, as: UTF8.self)
    }

    private static func isExecutable(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }
}
