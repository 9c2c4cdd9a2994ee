import GRDB
import HoopxCore

/// `ConnectionRecord` as rows of the table `connection`.
enum ConnectionRow {
    private static let insertion = RowInsertion.orReplacement(
        into: "connection",
        "session number host port pid command opened_at verdict rule bytes_sent bytes_received "
            + "duration path count")

    static func upsert(_ connection: ConnectionRecord, of session: String, in database: Database) throws {
        let (verdict, rule) = connection.verdict.texts
        try database.run(insertion) { row in
            row.bind(session)
            row.bind(connection.number)
            row.bind(connection.destination.hostAndPort?.host.description ?? "")
            row.bind(Int64(connection.destination.hostAndPort?.port ?? 0))
            row.bind(connection.pid)
            row.bind(connection.command)
            row.bind(connection.openedAt.microseconds)
            row.bind(verdict)
            row.bind(rule)
            row.bind(connection.bytesSent)
            row.bind(connection.bytesReceived)
            row.bind(connection.duration)
            if case .unixSocket(let path) = connection.destination { row.bind(path) } else { row.bind(nil as String?) }
            row.bind(connection.count)
        }
    }

    static func all(of session: SessionID, in database: Database) throws -> [ConnectionRecord] {
        let sql = "SELECT * FROM connection WHERE session = ? ORDER BY number"
        return try Row.fetchAll(database, sql: sql, arguments: [session.description]).map { row in
            guard let verdict = ConnectionRecord.Verdict(row["verdict"], rule: row["rule"]) else {
                throw DamagedRow(found: "a connection's verdict cannot be read")
            }
            return ConnectionRecord(
                number: row["number"], destination: try endpoint(row), pid: row["pid"],
                command: row["command"], openedAt: Timestamp(microseconds: row["opened_at"]),
                verdict: verdict, bytesSent: row["bytes_sent"],
                bytesReceived: row["bytes_received"], duration: row["duration"], count: row["count"])
        }
    }

    private static func endpoint(_ row: Row) throws -> ConnectionRecord.Endpoint {
        if let path = row["path"] as String? { return .unixSocket(path: path) }
        guard let host = Destination.Host(row["host"]), let port = UInt16(exactly: row["port"] as Int64) else {
            throw DamagedRow(found: "a connection's destination cannot be read")
        }
        return .host(Destination(host: host, port: port))
    }
}
