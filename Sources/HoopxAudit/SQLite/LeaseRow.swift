import GRDB
import HoopxCore

/// `LeaseRecord` as rows of the table `lease`.
enum LeaseRow {
    private static let insertion = RowInsertion.orReplacement(
        into: "lease",
        "session number id connection_name source issued_at expires_at renewal_count ended_at "
            + "ending")

    static func upsert(_ lease: LeaseRecord, of session: String, in database: Database) throws {
        try database.run(insertion) { row in
            row.bind(session)
            row.bind(lease.number)
            row.bind(lease.id)
            row.bind(lease.connectionName)
            row.bind(lease.source)
            row.bind(lease.issuedAt.microseconds)
            row.bind(lease.expiresAt?.microseconds)
            row.bind(lease.renewalCount)
            row.bind(lease.endedAt?.microseconds)
            row.bind(lease.ending?.rawValue)
        }
    }

    static func all(of session: SessionID, in database: Database) throws -> [LeaseRecord] {
        let sql = "SELECT * FROM lease WHERE session = ? ORDER BY number"
        return try Row.fetchAll(database, sql: sql, arguments: [session.description]).map { row in
            LeaseRecord(
                number: row["number"], id: row["id"], connectionName: row["connection_name"], source: row["source"],
                issuedAt: Timestamp(microseconds: row["issued_at"]),
                expiresAt: (row["expires_at"] as Int64?).map(Timestamp.init(microseconds:)),
                renewalCount: row["renewal_count"],
                endedAt: (row["ended_at"] as Int64?).map(Timestamp.init(microseconds:)),
                ending: try ending(row["ending"]))
        }
    }

    private static func ending(_ text: String?) throws -> LeaseRecord.Ending? {
        guard let text else { return nil }
        guard let ending = LeaseRecord.Ending(rawValue: text) else {
            throw DamagedRow(found: "how a lease ended cannot be read")
        }
        return ending
    }
}
