import GRDB
import HoopxCore
import HoopxTransparency
import Synchronization

/// The audit database of one user: SQLite in WAL mode, shared by all hoopx processes of that user.
public final class SQLiteAuditStore: AuditStore {
    let path: String
    let queue: DatabaseQueue
    let log: EventLog
    private let chunks = ChunkTable()
    private let durability: AuditSettings.Durability
    private let synchronize: @Sendable () throws(HoopxError) -> Void
    /// A sync has failed, and what was committed before may not be on the disk.
    private let isUncertain = Atomic(false)

    /// How long a write waits for other processes', in seconds. Theirs take milliseconds, but on a busy disk many may be
    /// waiting.
    private static let busyTimeout = 20.0

    /// Opens `audit.sqlite` in a directory (`$XDG_STATE_HOME/hoopx`), and makes both where they are missing, with modes
    /// 0700 and 0600.
    ///
    /// - Throws: where they are not the caller's alone, the file is no audit database, or is of a newer hoopx.
    public convenience init(
        directory: String, settings: AuditSettings = AuditSettings()
    ) throws(HoopxError) {
        let file = AuditFile(directory: directory)
        try file.prepare()
        try self.init(path: file.path, settings: settings, signing: CheckpointSigning(directory: directory))
    }

    /// Opens the database where there is one, without making anything.
    ///
    /// - Returns: nil where the directory has none: no session was ever recorded.
    public static func existing(
        directory: String, settings: AuditSettings = AuditSettings()
    ) throws(HoopxError) -> SQLiteAuditStore? {
        let file = AuditFile(directory: directory)
        guard try file.exists() else { return nil }
        return try SQLiteAuditStore(
            path: file.path, settings: settings, signing: CheckpointSigning(directory: directory))
    }

    /// - Parameter synchronize: waits until the disk has what was committed.
    init(
        path: String, settings: AuditSettings, signing: CheckpointSigning,
        synchronize: (@Sendable () throws(HoopxError) -> Void)? = nil
    ) throws(HoopxError) {
        var configuration = Configuration()
        configuration.label = "hoopx.audit"
        configuration.busyMode = .timeout(Self.busyTimeout)
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { database in
            // SQLite waits for the disk when it moves the log's content into the database, and at no other time: what a
            // commit waits for is `WriteAheadLogFile`'s business. GRDB would choose the same if it was told to use WAL; the
            // schema chooses WAL itself.
            // The first process that opens the database after the last has gone reads the whole log: it is kept at 4 MiB.
            try database.execute(
                sql: "\(AuditSchema.caution); PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 1000")
        }
        self.path = path
        durability = settings.durability
        log = EventLog(signing: signing, checkpointInterval: max(1, settings.checkpointInterval))
        if let synchronize {
            self.synchronize = synchronize
        } else {
            let file = WriteAheadLogFile(ofDatabase: path)
            self.synchronize = { () throws(HoopxError) in try file.synchronize() }
        }
        queue = try Self.explained(path, "opening the audit database") {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.writeWithoutTransaction { database in
                try AuditSchema.migrate(database)
                guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == 1 else {
                    throw DatabaseError(message: "it does not take PRAGMA synchronous = NORMAL")
                }
            }
            return queue
        }
        // Never closed: the last connection's close would write the log back, wait for the disk three times and remove
        // the log, at the end of every run, and the next run would make it anew. Nothing is lost without it.
        _ = Unmanaged.passRetained(queue)
    }

    // MARK: Writing

    public func begin(_ batch: EventBatch) throws(HoopxError) {
        try append(batch) { database in
            if try SessionRow.exists(batch.session, in: database) { throw SessionExists() }
        }
    }

    public func write(_ batch: EventBatch) throws(HoopxError) { try append(batch) }

