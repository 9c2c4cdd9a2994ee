import GRDB
import HoopxCore

/// The audit database of one user: SQLite in WAL mode, shared by all hoopx processes of that user.
public final class SQLiteAuditStore: AuditStore {
    private let path: String
    let queue: DatabaseQueue

    /// How long a write waits for other processes', in seconds. Theirs take milliseconds, but on a busy disk many may be
    /// waiting.
    private static let busyTimeout = 20.0

    /// Opens `audit.sqlite` in a directory (`$XDG_STATE_HOME/hoopx`), and makes both where they are missing, with modes
    /// 0700 and 0600.
    ///
    /// - Throws: where they are not the caller's alone, the file is no audit database, or is of a newer hoopx.
    public convenience init(directory: String) throws(HoopxError) {
        let file = AuditFile(directory: directory)
        try file.prepare()
        try self.init(path: file.path)
    }

    /// Opens the database where there is one, without making anything.
    ///
    /// - Returns: nil where the directory has none: no session was ever recorded.
    public static func existing(directory: String) throws(HoopxError) -> SQLiteAuditStore? {
        let file = AuditFile(directory: directory)
        return try file.exists() ? try SQLiteAuditStore(path: file.path) : nil
    }

    private init(path: String) throws(HoopxError) {
        var configuration = Configuration()
        configuration.label = "hoopx.audit"
        configuration.busyMode = .timeout(Self.busyTimeout)
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { database in
            // A commit is on the disk when it returns. GRDB would choose NORMAL if it was told to use WAL; the schema
            // chooses WAL itself.
            // The first process that opens the database after the last has gone reads the whole log: it is kept at 1 MiB.
            try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 256")
        }
        self.path = path
        queue = try Self.explained(path, "opening the audit database") {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.writeWithoutTransaction { database in
                try AuditSchema.migrate(database)
                guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2 else {
                    throw DatabaseError(message: "it does not take PRAGMA synchronous = FULL")
                }
            }
            return queue
        }
        // Never closed: the last connection's close would write the log back, wait for the disk three times and remove
        // the log, at the end of every run, and the next run would make it anew. Nothing is lost without it.
        _ = Unmanaged.passRetained(queue)
    }

    public func begin(_ session: SessionRecord) throws(HoopxError) {
        try write { try SessionRow.insert(session, into: $0) }
    }

    public func write(_ batch: RecordBatch, of session: SessionID) throws(HoopxError) {
        try write { try Self.insert(batch, of: session, into: $0) }
    }

    public func end(
        _ session: SessionID, _ ending: SessionEnding, at time: Timestamp?, writing batch: RecordBatch
    ) throws(HoopxError) {
        try write { database in
            try Self.insert(batch, of: session, into: database)
            try SessionRow.end(session, ending, at: time, in: database)
        }
    }

    public func sessions(limit: Int) throws(HoopxError) -> [SessionSummary] {
        try read { try SessionRow.summaries(where: "true", [], limit: limit, in: $0) }
    }

    public func sessions(prefix: String, limit: Int) throws(HoopxError) -> [SessionSummary] {
        try read { try SessionRow.summaries(prefix: prefix, limit: limit, in: $0) }
    }

    public func openSessions() throws(HoopxError) -> [SessionRecord] {
        try read { try SessionRow.open(in: $0) }
    }

    public func contents(of session: SessionID) throws(HoopxError) -> RecordBatch {
        try read { database in
            var batch = RecordBatch()
            batch.connections = try ConnectionRow.all(of: session, in: database)
            batch.requests = try RequestRow.all(of: session, in: database)
            batch.denials = try DenialRow.all(of: session, in: database)
            batch.executions = try ExecutionRow.all(of: session, in: database)
            batch.leases = try LeaseRow.all(of: session, in: database)
            batch.executionCounts = try ExecutionRow.counts(of: session, in: database)
            return batch
        }
    }

    private static func insert(_ batch: RecordBatch, of session: SessionID, into database: Database) throws {
        try ConnectionRow.insert(batch.connections, of: session, into: database)
        try RequestRow.insert(batch.requests, of: session, into: database)
        try DenialRow.insert(batch.denials, of: session, into: database)
        try ExecutionRow.insert(batch.executions, batch.executionCounts, of: session, into: database)
        try LeaseRow.insert(batch.leases, of: session, into: database)
        if !batch.facts.isEmpty { try SessionRow.add(batch.facts, to: session, in: database) }
    }

    private func write(_ body: (Database) throws -> Void) throws(HoopxError) {
        try Self.explained(path, "writing to the audit database") { try queue.write(body) }
    }

    private func read<Result>(_ body: (Database) throws -> Result) throws(HoopxError) -> Result {
        try Self.explained(path, "reading the audit database") { try queue.read(body) }
    }

    private static func explained<Result>(
        _ path: String, _ doing: String, _ body: () throws -> Result
    ) throws(HoopxError) -> Result {
        do {
            return try body()
        } catch AuditSchemaError.foreignDatabase {
            throw HoopxError(
                .startup, doing: doing, found: "\(path) is an SQLite database of another program",
                hint: "move it away, and hoopx makes a new one")
        } catch AuditSchemaError.newerVersion(let found) {
            throw HoopxError(
                .startup, doing: doing,
                found: "\(path) has format \(found), this hoopx knows formats up to \(AuditSchema.version)",
                hint: "use the newer hoopx that wrote it")
        } catch let error as DamagedRow {
            throw HoopxError(.startup, doing: doing, found: "\(path) is damaged: \(error.found)")
        } catch {
            // Not the error's own text: it could repeat what was to be stored.
            let reason = (error as? DatabaseError).map { $0.message ?? $0.resultCode.description } ?? "it failed"
            throw HoopxError(.startup, doing: doing, found: "\(path): \(reason)", hint: hint(for: error))
        }
    }

    private static func hint(for error: any Error) -> String? {
        switch (error as? DatabaseError)?.resultCode {
        case .SQLITE_FULL: "free some space on its disk"
        case .SQLITE_NOTADB, .SQLITE_CORRUPT: "move it away, and hoopx makes a new one"
        default: nil
        }
    }
}
