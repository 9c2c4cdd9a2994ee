import CHoopxLinux

/// The path and the arguments that an execve(2) names, copied from the target's memory once, and within bounds.
///
/// One is used for all calls of a notification thread: reading allocates nothing, because the target waits for it.
final class ExecutedWords {
    static let maximumCount = Int(HOOPX_ARGUMENT_COUNT)
    /// Of all arguments, in bytes.
    static let maximumSize = Int(HOOPX_ARGUMENT_CAPACITY)

    private var execution = hoopx_execution()

    init() {
        execution.path = .allocate(capacity: Int(HOOPX_PATH_CAPACITY))
        execution.arguments = .allocate(capacity: Self.maximumSize)
        execution.ends = .allocate(capacity: Self.maximumCount)
    }

    deinit {
        execution.path.deallocate()
        execution.arguments.deallocate()
        execution.ends.deallocate()
    }

    /// - Parameters:
    ///   - path: the address of the null-terminated path.
    ///   - arguments: the address of the null-terminated array of pointers to null-terminated strings.
    func read(path: UInt64, arguments: UInt64, of thread: Int32) {
        hoopx_read_execution(thread, path, arguments, &execution)
    }

    /// The path, which a null byte follows; nil where it cannot be read, or is longer than a path can be.
    var path: UnsafeBufferPointer<CChar>? {
        execution.path_length < 0
            ? nil : UnsafeBufferPointer(start: execution.path, count: execution.path_length)
    }

    var arguments: [[UInt8]] {
        var start = 0
        return (0..<execution.count).map { index in
            let end = Int(execution.ends[index])
            defer { start = end }
            return UnsafeBufferPointer(start: execution.arguments + start, count: end - start).map(
                UInt8.init(bitPattern:))
        }
    }

    /// There are more arguments, or longer ones, than these; or they cannot be read.
    var isTruncated: Bool { execution.is_truncated }
}
