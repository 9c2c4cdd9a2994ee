/// What a new chunk is most like: what stood in its place in the request before.
///
/// A conversation's requests begin alike. Where one leaves the chunks of the one before, it goes on much as that one did:
/// with the same messages, a marker moved or one more message behind them.
struct ChunkPredecessors {
    /// A chunk that others can be compressed with.
    struct Candidate {
        let hash: ChunkHash
        let bytes: [UInt8]
        /// How many chunks have to be read before it can be.
        let depth: Int
    }

    /// Chains of chunks that need each other are no longer.
    static let maximumDepth = 8
    /// How many chunks are remembered: some 4 MB.
    private static let capacity = 1_024

    /// What came behind a chunk; behind nil, at the beginning of a body.
    private var following: [ChunkHash?: ChunkHash] = [:]
    private var candidates: [ChunkHash: Candidate] = [:]

    /// What a chunk is compressed with that comes behind another; nil where nothing is known to be like it.
    ///
    /// - Parameter predecessor: the chunk that it comes behind, or the one that this was compressed with.
    func candidate(behind predecessor: ChunkHash?) -> Candidate? {
        guard let hash = following[predecessor], let candidate = candidates[hash],
            candidate.depth < Self.maximumDepth, !ChunkCompressor.isFormatted(candidate.bytes)
        else { return nil }
        return candidate
    }

    /// Remembers the chunks of a whole body in their order.
    ///
    /// - Parameter depths: of the chunks that were stored with another.
    mutating func remember(_ chunks: [Chunk], depths: [ChunkHash: Int]) {
        if candidates.count > Self.capacity {
            let kept = Set(chunks.map(\.hash))
            candidates = candidates.filter { kept.contains($0.key) }
            following = [:]
        }
        var last: ChunkHash?
        for chunk in chunks {
            following[last] = chunk.hash
            last = chunk.hash
            // What was stored earlier keeps its depth.
            guard candidates[chunk.hash] == nil || depths[chunk.hash] != nil else { continue }
            candidates[chunk.hash] = Candidate(
                hash: chunk.hash, bytes: chunk.bytes, depth: depths[chunk.hash] ?? Self.maximumDepth)
        }
    }
}
