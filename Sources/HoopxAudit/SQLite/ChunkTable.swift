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
        case fresh(length: Int, content: [UInt8])
    }

    private var ids: [ChunkHash: Int64] = [:]
    /// The `LogState.chunkGeneration` of which `ids` is true.
    private var generation: Int64 = -1
    private let compressor = ChunkCompressor()

    /// Finds out which chunks are there, and compresses those that are not: before the transaction, so that other processes do
    /// not wait for it.
    func prepare(
        _ bodies: [BodyPart], generation: Int64, in database: Database
    ) throws -> [ChunkHash: Preparation] {
        if generation != self.generation || ids.count > Self.capacity { ids.removeAll(keepingCapacity: true) }
        self.generation = generation
        var prepared: [ChunkHash: Preparation] = [:]
        for body in bodies {
            for chunk in body.chunks where ids[chunk.hash] == nil && prepared[chunk.hash] == nil {
                if let id = try Self.id(of: chunk.hash, in: database) {
                    prepared[chunk.hash] = .stored(id: id)
                } else {
                    prepared[chunk.hash] = .fresh(
                        length: chunk.bytes.count, content: try compressor.compressed(chunk.bytes))
                }
            }
        }
        return prepared
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
                case .fresh(let length, let content):
                    fresh[chunk.hash] = try Self.insert(chunk.hash, length, content, in: database)
                }
            }
            guard let end = body.end else { continue }
            var places: [UInt8] = []
            places.reserveCapacity(3 * end.chunks.count)
            for hash in end.chunks {
                // 0 is no chunk: retention deleted it in the hours that the body took.
                let id = try fresh[hash] ?? ids[hash] ?? Self.id(of: hash, in: database) ?? 0
                VariableInteger.append(UInt64(id), to: &places)
            }
            try BodyRow.upsert(end, body.key, chunks: places, of: session, in: database)
        }
        return fresh
    }

    func remember(_ places: [ChunkHash: Int64], in _: Database) { ids.merge(places) { _, new in new } }

    private static func id(of hash: ChunkHash, in database: Database) throws -> Int64? {
        try hash.withBytes { bytes in try database.run("SELECT id FROM chunk WHERE hash = ?") { $0.bind(bytes) } }
    }

    private static func insert(
        _ hash: ChunkHash, _ length: Int, _ content: [UInt8], in database: Database
    ) throws -> Int64 {
        let sql = "INSERT INTO chunk (hash, length, content) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING id"
        let inserted = try hash.withBytes { bytes in
            try database.run(sql) { row in
                row.bind(bytes)
                row.bind(Int64(length))
                row.bind(content)
            }
        }
        // Another process may have been quicker.
        guard let id = try inserted ?? id(of: hash, in: database) else {
            throw DamagedRow(found: "a chunk of a body is neither there nor can it be stored")
        }
        return id
    }
}
