import Crypto
import NIOCore
import Synchronization

/// A request's body, kept until it is whole: its signature goes before it. It is hashed as it comes.
final class BodyCollector {
    enum Overflow: Error {
        /// The body is longer than `BodyMemory.largestBody`.
        case body
        /// Other bodies take up all the memory there is.
        case memory
    }

    private let memory: BodyMemory
    private var bytes: ByteBuffer
    private var hash = SHA256()
    private var count = 0

    /// What goes to the upstream in one write.
    private static let pieceSize = 64 << 10

    init(in memory: BodyMemory, allocator: ByteBufferAllocator) {
        self.memory = memory
        bytes = allocator.buffer(capacity: 0)
    }

    deinit { memory.giveBack(count) }

    func append(_ part: ByteBuffer) throws(Overflow) {
        guard count + part.readableBytes <= BodyMemory.largestBody else { throw .body }
        guard memory.take(part.readableBytes) else { throw .memory }
        count += part.readableBytes
        // A copy: what came in is a slice of a larger buffer, and small pieces would keep all of theirs.
        bytes.writeImmutableBuffer(part)
        part.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
    }

    /// The length of the whole body, in bytes.
    var length: Int { count }

    var digest: SHA256Digest { hash.finalize() }

    /// The next piece of the body; nil when all are out.
    func next() -> ByteBuffer? {
        guard bytes.readableBytes > 0 else { return nil }
        return bytes.readSlice(length: min(bytes.readableBytes, Self.pieceSize))
    }
}

/// The memory that bodies may take up while they wait for their signature, in all connections of a run together.
final class BodyMemory: Sendable {
    /// 32 MiB: more than Bedrock's largest request.
    static let largestBody = 32 << 20

    private let limit: Int
    private let taken = Atomic(0)

    /// - Parameter limit: in bytes. Buffers double as they grow: the process may hold twice as much.
    init(limit: Int = 128 << 20) { self.limit = limit }

    func take(_ count: Int) -> Bool {
        if taken.add(count, ordering: .relaxed).newValue <= limit { return true }
        giveBack(count)
        return false
    }

    func giveBack(_ count: Int) { taken.subtract(count, ordering: .relaxed) }
}
