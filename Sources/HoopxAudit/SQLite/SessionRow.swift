import GRDB
import HoopxCore

/// A stored row that does not read back as what it stands for.
struct DamagedRow: Error {
    let found: String
}

/// `SessionRecord` as rows of the table `session`.
enum SessionRow {
    private static let insertion =
        RowInsertion.plain(
            into: "session",
            "id principal_kind principal_name principal_subject principal_is_verified arguments "
                + "working_directory program_path program_sha256 hoopx_pid hoopx_start_ticks hoopx_boot_id "
                + "hoopx_pid_namespace datagram_tier started_at weakenings principal_issuer principal_email "
                + "principal_groups principal_claims verification_method verification_algorithm "
                + "verification_key_id verification_issued_at verification_expires_at")
        + " ON CONFLICT (id) DO UPDATE SET datagram_tier = excluded.datagram_tier, "
        + "program_sha256 = excluded.program_sha256"

    /// Inserts a session, or adds to it what became known of it after it had begun.
    static func upsert(_ session: SessionRecord, in database: Database) throws {
        let verification = session.principal.verification
        try database.run(insertion) { row in
            row.bind(session.id.description)
            row.bind(session.principal.kind.rawValue)
            row.bind(session.principal.name)
            row.bind(session.principal.subject)
            row.bind(session.principal.isVerified)
            row.bind(JSONStrings.encode(session.arguments.words))
            row.bind(session.workingDirectory)
            row.bind(session.program.path)
            row.bind(session.program.sha256)
            row.bind(session.supervisor.pid)
            row.bind(session.supervisor.startTicks)
            row.bind(session.supervisor.bootID)
            row.bind(session.supervisor.pidNamespace)
            row.bind(session.datagramTier)
            row.bind(session.startedAt.microseconds)
            row.bind(JSONStrings.encode(session.weakenings))
            row.bind(session.principal.issuer)
            row.bind(session.principal.email)
            row.bind(JSONStrings.encode(session.principal.groups))
            row.bind(JSONStrings.encode(session.principal.claims))
            row.bind(verification?.method.rawValue)
            row.bind(verification?.algorithm)
            row.bind(verification?.keyID)
            row.bind(verification?.issuedAt.microseconds)
            row.bind(verification?.expiresAt.microseconds)
        }
    }

    /// Closes a session, where it is open: nobody rewrites how it ended.
    static func end(_ session: String, _ end: SessionEndRecord, in database: Database) throws {
        try database.run(
            "UPDATE session SET ended_at = ?, ending = ?, ending_number = ? WHERE id = ? AND ending IS NULL"
        ) { row in
            row.bind(end.endedAt?.microseconds)
            row.bind(end.ending.kind)
            row.bind(end.ending.number)
            row.bind(session)
        }
    }

    static func exists(_ session: SessionID, in database: Database) throws -> Bool {
        try database.run("SELECT count(*) FROM session WHERE id = ?") { $0.bind(session.description) } != 0
    }

    static func isOpen(_ session: SessionID, in database: Database) throws -> Bool {
        try database.run("SELECT count(*) FROM session WHERE id = ? AND ending IS NULL") { row in
            row.bind(session.description)
        } != 0
    }

    static func summaries(matching filter: SessionFilter, limit: Int, in database: Database) throws -> [SessionSummary]
    {
        var conditions = ["true"]
        var arguments = StatementArguments()
        func add(_ condition: String, _ values: (any DatabaseValueConvertible)?...) {
            conditions.append(condition)
            arguments += StatementArguments(values)
        }
        if let name = filter.principal {
            add("(principal_name = ? OR principal_subject = ? OR principal_email = ?)", name, name, name)
        }
        if let since = filter.since { add("started_at >= ?", since.microseconds) }
        if let until = filter.until { add("started_at < ?", until.microseconds) }
        if let name = filter.connection {
            add("id IN (SELECT session FROM connection WHERE verdict = 'connection' AND rule = ?)", name)
        }
        switch filter.verdict {
        case .denied:
            add(
                "(EXISTS (SELECT 1 FROM denial WHERE session = id)"
                    + " OR id IN (SELECT session FROM connection WHERE verdict = 'denied'))")
        case let verdict?: add("id IN (SELECT session FROM connection WHERE verdict = ?)", verdict.rawValue)
        case nil: break
        }
        if let entity = filter.entity { add("id IN (SELECT session FROM masking WHERE entity = ?)", entity) }
        return try summaries(where: conditions.joined(separator: " AND "), arguments, limit: limit, in: database)
    }

    static func summaries(prefix: String, limit: Int, in database: Database) throws -> [SessionSummary] {
        // The random part begins after the day and its hyphen.
        let condition = "substr(id, 1, length(?1)) = ?1 OR substr(id, 10, length(?1)) = ?1"
        return try summaries(where: condition, [prefix], limit: limit, in: database)
    }

    static func summaries(
        where condition: String, _ arguments: StatementArguments, limit: Int, in database: Database
    ) throws -> [SessionSummary] {
        let counts = """
            (SELECT coalesce(sum(count), 0) FROM connection WHERE session = id) AS connection_count,
            (SELECT count(*) FROM request WHERE session = id) AS request_count,
            (SELECT coalesce(sum(count), 0) FROM denial WHERE session = id) AS denial_count
            """
        let sql = """
            SELECT *, \(counts) FROM session WHERE \(condition) ORDER BY started_at DESC, id DESC LIMIT \(max(0, limit))
            """
        return try Row.fetchAll(database, sql: sql, arguments: arguments).map { row in
            SessionSummary(
                record: try record(row, in: database), connectionCount: row["connection_count"],
                requestCount: row["request_count"], denialCount: row["denial_count"])
        }
    }

    static func open(in database: Database) throws -> [SessionRecord] {
        try Row.fetchAll(database, sql: "SELECT * FROM session WHERE ending IS NULL ORDER BY id")
            .map { try record($0, in: database) }
    }

    private static func record(_ row: Row, in database: Database) throws -> SessionRecord {
        guard let id = SessionID(row["id"]) else { throw DamagedRow(found: "a session's name cannot be read") }
        return SessionRecord(
            id: id,
            principal: try PrincipalColumns.read(row, in: database),
            arguments: try JSONStrings.arguments(row["arguments"], in: database),
            workingDirectory: row["working_directory"],
            program: SessionRecord.Program(path: row["program_path"], sha256: row["program_sha256"]),
            supervisor: SupervisorProcess(
                pid: row["hoopx_pid"], startTicks: row["hoopx_start_ticks"], bootID: row["hoopx_boot_id"],
                pidNamespace: row["hoopx_pid_namespace"]),
            startedAt: Timestamp(microseconds: row["started_at"]),
            weakenings: try JSONStrings.array(row["weakenings"], in: database),
            datagramTier: row["datagram_tier"],
            endedAt: (row["ended_at"] as Int64?).map(Timestamp.init(microseconds:)),
            ending: try ending(row["ending"], row["ending_number"]))
    }

    /// - Returns: nil for a session that is open.
    private static func ending(_ kind: String?, _ number: Int32?) throws -> SessionEnding? {
        guard let kind else { return nil }
        guard let ending = SessionEnding(kind: kind, number: number) else {
            throw DamagedRow(found: "how a session ended cannot be read")
        }
        return ending
    }
}
