import GRDB
import HoopxCore

/// `LeaseRecord` as rows of the table `lease`.
enum LeaseRow {
    static func insert(_ leases: [LeaseRecord], of session: SessionID, into database: Database) throws {
        guard !leases.isEmpty else { return }
        let statement = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO lease VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        for lease in leases {
            try statement.execute(arguments: [
                session.description, lease.number, lease.id, lease.connectionName, lease.source,
                lease.issuedAt.microseconds, lease.expiresAt?.microseconds, lease.renewalCount,
                lease.endedAt?.microseconds, lease.ending?.rawValue,
            ])
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
