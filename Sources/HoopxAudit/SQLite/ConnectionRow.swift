import GRDB
import HoopxCore

/// `ConnectionRecord` as rows of the table `connection`.
enum ConnectionRow {
    static func insert(_ connections: [ConnectionRecord], of session: SessionID, into database: Database) throws {
        guard !connections.isEmpty else { return }
        let statement = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO connection VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        for connection in connections {
            let (verdict, rule) = columns(of: connection.verdict)
            try statement.execute(arguments: [
                session.description, connection.number, connection.destination.host.description,
                Int64(connection.destination.port), connection.pid, connection.command,
                connection.openedAt.microseconds, verdict, rule, connection.bytesSent, connection.bytesReceived,
                connection.duration,
            ])
        }
    }

    static func all(of session: SessionID, in database: Database) throws -> [ConnectionRecord] {
        let sql = "SELECT * FROM connection WHERE session = ? ORDER BY number"
        return try Row.fetchAll(database, sql: sql, arguments: [session.description]).map { row in
            guard let host = Destination.Host(row["host"]), let port = UInt16(exactly: row["port"] as Int64) else {
                throw DamagedRow(found: "a connection's destination cannot be read")
            }
            return ConnectionRecord(
                number: row["number"], destination: Destination(host: host, port: port), pid: row["pid"],
                command: row["command"], openedAt: Timestamp(microseconds: row["opened_at"]),
                verdict: try verdict(row["verdict"], rule: row["rule"]), bytesSent: row["bytes_sent"],
                bytesReceived: row["bytes_received"], duration: row["duration"])
        }
    }

    private static func columns(of verdict: ConnectionRecord.Verdict) -> (verdict: String, rule: String) {
        switch verdict {
        case .connection(let name): ("connection", name)
        case .tunnel(let rule): ("tunnel", rule)
        case .direct(let rule): ("direct", rule)
        case .denied(let code): ("denied", code.rawValue)
        }
    }

    private static func verdict(_ verdict: String, rule: String) throws -> ConnectionRecord.Verdict {
        switch (verdict, ReasonCode(rawValue: rule)) {
        case ("connection", _): return .connection(name: rule)
        case ("tunnel", _): return .tunnel(rule: rule)
        case ("direct", _): return .direct(rule: rule)
        case ("denied", let code?): return .denied(code)
        default: throw DamagedRow(found: "a connection's verdict cannot be read")
        }
    }
}
