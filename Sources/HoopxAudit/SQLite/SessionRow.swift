import GRDB
import HoopxCore

/// A stored row that does not read back as what it stands for.
struct DamagedRow: Error {
    let found: String
}

/// `SessionRecord` as rows of the table `session`.
enum SessionRow {
    static func insert(_ session: SessionRecord, into database: Database) throws {
        let verification = session.principal.verification
        try database.cachedStatement(
            sql: """
                INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                    ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            session.id.description, session.principal.kind.rawValue, session.principal.name, session.principal.subject,
            session.principal.isVerified, JSONStrings.encode(session.arguments.words), session.workingDirectory,
            session.program.path, session.program.sha256, session.supervisor.pid, session.supervisor.startTicks,
            session.supervisor.bootID, session.supervisor.pidNamespace, session.datagramTier,
            session.startedAt.microseconds, session.endedAt?.microseconds, session.ending?.kind, session.ending?.number,
            JSONStrings.encode(session.weakenings), session.principal.issuer, session.principal.email,
            JSONStrings.encode(session.principal.groups), JSONStrings.encode(session.principal.claims),
            verification?.method.rawValue, verification?.algorithm, verification?.keyID,
            verification?.issuedAt.microseconds, verification?.expiresAt.microseconds,
        ])
    }

    static func add(_ facts: SessionFacts, to session: SessionID, in database: Database) throws {
        try database.cachedStatement(
            sql: """
                UPDATE session SET datagram_tier = coalesce(?, datagram_tier),
                    program_sha256 = coalesce(?, program_sha256) WHERE id = ?
                """
        ).execute(arguments: [facts.datagramTier, facts.programDigest, session.description])
    }

    static func end(_ session: SessionID, _ ending: SessionEnding, at time: Timestamp?, in database: Database) throws {
        try database.cachedStatement(
            sql: "UPDATE session SET ended_at = ?, ending = ?, ending_number = ? WHERE id = ? AND ending IS NULL"
        ).execute(arguments: [time?.microseconds, ending.kind, ending.number, session.description])
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
            (SELECT count(*) FROM connection WHERE session = id),
            (SELECT count(*) FROM request WHERE session = id),
            (SELECT coalesce(sum(count), 0) FROM denial WHERE session = id)
            """
        let sql = """
            SELECT *, \(counts) FROM session WHERE \(condition) ORDER BY started_at DESC, id DESC LIMIT \(max(0, limit))
            """
        return try Row.fetchAll(database, sql: sql, arguments: arguments).map { row in
            SessionSummary(
                record: try record(row, in: database), connectionCount: row[columnCount],
                requestCount: row[columnCount + 1], denialCount: row[columnCount + 2])
        }
    }

    static func open(in database: Database) throws -> [SessionRecord] {
        try Row.fetchAll(database, sql: "SELECT * FROM session WHERE ending IS NULL ORDER BY id")
            .map { try record($0, in: database) }
    }

    private static let columnCount = 28

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
            ending: try SessionEnding(kind: row["ending"], number: row["ending_number"]))
    }
}

extension SessionEnding {
    fileprivate var kind: String {
        switch self {
        case .exited: "exited"
        case .killed: "killed"
        case .terminated: "terminated"
        case .failed: "failed"
        case .interrupted: "interrupted"
        }
    }

    fileprivate var number: Int32? {
        switch self {
        case .exited(let number), .killed(let number), .terminated(let number): number
        case .failed, .interrupted: nil
        }
    }

    /// - Returns: nil for a session that is open.
    fileprivate init?(kind: String?, number: Int32?) throws {
        switch (kind, number) {
        case (nil, _): return nil
        case ("exited", let status?): self = .exited(status: status)
        case ("killed", let signal?): self = .killed(signal: signal)
        case ("terminated", let signal?): self = .terminated(signal: signal)
        case ("failed", _): self = .failed
        case ("interrupted", _): self = .interrupted
        default: throw DamagedRow(found: "how a session ended cannot be read")
        }
    }
}
