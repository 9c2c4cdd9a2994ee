import GRDB
import HoopxCore

/// The table `chunk`: stores each chunk once, compressed, and remembers where those are that it came across.
///
/// Not checked for being sendable: everything here takes the `Database`, which only the thread has whose turn it is in the
/// store's queue.
final class ChunkTable: @unchecked Sendable {
    /// How many places are remembered: some 8 MB.
    private static let capacity = 65_536

    /// What is known of a chunk before the transaction that stores it.
    enum Preparation {
        case stored(id: Int64)
        /// - Parameter base: the chunk that it was compressed with.
        case fresh(length: Int, content: [UInt8], base: ChunkHash?)
    }

    private var ids: [ChunkHash: Int64] = [:]
    /// The `LogState.chunkGeneration` of which `ids` is true.
    private var generation: Int64 = -1
    private var predecessors = ChunkPredecessors()
    private let compressor = ChunkCompressor()

    /// Finds out which chunks are there, and compresses those that are not: before the transaction, so that other processes do
    /// not wait for it.
    func prepare(
        _ bodies: [BodyPart], generation: Int64, in database: Database
    ) throws -> [ChunkHash: Preparation] {
        if generation != self.generation || ids.count > Self.capacity {
            ids.removeAll(keepingCapacity: true)
            predecessors = ChunkPredecessors()
        }
        self.generation = generation
        var prepared: [ChunkHash: Preparation] = [:]
        for body in bodies { try prepare(body, &prepared, in: database) }
        return prepared
    }

    private func prepare(
        _ body: BodyPart, _ prepared: inout [ChunkHash: Preparation], in database: Database
    ) throws {
        // Of a body that comes in parts nothing is compared.
        let isWhole = body.end?.chunks.count == body.chunks.count && body.key.direction == .request
        var depths: [ChunkHash: Int] = [:]
        var last: ChunkHash?
        for chunk in body.chunks {
            let predecessor = last
            last = chunk.hash
            guard ids[chunk.hash] == nil, prepared[chunk.hash] == nil else { continue }
            if let id = try Self.id(of: chunk.hash, in: database) {
                prepared[chunk.hash] = .stored(id: id)
                continue
            }
            let base = isWhole ? predecessors.candidate(behind: predecessor) : nil
            let content = compressor.compressed(chunk.bytes, with: base?.bytes ?? [])
            let isSmall = content.count <= chunk.bytes.count / 2
            prepared[chunk.hash] = .fresh(
                length: chunk.bytes.count,
                content: base == nil || isSmall ? content : compressor.compressed(chunk.bytes),
                base: isSmall ? base?.hash : nil)
            depths[chunk.hash] = isSmall ? (base?.depth ?? -1) + 1 : 0
            // What follows is like what followed there.
            if let base { last = base.hash }
        }
        if isWhole { predecessors.remember(body.chunks, depths: depths) }
    }

    static func generation(in database: Database) throws -> Int64 {
        try database.run("SELECT chunk_generation FROM log_state") ?? 0
    }

    /// Stores the chunks of bodies, and those bodies that are over.
    ///
    /// - Returns: where the chunks are: to be remembered once the transaction is committed.
    func store(
        _ bodies: [BodyPart], _ prepared: [ChunkHash: Preparation], of session: SessionID, in database: Database
    ) throws -> [ChunkHash: Int64] {
        var fresh: [ChunkHash: Int64] = [:]
        for body in bodies {
            for chunk in body.chunks where fresh[chunk.hash] == nil {
                switch prepared[chunk.hash] {
                case nil: break
                case .stored(let id): fresh[chunk.hash] = id
                case .fresh(let length, let content, let base):
                    let base = try base.map { try fresh[$0] ?? ids[$0] ?? Self.id(of: $0, in: database) }
                    if case .some(nil) = base {
                        // Deleted, or never stored, because the transaction that did was undone.
                        let alone = compressor.compressed(chunk.bytes)
                        fresh[chunk.hash] = try Self.insert(chunk.hash, length, alone, base: nil, in: database)
                    } else {
                        fresh[chunk.hash] = try Self.insert(
                            chunk.hash, length, content, base: base ?? nil, in: database)
                    }
                }
            }
            guard let end = body.end else { continue }
            var places: [UInt8] = []
            places.reserveCapacity(3 * end.chunks.count)
            for hash in end.chunks {
                // 0 is no chunk: retention deleted it in the hours that the body took.
                let id = try fresh[hash] ?? ids[hash] ?? Self.id(of: hash, in: database) ?? 0
                VariableInteger.append(UInt64(bitPattern: id), to: &places)
            }
            let content = end.content.map { compressor.compressed($0) }
            try BodyRow.upsert(end, body.key, chunks: places, content: content, of: session, in: database)
        }
        return fresh
    }

    func remember(_ places: [ChunkHash: Int64], in _: Database) { ids.merge(places) { _, new in new } }

    private static func id(of hash: ChunkHash, in database: Database) throws -> Int64? {
        try hash.withBytes { bytes in try database.run("SELECT id FROM chunk WHERE hash = ?") { $0.bind(bytes) } }
    }

    private static func insert(
        _ hash: ChunkHash, _ length: Int, _ content: [UInt8], base: Int64?, in database: Database
    ) throws -> Int64 {
        let sql =
            "INSERT INTO chunk (hash, length, content, base) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id"
        let inserted = try hash.withBytes { bytes in
            try database.run(sql) { row in
                row.bind(bytes)
                row.bind(Int64(length))
                row.bind(content)
                row.bind(base)
            }
        }
        // Another process may have been quicker.
        guard let id = try inserted ?? id(of: hash, in: database) else {
            throw DamagedRow(found: "a chunk of a body is neither there nor can it be stored")
        }
        return id
    }
}
