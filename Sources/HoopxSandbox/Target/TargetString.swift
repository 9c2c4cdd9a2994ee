import CHoopxLinux
import Glibc

/// A null-terminated string of the target's memory, or as much of its beginning as could be read.
struct TargetString {
    private(set) var bytes: [UInt8] = []
    /// Its end was found.
    private(set) var isComplete = false

    /// How much is read at once, in bytes: what has room on the stack.
    private static let partSize = 1024

    /// - Parameter bytes: what was read of it so far.
    init(bytes read: Slice<UnsafeRawBufferPointer>) { append(UnsafeRawBufferPointer(rebasing: read)) }

    /// Reads a string.
    ///
    /// - Parameter limit: how many bytes of it are read, at most.
    init(at address: UInt64, of thread: Int32, limit: Int) { readOn(at: address, of: thread, limit: limit) }

    /// Reads on behind what is there, from page to page, since the page behind the string's last need not exist.
    ///
    /// - Parameters:
    ///   - address: where the string begins.
    ///   - limit: how long it may become, in bytes; what is there may be longer already, and is cut.
    mutating func readOn(at address: UInt64, of thread: Int32, limit: Int) {
        while !isComplete, bytes.count < limit {
            let next = address &+ UInt64(bytes.count)
            let length = min(limit - bytes.count, Self.untilPageEnd(next), Self.partSize)
            let count = withUnsafeTemporaryAllocation(byteCount: length, alignment: 1) { room in
                let count = hoopx_read_memory(thread, next, room.baseAddress, length)
                append(UnsafeRawBufferPointer(rebasing: room[..<max(0, count)]))
                return count
            }
            guard count > 0 else { return }
        }
        if bytes.count > limit { bytes.removeSubrange(limit...) }
    }

    /// How many bytes lie between an address and the next one that the smallest page begins at.
    static func untilPageEnd(_ address: UInt64) -> Int { 4096 - Int(address & 4095) }

    private mutating func append(_ read: UnsafeRawBufferPointer) {
        guard let start = read.baseAddress else { return }
        let end = memchr(start, 0, read.count)
        isComplete = end != nil
        bytes += UnsafeRawBufferPointer(start: start, count: end.map { UnsafeRawPointer($0) - start } ?? read.count)
    }
}
