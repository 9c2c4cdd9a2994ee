import GRDB
import HoopxCore

/// `ToolUseRecord` as rows of the table `tool_use`.
enum ToolUseRow {
    private static let insertion = RowInsertion.orReplacement(
        into: "tool_use",
        "session sequence request id name input is_truncated used_at")

    static func insert(
        _ record: ToolUseRecord, _ sequence: Int64, of session: String, in database: Database
    ) throws {
        try database.run(insertion) { row in
            row.bind(session)
            row.bind(sequence)
            row.bind(record.request)
            row.bind(record.id)
            row.bind(record.name)
            row.bind(record.input)
            row.bind(record.isTruncated)
            row.bind(record.usedAt.microseconds)
        }
    }

    static func all(of session: SessionID, in database: Database) throws -> [ToolUseRecord] {
        let sql = "SELECT * FROM tool_use WHERE session = ? ORDER BY sequence"
        return try Row.fetchAll(database, sql: sql, arguments: [session.description]).map { row in
            ToolUseRecord(
                request: row["request"], id: row["id"], name: row["name"], input: row["input"],
                isTruncated: row["is_truncated"], usedAt: Timestamp(microseconds: row["used_at"]))
        }
    }
}
