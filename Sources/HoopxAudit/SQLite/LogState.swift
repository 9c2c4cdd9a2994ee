import GRDB
import HoopxTransparency

/// The row of the table `log_state`.
struct LogState {
    var frontier: TreeFrontier
    /// Counts how often chunks were deleted: whoever remembers where chunks are forgets it when this changes.
    let chunkGeneration: Int64

    /// - Parameter database: in a transaction that writes, so that no other process appends meanwhile.
    init(in database: Database) throws {
        let statement = try database.cachedStatement(sql: "SELECT frontier, chunk_generation FROM log_state")
        guard let row = try Row.fetchOne(statement), let frontier = TreeFrontier(bytes: row.bytes("frontier") ?? [])
        else {
            throw DamagedRow(found: "the state of its log cannot be read")
        }
        self.frontier = frontier
        chunkGeneration = row["chunk_generation"]
    }

    func store(in database: Database) throws {
        try database.run("UPDATE log_state SET frontier = ?") { $0.bind(frontier.bytes) }
    }
}
