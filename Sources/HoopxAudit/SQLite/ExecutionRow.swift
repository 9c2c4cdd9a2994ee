import GRDB
import HoopxCore

/// `ExecutionRecord` as rows of the table `execution`, and `ExecutionCounts` as the row of `execution_count`.
enum ExecutionRow {
    static func insert(
        _ executions: [ExecutionRecord], _ counts: ExecutionCounts?, of session: SessionID, into database: Database
    ) throws {
        if let counts {
            try database.cachedStatement(sql: "INSERT OR REPLACE INTO execution_count VALUES (?, ?, ?, ?)")
                .execute(arguments: [session.description, counts.recorded, counts.unrecorded, counts.missed])
        }
        guard !executions.isEmpty else { return }
        let statement = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO execution VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        for execution in executions {
            try statement.execute(arguments: [
                session.description, execution.number, execution.pid, execution.parentPID,
                execution.executedAt.microseconds, execution.path, JSONStrings.encode(execution.arguments.words),
                execution.isTruncated,
            ])
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
