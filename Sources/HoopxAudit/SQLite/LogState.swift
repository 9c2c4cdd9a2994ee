import GRDB
import HoopxTransparency

/// The row of the table `log_state`.
struct LogState {
    var frontier: TreeFrontier
    /// Counts how often chunks were deleted: whoever remembers where chunks are forgets it when this changes.
    let chunkGeneration: Int64
    /// The log's name; nil until it has an event.
    private(set) var origin: String?
    /// The key that signs now, as `LogVerifier` writes it.
    private(set) var verifierKey: String?

    /// - Parameter database: in a transaction that writes, so that no other process appends meanwhile.
    init(in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "SELECT frontier, chunk_generation, origin, verifier_key FROM log_state")
        guard let row = try Row.fetchOne(statement), let frontier = TreeFrontier(bytes: row.bytes("frontier") ?? [])
        else {
            throw DamagedRow(found: "the state of its log cannot be read")
        }
        self.frontier = frontier
        chunkGeneration = row["chunk_generation"]
        origin = row["origin"]
        verifierKey = row["verifier_key"]
    }

    /// Gives the log its name.
    mutating func name(_ origin: String, in database: Database) throws {
        try database.run("UPDATE log_state SET origin = ?") { $0.bind(origin) }
        self.origin = origin
    }

    mutating func sign(with key: String, in database: Database) throws {
        try database.run("UPDATE log_state SET verifier_key = ?") { $0.bind(key) }
        verifierKey = key
    }

    func store(in database: Database) throws {
        try database.run("UPDATE log_state SET frontier = ?") { $0.bind(frontier.bytes) }
    }
}
