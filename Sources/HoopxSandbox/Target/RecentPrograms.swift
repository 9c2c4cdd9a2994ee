import Glibc

/// The executable files that programs were started from last, by their absolute paths: whether one is there need not be asked
/// again each time, while the target waits. One that was removed meanwhile is taken for an execution, which may fail still.
struct RecentPrograms {
    private var paths: [[CChar]] = []
    private var next = 0

    /// As many as are in use at once.
    private static let capacity = 16

    func contains(_ path: UnsafeBufferPointer<CChar>) -> Bool {
        paths.contains { $0.count == path.count && $0.elementsEqual(path) }
    }

    /// Takes a path up if it is absolute and an executable file is there.
    ///
    /// - Parameter path: a null byte follows it.
    mutating func take(_ path: UnsafeBufferPointer<CChar>) -> Bool {
        guard let start = path.baseAddress, path.first == CChar(bitPattern: UInt8(ascii: "/")), access(start, X_OK) == 0
        else { return false }
        if paths.count < Self.capacity {
            paths.append(Array(path))
        } else {
            paths[next] = Array(path)
            next = (next + 1) % Self.capacity
        }
        return true
    }
}
