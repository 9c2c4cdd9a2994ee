import CHoopxLinux
import Glibc

/// The arguments of an execve(2), copied from the target's memory once, in few reads and within bounds.
struct ArgumentVector {
    private(set) var words: [[UInt8]] = []
    /// There are more, or longer ones, than these; or they cannot be read.
    private(set) var isTruncated = false

    static let maximumCount = 256
    /// Of all of them, in bytes.
    static let maximumSize = 16 << 10
    /// How much of each is read at first, all in one call: most are shorter.
    private static let firstPart = maximumSize / maximumCount

    /// - Parameter address: of the null-terminated array of pointers. A null pointer is an empty array (execve(2)).
    init(_ address: UInt64, of thread: Int32) {
        guard address != 0 else { return }
        let pointers = pointers(at: address, of: thread)
        guard !pointers.isEmpty else { return }
        let pieces = pointers.map {
            hoopx_memory_piece(address: $0, length: min(Self.firstPart, TargetString.untilPageEnd($0)))
        }
        let size = pieces.reduce(0) { $0 + $1.length }
        withUnsafeTemporaryAllocation(byteCount: size, alignment: 1) { room in
            let count = max(0, hoopx_read_memory_pieces(thread, pieces, pieces.count, room.baseAddress))
            take(UnsafeRawBufferPointer(rebasing: room[..<count]), of: pieces, from: thread)
        }
    }

    /// The array's pointers. Most arrays are short.
    private mutating func pointers(at address: UInt64, of thread: Int32) -> [UInt64] {
        for limit in [32, Self.maximumCount + 1] {
            let pointers = [UInt64](unsafeUninitializedCapacity: limit) { room, count in
                count = max(0, hoopx_read_memory(thread, address, room.baseAddress, 8 * limit)) / 8
            }
            if let end = pointers.firstIndex(of: 0) { return Array(pointers[..<end]) }
            if pointers.count < limit || limit > Self.maximumCount {
                isTruncated = true
                return Array(pointers.prefix(Self.maximumCount))
            }
        }
        return []
    }

    /// Splits what was read at first into the arguments, and reads on where one is longer.
    private mutating func take(
        _ bytes: UnsafeRawBufferPointer, of pieces: [hoopx_memory_piece], from thread: Int32
    ) {
        var (position, size) = (0, 0)
        words.reserveCapacity(pieces.count)
        for piece in pieces {
            let room = Self.maximumSize - size
            guard position + piece.length <= bytes.count, room > 0 else {
                isTruncated = true
                return
            }
            var string = TargetString(bytes: bytes[position..<position + piece.length])
            if !string.isComplete { string.readOn(at: piece.address, of: thread, limit: room) }
            words.append(string.bytes)
            position += piece.length
            size += string.bytes.count
            if !string.isComplete {
                isTruncated = true
                return
            }
        }
    }
}
