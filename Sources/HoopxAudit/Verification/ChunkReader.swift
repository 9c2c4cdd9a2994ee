import CCompression
import Crypto
import FoundationEssentials
import GRDB
import HoopxCore

/// Reads pieces of bodies, each verified against the hash that it is stored under. What conversations repeat is kept at
/// hand.
struct ChunkReader {
    struct Problem: Error {
        let found: String
    }

    /// In bytes, more than which is not kept, and not taken for a chunk.
    private static let capacity = 64 << 20

    private let database: Database
    private var known: [UInt64: [UInt8]] = [:]
    private var knownSize = 0

    init(_ database: Database) { self.database = database }

    mutating func read(_ id: UInt64) throws -> Result<[UInt8], Problem> {
        if let bytes = known[id] { return .success(bytes) }
        let statement = try database.cachedStatement(
            sql: "SELECT hash, length, content FROM record.chunk WHERE id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [Int64(bitPattern: id)]) else {
            return .failure(Problem(found: "its chunk \(id) is missing"))
        }
        guard let bytes = Self.bytes(of: row[2], length: row[1]) else {
            return .failure(Problem(found: "its chunk \(id) cannot be decompressed"))
        }
        guard Array(SHA256.hash(data: bytes)) == Array(row[0] as Data) else {
            return .failure(Problem(found: "its chunk \(id) was changed: it has another SHA-256"))
        }
        if knownSize + bytes.count > Self.capacity { (known, knownSize) = ([:], 0) }
        known[id] = bytes
        knownSize += bytes.count
        return .success(bytes)
    }

    private static func bytes(of content: Data, length: Int64) -> [UInt8]? {
        let content = [UInt8](content)
        if content.count == length { return content }
        guard (0...Int64(capacity)).contains(length) else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(length))
        let count = ZSTD_decompress(&bytes, bytes.count, content, content.count)
        return ZSTD_isError(count) == 0 && count == bytes.count ? bytes : nil
    }
}
