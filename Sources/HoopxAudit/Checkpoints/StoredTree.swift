import FoundationEssentials
import GRDB
import HoopxCore
import HoopxTransparency

/// The hashes of the log's tree as the database has them.
struct StoredTree: TreeNodes {
    /// What the database does not have.
    struct MissingHash: Error {
        let level: Int
        let number: Int64

        /// The first leaf that it is a hash over.
        var firstLeaf: Int64 { number << level }
    }

    let database: Database

    func hashes(level: Int, numbers: Range<Int64>) throws -> [TreeHash] {
        let sql =
            level == 0
            ? "SELECT leaf, leaf_hash FROM event WHERE leaf >= ? AND leaf < ? ORDER BY leaf"
            : "SELECT number, hash FROM tree_node WHERE level = \(level) AND number >= ? AND number < ? ORDER BY number"
        let statement = try database.cachedStatement(sql: sql)
        var hashes: [TreeHash] = []
        hashes.reserveCapacity(numbers.count)
        let rows = try Row.fetchCursor(statement, arguments: [numbers.lowerBound, numbers.upperBound])
        while let row = try rows.next() {
            let expected = numbers.lowerBound + Int64(hashes.count)
            guard row[0] as Int64 == expected, let hash = TreeHash(bytes: row[1] as Data) else {
                throw MissingHash(level: level, number: expected)
            }
            hashes.append(hash)
        }
        guard hashes.count == numbers.count else {
            throw MissingHash(level: level, number: numbers.lowerBound + Int64(hashes.count))
        }
        return hashes
    }
}
