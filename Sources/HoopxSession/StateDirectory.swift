import Glibc
import HoopxCore
import HoopxLinux

/// hoopx's own environment.
public enum OwnEnvironment {
    public static var variables: [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            // By bytes: a value may begin with a character that would combine with the sign.
            let parts = String(cString: text).utf8
                .split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
                .map { String(Substring($0)) }
            if parts.count == 2, variables[parts[0]] == nil { variables[parts[0]] = parts[1] }
            entry += 1
        }
        return variables
    }
}

/// Where hoopx keeps what outlives a run.
public enum StateDirectory {
    /// `$XDG_STATE_HOME/hoopx`, or `~/.local/state/hoopx` (XDG Base Directory Specification 0.8).
    ///
    /// - Throws: where neither variable names an absolute path.
    public static func path(in environment: [String: String]) throws(HoopxError) -> String {
        // The specification says to ignore relative paths.
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return state + "/hoopx" }
        if let home = environment["HOME"], home.hasPrefix("/") { return home + "/.local/state/hoopx" }
        throw HoopxError(
            .startup, doing: "looking for the state directory", found: "neither XDG_STATE_HOME nor HOME is set",
            hint: "set HOME to your home directory")
    }
}
