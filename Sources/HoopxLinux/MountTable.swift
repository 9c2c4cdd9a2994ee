/// The mounts that this process sees (proc_pid_mountinfo(5)).
public struct MountTable: Hashable, Sendable {
    struct Mount: Hashable, Sendable {
        /// `major:minor` of the file system.
        let device: String
        /// The directory of the file system that is mounted.
        let root: String
        /// Where.
        let point: String
    }

    let mounts: [Mount]

    public static func ofThisProcess() -> MountTable { MountTable(TextFile.read("/proc/self/mountinfo") ?? "") }

    init(_ text: String) {
        mounts = text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ", maxSplits: 5)
            guard fields.count == 6 else { return nil }
            return Mount(
                device: String(fields[2]), root: Self.unescaped(fields[3]), point: Self.unescaped(fields[4]))
        }
    }

    /// The other paths that lead to a directory or file, or into it, because a part of its file system is mounted in
    /// more than one place (bind mounts).
    ///
    /// - Parameter path: absolute, without symbolic links.
    public func aliases(of path: String) -> [String] {
        var found: (mount: Mount, within: String)?
        for mount in mounts {
            guard let within = Self.rest(of: path, below: mount.point) else { continue }
            // The deepest mount; of several on one directory the last, which hides the others.
            if within.utf8.count <= found?.within.utf8.count ?? .max { found = (mount, within) }
        }
        guard let (mount, within) = found else { return [] }
        let inside = Self.joined(mount.root, within)
        return mounts.filter { $0 != mount && $0.device == mount.device }.compactMap { other in
            if let rest = Self.rest(of: inside, below: other.root) { return Self.joined(other.point, rest) }
            return Self.rest(of: other.root, below: inside) != nil ? other.point : nil
        }
    }

    /// What is left of a path below a directory, empty for the directory itself; nil for a path elsewhere.
    private static func rest(of path: String, below directory: String) -> String? {
        if directory == "/" { return String(path.dropFirst()) }
        guard path.hasPrefix(directory) else { return nil }
        let rest = path.dropFirst(directory.count)
        guard rest.first == "/" || rest.isEmpty else { return nil }
        return String(rest.dropFirst())
    }

    private static func joined(_ directory: String, _ rest: String) -> String {
        if rest.isEmpty { return directory }
        return directory == "/" ? "/" + rest : directory + "/" + rest
    }

    /// Blanks, tabs, newlines and backslashes stand there as three octal digits.
    private static func unescaped(_ field: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(field.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), let code = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8) {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
