import Crypto
import HoopxCore

/// A body as the writer has it so far.
struct BodyAssembly {
    private let key: BodyKey
    private var chunker = ContentChunker()
    private var digest = SHA256()
    private var length: Int64 = 0
    private var timings = BodyTimings.Writer()
    private var hashes: [ChunkHash] = []
    private var fresh: [Chunk] = []

    init(_ key: BodyKey) { self.key = key }

    mutating func append(_ piece: BodyPiece) {
        digest.update(data: piece.bytes)
        length += Int64(piece.bytes.count)
        timings.append(length: piece.bytes.count, time: piece.time)
        var chunker = chunker
        self.chunker = ContentChunker()
        chunker.append(piece.bytes) { add($0) }
        self.chunker = chunker
    }

    /// What is to be stored of what came since the last time; nil where there is nothing.
    mutating func takePart() -> BodyPart? {
        guard !fresh.isEmpty else { return nil }
        defer { fresh = [] }
        return BodyPart(key: key, chunks: fresh)
    }

    /// What is left to be stored of a body that is over.
    mutating func finish(_ truncation: RecordedBody.Truncation?) -> BodyPart {
        var (chunker, content) = (chunker, nil as [UInt8]?)
        chunker.finish { rest in
            if hashes.isEmpty { content = Array(rest) } else { add(rest) }
        }
        let body = RecordedBody(length: length, sha256: Hexadecimal.text(digest.finalize()), truncation: truncation)
        return BodyPart(
            key: key, chunks: fresh,
            end: BodyEnd(
                body: body, chunks: hashes, content: content, timings: timings.bytes, duration: timings.last))
    }

    private mutating func add(_ chunk: UnsafeRawBufferPointer) {
        let hash = ChunkHash(chunk)
        hashes.append(hash)
        fresh.append(Chunk(hash: hash, bytes: Array(chunk)))
    }
}
