import Glibc
import HoopxCore
import HoopxLinux

/// The file that a command names, found as execvp(3) finds it.
struct TargetBinary {
    let path: String

    /// Looks a command up in `PATH`, or takes it as a path where it holds a slash.
    ///
    /// - Throws: HoopxError of kind `commandNotFound` (exit status 127) or `commandNotExecutable` (126).
    static func find(_ command: String, searchPath: String?) throws(HoopxError) -> TargetBinary {
        let doing = "looking for the command \(command)"
        var candidates = [command]
        if !command.contains("/") {
            let directories = (searchPath ?? "/usr/local/bin:/usr/bin:/bin").split(
                separator: ":", omittingEmptySubsequences: false)
            candidates = directories.map { $0.isEmpty ? command : "\($0)/\(command)" }
        }
        var refusal: HoopxError?
        for candidate in candidates where !command.isEmpty {
            var status = stat()
            guard stat(candidate, &status) == 0 else { continue }
            guard status.st_mode & S_IFMT == S_IFREG else {
                refusal = HoopxError(
                    .commandNotExecutable, doing: doing, found: "\(candidate) is not a regular file",
                    hint: "name a program")
                continue
            }
            if access(candidate, X_OK) == 0 { return TargetBinary(path: candidate) }
            refusal = HoopxError(
                .commandNotExecutable, doing: doing, found: "\(candidate) is not executable",
                hint: "make it executable with chmod +x, or name the program that reads it")
        }
        if let refusal { throw refusal }
        let hint =
            command.contains("/") ? "check the path" : "check the spelling and PATH, or name it with its directory"
        throw HoopxError(.commandNotFound, doing: doing, found: "command not found", hint: hint)
    }
}
