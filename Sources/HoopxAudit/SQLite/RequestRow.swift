import GRDB
import HoopxCore

/// `RequestRecord` as rows of the table `request`.
enum RequestRow {
    private static let insertion = RowInsertion.orReplacement(
        into: "request",
        "session number connection_number connection_name method path started_at credential denial "
            + "status request_bytes response_bytes first_byte_after duration lease client_token operation "
            + "model upstream_request_id stop_reason input_tokens output_tokens cache_creation_tokens "
            + "cache_read_tokens")

    static func upsert(_ request: RequestRecord, of session: String, in database: Database) throws {
        try database.run(insertion) { row in
            row.bind(session)
            row.bind(request.number)
            row.bind(request.connectionNumber)
            row.bind(request.connectionName)
            row.bind(request.method)
            row.bind(request.path.description)
            row.bind(request.startedAt.microseconds)
            row.bind(request.credential.rawValue)
            row.bind(request.denial?.rawValue)
            row.bind(request.status.map(Int64.init))
            row.bind(request.requestBytes)
            row.bind(request.responseBytes)
            row.bind(request.firstByteAfter)
            row.bind(request.duration)
            row.bind(request.lease)
            row.bind(request.clientToken)
            row.bind(request.operation)
            row.bind(request.model)
            row.bind(request.upstreamRequestID)
            row.bind(request.stopReason)
            row.bind(request.usage)
        }
    }

    static func update(_ outcome: RequestOutcome, of session: String, in database: Database) throws {
        try database.run(
            """
            UPDATE request SET credential = ?, denial = ?, status = ?, request_bytes = ?, response_bytes = ?,
                first_byte_after = ?, duration = ?, lease = ?, client_token = ?, operation = ?, model = ?,
                upstream_request_id = ?, stop_reason = ?, input_tokens = ?, output_tokens = ?,
                cache_creation_tokens = ?, cache_read_tokens = ?
            WHERE session = ? AND number = ?
            """
        ) { row in
            row.bind(outcome.credential.rawValue)
            row.bind(outcome.denial?.rawValue)
            row.bind(outcome.status)
            row.bind(outcome.requestBytes)
            row.bind(outcome.responseBytes)
            row.bind(outcome.firstByteAfter)
            row.bind(outcome.duration)
            row.bind(outcome.lease)
            row.bind(outcome.clientToken)
            row.bind(outcome.operation)
            row.bind(outcome.model)
            row.bind(outcome.upstreamRequestID)
            row.bind(outcome.stopReason)
            row.bind(outcome.usage)
            row.bind(session)
            row.bind(outcome.number)
        }
    }

    static func update(_ decision: DecisionRecord, of session: String, in database: Database) throws {
        try database.run("UPDATE request SET denial = ? WHERE session = ? AND number = ?") { row in
            row.bind(decision.code.rawValue)
            row.bind(session)
            row.bind(decision.request)
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
                duration: row["duration"], operation: row["operation"], model: row["model"],
                upstreamRequestID: row["upstream_request_id"], stopReason: row["stop_reason"], usage: usage(row))
        }
    }

    private static func code(_ text: String?) throws -> ReasonCode? {
        guard let text else { return nil }
        guard let code = ReasonCode(rawValue: text) else {
            throw DamagedRow(found: "a request's reason code cannot be read")
        }
        return code
    }

    private static func usage(_ row: Row) -> TokenUsage? {
        guard let input = row["input_tokens"] as Int64?, let output = row["output_tokens"] as Int64? else { return nil }
        return TokenUsage(
            input: input, output: output, cacheCreation: row["cache_creation_tokens"] ?? 0,
            cacheRead: row["cache_read_tokens"] ?? 0)
    }
}

extension BoundStatement {
    fileprivate mutating func bind(_ usage: TokenUsage?) {
        bind(usage?.input)
        bind(usage?.output)
        bind(usage?.cacheCreation)
        bind(usage?.cacheRead)
    }
}
