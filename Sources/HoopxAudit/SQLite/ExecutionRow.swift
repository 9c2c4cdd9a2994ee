import GRDB
import HoopxCore

/// `ExecutionRecord` as rows of the table `execution`, and `ExecutionCounts` as the row of `execution_count`.
enum ExecutionRow {
    private static let insertion = RowInsertion.orReplacement(
        into: "execution",
        "session number pid parent_pid executed_at path arguments is_truncated")

    private static let countInsertion = RowInsertion.orReplacement(
        into: "execution_count",
        "session recorded unrecorded missed")

    static func upsert(_ counts: ExecutionCounts, of session: String, in database: Database) throws {
        try database.run(countInsertion) { row in
            row.bind(session)
            row.bind(counts.recorded)
            row.bind(counts.unrecorded)
            row.bind(counts.missed)
        }
    }

    static func upsert(_ execution: ExecutionRecord, of session: String, in database: Database) throws {
        try database.run(insertion) { row in
            row.bind(session)
            row.bind(execution.number)
            row.bind(execution.pid)
            row.bind(execution.parentPID)
            row.bind(execution.executedAt.microseconds)
            row.bind(execution.path)
            row.bind(JSONStrings.encode(execution.arguments.words))
            row.bind(execution.isTruncated)
        }
    }

    static func all(of session: SessionID, in database: Database) throws -> [ExecutionRecord] {
        let sql = "SELECT * FROM execution WHERE session = ? ORDER BY number"
        return try Row.fetchAll(database, sql: sql, arguments: [session.description]).map { row in
            ExecutionRecord(
                number: row["number"], pid: row["pid"], parentPID: row["parent_pid"],
                executedAt: Timestamp(microseconds: row["executed_at"]), path: row["path"],
                arguments: try JSONStrings.arguments(row["arguments"], in: database), isTruncated: row["is_truncated"])
        }
    }

    /// - Returns: nil where the session's executions are not recorded.
    static func counts(of session: SessionID, in database: Database) throws -> ExecutionCounts? {
        let sql = "SELECT * FROM execution_count WHERE session = ?"
        return try Row.fetchOne(database, sql: sql, arguments: [session.description]).map { row in
            ExecutionCounts(recorded: row["recorded"], unrecorded: row["unrecorded"], missed: row["missed"])
        }
    }
}
