import GRDB
import HoopxCore

/// `DenialRecord` as rows of the table `denial`.
enum DenialRow {
    static func insert(_ denials: [DenialRecord], of session: SessionID, into database: Database) throws {
        guard !denials.isEmpty else { return }
        let statement = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO denial VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        for record in denials {
            let denial = record.denial
            try statement.execute(arguments: [
                session.description, denial.code.rawValue, denial.layer.rawValue, denial.rule, denial.subject,
                denial.hint, record.count, record.firstAt.microseconds, record.lastAt.microseconds,
            ])
        }
    }

    static func all(of session: SessionID, in database: Database) throws -> [DenialRecord] {
        let sql = "SELECT * FROM denial WHERE session = ? ORDER BY first_at, subject"
        return try Row.fetchAll(database, sql: sql, arguments: [session.description]).map { row in
            guard let code = ReasonCode(rawValue: row["code"]), let layer = Denial.Layer(rawValue: row["layer"]) else {
                throw DamagedRow(found: "a denial's code or layer cannot be read")
            }
            return DenialRecord(
                denial: Denial(
                    code: code, layer: layer, rule: row["rule"], subject: row["subject"], hint: row["hint"]),
                count: row["count"], firstAt: Timestamp(microseconds: row["first_at"]),
                lastAt: Timestamp(microseconds: row["last_at"]))
        }
    }
}
