import Crypto
import NIOCore
import Synchronization

/// A request's body, or the beginning of one, kept until it may go on: what is recorded of it, and what it is signed with,
/// goes before it.
final class BodyCollector {
    enum Overflow: Error {
        /// The body is longer than `BodyMemory.largestBody`.
        case body
        /// Other bodies take up all the memory there is.
        case memory
    }

    private let memory: BodyMemory
    private var bytes: ByteBuffer
    /// Of a body that is signed, hashed as it comes.
    private var hash: SHA256?
    /// What it took of the memory.
    private var taken = 0
    private var inspected = 0

    /// What goes to the upstream in one write.
    private static let pieceSize = 64 << 10

    /// - Parameter isSigned: whether its digest is wanted.
    init(in memory: BodyMemory, allocator: ByteBufferAllocator, isSigned: Bool) {
        self.memory = memory
        bytes = allocator.buffer(capacity: 0)
        hash = isSigned ? SHA256() : nil
    }

    deinit { memory.giveBack(taken) }

    func append(_ part: ByteBuffer) throws(Overflow) {
        guard taken + part.readableBytes <= BodyMemory.largestBody else { throw .body }
        guard memory.take(part.readableBytes) else { throw .memory }
        taken += part.readableBytes
        // A copy: what came in is a slice of a larger buffer, and small pieces would keep all of theirs.
        bytes.writeImmutableBuffer(part)
        part.withUnsafeReadableBytes { hash?.update(bufferPointer: $0) }
    }

    /// What is sent instead of what was taken in.
    func replace(with other: ByteBuffer) {
        bytes = other
        guard hash != nil else { return }
        var other = SHA256()
        bytes.withUnsafeReadableBytes { other.update(bufferPointer: $0) }
        hash = other
    }

    /// How many bytes are to be sent.
    var length: Int { bytes.readableBytes }

    var digest: SHA256Digest? { hash?.finalize() }

    /// How many bytes have not been handed out by `takeUninspected`.
    var uninspectedLength: Int { bytes.readableBytes - inspected }

    /// What has come since the last time. Not once something has been sent or replaced.
    func takeUninspected() -> ByteBuffer {
        defer { inspected = bytes.readableBytes }
        return bytes.getSlice(at: bytes.readerIndex + inspected, length: uninspectedLength) ?? ByteBuffer()
    }

    /// The next piece of the body; nil when all are out.
    func next() -> ByteBuffer? {
        guard bytes.readableBytes > 0 else { return nil }
        return bytes.readSlice(length: min(bytes.readableBytes, Self.pieceSize))
    }
}

/// The memory that bodies may take up while they are kept, in all connections of a run together.
final class BodyMemory: Sendable {
    /// For a body that is signed, 32 MiB: more than Bedrock's largest request.
    static let largestBody = 32 << 20
    /// For a body that can go on as a stream, 1 MiB.
    static let largestWhole = 1 << 20

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