    public func closeInterrupted(_ session: SessionRecord) throws(HoopxError) {
        try transaction { database, state in
            guard try SessionRow.isOpen(session.id, in: database) else { return }
            let end = SessionEndRecord(.interrupted, at: nil)
            let last = try EventLog.lastSequence(of: session.id, in: database)
            // It began before there was a log: its rows are all there is of it.
            guard last > 0 else { return try SessionRow.end(session.id.description, end, in: database) }
            let event = AuditEvent(
                session: session.id, sequence: last + 1, moment: .now(), principal: EventPrincipal(session.principal),
                content: .sessionEnd(end))
            try log.append([LoggedEvent(event)], of: session.id, to: &state, in: database)
        }
    }

    private func append(_ batch: EventBatch, if check: (Database) throws -> Void = { _ in }) throws(HoopxError) {
        try write { database in
            // A body's pieces are compressed before anyone has to wait for it.
            let generation = try ChunkTable.generation(in: database)
            var prepared = try chunks.prepare(batch.bodies, generation: generation, in: database)
            var places: [ChunkHash: Int64] = [:]
            try database.inTransaction(.immediate) {
                try check(database)
                var state = try LogState(in: database)
                if state.chunkGeneration != generation {
                    prepared = try chunks.prepare(batch.bodies, generation: state.chunkGeneration, in: database)
                }
                places = try chunks.store(batch.bodies, prepared, of: batch.session, in: database)
                try log.append(batch.events, of: batch.session, to: &state, in: database)
                return .commit
            }
            chunks.remember(places, in: database)
        }
    }

    /// Runs a transaction that writes to the log, and makes it durable.
    func transaction(_ body: (Database, inout LogState) throws -> Void) throws(HoopxError) {
        try write { database in
            try database.inTransaction(.immediate) {
                var state = try LogState(in: database)
                try body(database, &state)
                return .commit
            }
        }
    }

    private func write(_ body: (Database) throws -> Void) throws(HoopxError) {
        try Self.explained(path, "writing to the audit database") {
            try queue.writeWithoutTransaction { database in
                if isUncertain.load(ordering: .relaxed) { try rewrite(database) }
                try body(database)
            }
        }
        guard durability == .full else { return }
        do throws(HoopxError) {
            try synchronize()
        } catch {
            isUncertain.store(true, ordering: .relaxed)
            throw error
        }
    }

    /// Makes what was committed durable once more after a sync has failed.
    ///
    /// Another sync of the same file would succeed and prove nothing: the kernel has taken the pages that it could not write
    /// for clean. A complete checkpoint writes all of them elsewhere, into the database file, and syncs that.
    private func rewrite(_ database: Database) throws {
        let isBusy = try Bool.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        guard isBusy == false else { throw DatabaseError(message: "a sync has failed, and others use the database") }
        isUncertain.store(false, ordering: .relaxed)
    }

    // MARK: Reading

    public func sessions(matching filter: SessionFilter, limit: Int) throws(HoopxError) -> [SessionSummary] {
        try read { try SessionRow.summaries(matching: filter, limit: limit, in: $0) }
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
            batch.toolUses = try ToolUseRow.all(of: session, in: database)
            batch.maskings = try MaskingRow.all(of: session, in: database)
            batch.terminal = try TerminalRow.record(of: session, in: database)
            batch.executionCounts = try ExecutionRow.counts(of: session, in: database)
            return batch
        }
    }

    public func events(
        of session: SessionID, after sequence: Int64, limit: Int
    ) throws(HoopxError) -> [StoredEvent] {
        try read { try EventRow.all(of: session, after: sequence, limit: limit, in: $0) }
    }

    public func body(_ key: BodyKey, of session: SessionID) throws(HoopxError) -> StoredBody? {
        try read { try BodyRow.body(key, of: session, in: $0) }
    }

    func read<Result>(_ body: (Database) throws -> Result) throws(HoopxError) -> Result {
        try Self.explained(path, "reading the audit database") { try queue.read(body) }
    }
}
