import GRDB
import HoopxCore

/// `TerminalRecord` as the row of the table `terminal`.
enum TerminalRow {
    private static let insertion = RowInsertion.orReplacement(
        into: "terminal",
        "session columns rows duration length sha256 truncation")

    static func upsert(_ record: TerminalRecord, of session: String, in database: Database) throws {
        try database.run(insertion) { row in
            row.bind(session)
            row.bind(record.columns)
            row.bind(record.rows)
            row.bind(record.duration)
            row.bind(record.body.length)
            row.bind(record.body.sha256)
            row.bind(record.body.truncation?.rawValue)
        }
    }

    static func record(of session: SessionID, in database: Database) throws -> TerminalRecord? {
        let sql = "SELECT * FROM terminal WHERE session = ?"
        return try Row.fetchOne(database, sql: sql, arguments: [session.description]).map { row in
            TerminalRecord(
                columns: row["columns"], rows: row["rows"], duration: row["duration"],
                body: RecordedBody(
                    length: row["length"], sha256: row["sha256"],
                    truncation: try BodyRow.truncation(row["truncation"])))
        }
    }
}
