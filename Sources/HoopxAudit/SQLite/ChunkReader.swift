import Crypto
import GRDB
import HoopxCore

/// Reads pieces of bodies, each verified against the hash that it is stored under. What conversations repeat is kept at
/// hand.
struct ChunkReader {
    struct Problem: Error {
        let found: String
    }

    /// In bytes, more than which is not kept.
    private static let capacity = 64 << 20

    private let database: Database
    private let sql: String
    private let decompressor = ChunkDecompressor()
    private var known: [UInt64: [UInt8]] = [:]
    private var knownSize = 0

    /// - Parameter schema: of the table, as it is attached.
    init(_ database: Database, schema: String = "main") {
        self.database = database
        sql = "SELECT hash, length, content, base FROM \(schema).chunk WHERE id = ?"
    }

    mutating func read(_ id: UInt64) throws -> Result<[UInt8], Problem> {
        try read(id, depth: 0)
    }

    private mutating func read(_ id: UInt64, depth: Int) throws -> Result<[UInt8], Problem> {
        if let bytes = known[id] { return .success(bytes) }
        let statement = try database.cachedStatement(sql: sql)
        guard let row = try Row.fetchOne(statement, arguments: [Int64(bitPattern: id)]) else {
            return .failure(Problem(found: "its chunk \(id) is missing"))
        }
        var dictionary: [UInt8] = []
        if let base = row["base"] as Int64? {
            guard depth < ChunkPredecessors.maximumDepth else {
                return .failure(Problem(found: "its chunk \(id) needs too many others"))
            }
            switch try read(UInt64(bitPattern: base), depth: depth + 1) {
            case .success(let bytes): dictionary = bytes
            case .failure(let problem): return .failure(problem)
            }
        }
        guard
            let bytes = decompressor.bytes(of: row.bytes("content") ?? [], length: row["length"], with: dictionary)
        else { return .failure(Problem(found: "its chunk \(id) cannot be decompressed")) }
        guard Array(SHA256.hash(data: bytes)) == row.bytes("hash") else {
            return .failure(Problem(found: "its chunk \(id) was changed: it has another SHA-256"))
        }
        if knownSize + bytes.count > Self.capacity { (known, knownSize) = ([:], 0) }
        known[id] = bytes
        knownSize += bytes.count
        return .success(bytes)
    }
}
