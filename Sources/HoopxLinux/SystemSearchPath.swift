import Glibc

/// The part of `PATH` that the user's own processes cannot put a program into: what hoopx itself runs may be looked up
/// there only, since a target is a process of the user's too.
public enum SystemSearchPath {
    /// Where systems keep programs. Root could write all of them; they are root's business.
    private static let places = ["/usr", "/bin", "/sbin", "/opt", "/nix", "/gnu", "/snap"]

    /// - Parameter path: the value of `PATH`.
    /// - Returns: its directories that are the system's, in their order, without symbolic links on the way to them, which
    ///   could be set anew; nil where none is left.
    public static func part(of path: String) -> String? {
        let kept = path.split(separator: ":").filter { $0.hasPrefix("/") }.map { RealPath.resolve(String($0)) }
            .filter(holds)
        return kept.isEmpty ? nil : kept.joined(separator: ":")
    }

    /// Whether a path without symbolic links lies where the system keeps programs and cannot be changed by the user.
    public static func holds(_ path: String) -> Bool {
        places.contains { path == $0 || path.hasPrefix($0 + "/") } && (geteuid() == 0 || access(path, W_OK) != 0)
    }
}
