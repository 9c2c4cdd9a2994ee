import Glibc

/// What is in a directory.
public enum DirectoryListing {
    /// The names in a directory but `.` and `..`, in no order; none where it cannot be read.
    public static func names(in path: String) -> [String] {
        opendir(path).map(names) ?? []
    }

    /// The same of a directory that is held by a descriptor, with O_PATH too.
    public static func names(in directory: borrowing OwnedDescriptor) -> [String] {
        let raw = openat(directory.raw, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard raw >= 0 else { return [] }
        guard let stream = fdopendir(raw) else {
            close(raw)
            return []
        }
        return names(stream)
    }

    private static func names(_ stream: OpaquePointer) -> [String] {
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
