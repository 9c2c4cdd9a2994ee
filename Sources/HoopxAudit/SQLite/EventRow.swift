import GRDB
import HoopxCore

/// Events as rows of the table `event`.
enum EventRow {
    static func all(
        of session: SessionID, after sequence: Int64, limit: Int, in database: Database
    ) throws -> [StoredEvent] {
        let sql = "SELECT * FROM event WHERE session = ? AND sequence > ? ORDER BY sequence LIMIT ?"
        let arguments: StatementArguments = [session.description, sequence, max(0, limit)]
        return try Row.fetchAll(database, sql: sql, arguments: arguments).map(event)
    }

    static func event(_ row: Row) throws -> StoredEvent {
        guard let session = SessionID(row["session"]) else {
            throw DamagedRow(found: "the session of an event cannot be read")
        }
        return StoredEvent(
            leaf: row["leaf"], session: session, sequence: row["sequence"], kind: row["kind"],
            time: Timestamp(microseconds: row["time"]), payload: row.bytes("payload"),
            leafHash: row.bytes("leaf_hash") ?? [])
    }
}
