import Crypto
import HoopxCore

/// Which body of a session.
public struct BodyKey: Hashable, Sendable {
    /// The `RequestRecord.number`; 0 for the terminal.
    public let request: Int64
    public let direction: BodyDirection

    /// What the command wrote to its terminal.
    public static let terminal = BodyKey(request: 0, direction: .terminal)

    public init(request: Int64, direction: BodyDirection) {
        self.request = request
        self.direction = direction
    }
}

/// SHA-256 of a chunk, by which it is stored once.
public struct ChunkHash: Hashable, Sendable {
    static let size = 32

    // In place: a body has thousands of them.
    private let words: SIMD4<UInt64>

    init(_ chunk: UnsafeRawBufferPointer) {
        var hash = SHA256()
        hash.update(bufferPointer: chunk)
        words = hash.finalize().withUnsafeBytes { $0.loadUnaligned(as: SIMD4<UInt64>.self) }
    }

    public var bytes: [UInt8] { withUnsafeBytes(of: words) { Array($0) } }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withUnsafeBytes(of: words, body)
    }

    // The hash is uniform already.
    public func hash(into hasher: inout Hasher) { hasher.combine(words[0]) }
}

/// A piece of a body between two borders that its content decides.
public struct Chunk: Sendable, Hashable {
    public let hash: ChunkHash
    public let bytes: [UInt8]
}

/// What is to be stored of one body: chunks of it, and in the last part how they make it up.
public struct BodyPart: Sendable {
    public let key: BodyKey
    /// Those that came since the last part.
    public var chunks: [Chunk] = []
    /// nil while it goes on.
    public var end: BodyEnd?
}

/// A body that is over.
public struct BodyEnd: Sendable, Hashable {
    public let body: RecordedBody
    /// All of its chunks, in their order; none where `content` is the body.
    public let chunks: [ChunkHash]
    /// A body that would be a single chunk: small ones seldom come again, and are stored as they are.
    public let content: [UInt8]?
    /// `BodyTimings`, encoded.
    public let timings: [UInt8]
    /// When the last piece came.
    let duration: Int64
}
