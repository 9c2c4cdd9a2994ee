import GRDB
import HoopxCore

/// `ConnectionRecord` as rows of the table `connection`.
enum ConnectionRow {
    static func upsert(_ connection: ConnectionRecord, of session: String, in database: Database) throws {
        let (verdict, rule) = connection.verdict.texts
        try database.run("INSERT OR REPLACE INTO connection VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)") { row in
            row.bind(session)
            row.bind(connection.number)
            row.bind(connection.destination.host.description)
            row.bind(Int64(connection.destination.port))
            row.bind(connection.pid)
            row.bind(connection.command)
            row.bind(connection.openedAt.microseconds)
            row.bind(verdict)
            row.bind(rule)
            row.bind(connection.bytesSent)
            row.bind(connection.bytesReceived)
            row.bind(connection.duration)
        }
    }

    static func all(of session: SessionID, in database: Database) throws -> [ConnectionRecord] {
        let sql = "SELECT * FROM connection WHERE session = ? ORDER BY number"
        return try Row.fetchAll(database, sql: sql, arguments: [session.description]).map { row in
            guard let host = Destination.Host(row["host"]), let port = UInt16(exactly: row["port"] as Int64) else {
                throw DamagedRow(found: "a connection's destination cannot be read")
            }
            guard let verdict = ConnectionRecord.Verdict(row["verdict"], rule: row["rule"]) else {
                throw DamagedRow(found: "a connection's verdict cannot be read")
            }
            return ConnectionRecord(
                number: row["number"], destination: Destination(host: host, port: port), pid: row["pid"],
                command: row["command"], openedAt: Timestamp(microseconds: row["opened_at"]),
                verdict: verdict, bytesSent: row["bytes_sent"],
                bytesReceived: row["bytes_received"], duration: row["duration"])
        }
    }
}
