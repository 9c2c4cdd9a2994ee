import GRDB
import HoopxCore

/// `RequestRecord` as rows of the table `request`.
enum RequestRow {
    static func insert(_ requests: [RequestRecord], of session: SessionID, into database: Database) throws {
        guard !requests.isEmpty else { return }
        let statement = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO request VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        for request in requests {
            try statement.execute(arguments: [
                session.description, request.number, request.connectionNumber, request.connectionName, request.method,
                request.path.description, request.startedAt.microseconds, request.credential.rawValue,
                request.denial?.rawValue, request.status, request.requestBytes, request.responseBytes,
                request.firstByteAfter, request.duration, request.lease, request.clientToken,
            ])
        }
    }

    static func all(of session: SessionID, in database: Database) throws -> [RequestRecord] {
        let sql = "SELECT * FROM request WHERE session = ? ORDER BY number"
        return try Row.fetchAll(database, sql: sql, arguments: [session.description]).map { row in
            guard let credential = RequestRecord.CredentialUse(rawValue: row["credential"]) else {
                throw DamagedRow(found: "the use of a request's credential cannot be read")
            }
            return RequestRecord(
                number: row["number"], connectionNumber: row["connection_number"],
                connectionName: row["connection_name"], method: row["method"], path: RecordedPath(stored: row["path"]),
                startedAt: Timestamp(microseconds: row["started_at"]), credential: credential,
                lease: row["lease"], clientToken: row["client_token"], denial: try code(row["denial"]),
                status: row["status"], requestBytes: row["request_bytes"],
                responseBytes: row["response_bytes"], firstByteAfter: row["first_byte_after"],
                duration: row["duration"])
        }
    }

    private static func code(_ text: String?) throws -> ReasonCode? {
        guard let text else { return nil }
        guard let code = ReasonCode(rawValue: text) else {
            throw DamagedRow(found: "a request's reason code cannot be read")
        }
        return code
    }
}
