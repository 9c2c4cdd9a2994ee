import GRDB
import HoopxCore

/// `DenialRecord` as rows of the table `denial`.
enum DenialRow {
    private static let insertion = RowInsertion.orReplacement(
        into: "denial",
        "session code layer rule subject hint count first_at last_at")

    static func upsert(_ record: DenialRecord, of session: String, in database: Database) throws {
        try database.run(insertion) { row in
            row.bind(session)
            row.bind(record.denial.code.rawValue)
            row.bind(record.denial.layer.rawValue)
            row.bind(record.denial.rule)
            row.bind(record.denial.subject)
            row.bind(record.denial.hint)
            row.bind(record.count)
            row.bind(record.firstAt.microseconds)
            row.bind(record.lastAt.microseconds)
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
