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

    private static func isExecutable(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }
}
