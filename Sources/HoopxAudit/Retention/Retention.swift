import FoundationEssentials
import GRDB
import HoopxCore

/// Deletes the payloads, rows and bodies of sessions that ended long ago. The events' hashes stay in the log, and an event
/// says what was deleted.
public struct Retention: Sendable {
    /// What was deleted, or would be.
    public struct Outcome: Hashable, Sendable {
        public internal(set) var sessions: [SessionID] = []
        public internal(set) var eventCount: Int64 = 0
        public internal(set) var bodyCount: Int64 = 0
        /// Sessions of that age that are on legal hold.
        public internal(set) var heldCount: Int64 = 0
        /// Whether pieces of bodies stay for now, because what sessions record that run now may consist of them.
        public internal(set) var keepsPieces = false
    }

    /// How many sessions are deleted in one transaction: other runs wait for its end.
    private static let batch = 50

    private let store: SQLiteAuditStore
    private let age: Duration

    /// - Parameter age: how long a session is kept after its end.
    public init(store: SQLiteAuditStore, age: Duration) {
        self.store = store
        self.age = age
    }

    /// What `prune` would delete.
    public func preview() throws(HoopxError) -> Outcome {
        let before = Timestamp.now() - age
        return try store.read { database in
            var outcome = Outcome()
            outcome.sessions = try Self.sessions(endedBefore: before, isHeld: false, limit: -1, in: database)
            outcome.heldCount = Int64(
                try Self.sessions(endedBefore: before, isHeld: true, limit: -1, in: database).count)
            for session in outcome.sessions { try Self.count(session, &outcome, in: database) }
            return outcome
        }
    }

    /// Deletes what is old.
    ///
    /// - Parameter principal: whoever does it, for the event.
    public func prune(for principal: Principal) throws(HoopxError) -> Outcome {
        try prune(endedBefore: .now() - age, for: principal)
    }

    /// Deletes what is old by the day: the first call of a day (of UTC) finds what there is, the others cost a look.
    public func pruneDaily(for principal: Principal) throws(HoopxError) -> Outcome {
        let day: Int64 = 86_400 * 1_000_000
        let now = Timestamp.now().microseconds
        return try prune(endedBefore: Timestamp(microseconds: now - now % day) - age, for: principal)
    }

    private func prune(endedBefore before: Timestamp, for principal: Principal) throws(HoopxError) -> Outcome {
        var outcome = Outcome()
        while true {
            let sessions = try pruneBatch(endedBefore: before, for: EventPrincipal(principal), &outcome)
            outcome.sessions += sessions
            if sessions.count < Self.batch { break }
        }
        outcome.heldCount = try store.read { database in
            Int64(try Self.sessions(endedBefore: before, isHeld: true, limit: -1, in: database).count)
        }
        if !outcome.sessions.isEmpty { outcome.keepsPieces = try !deleteUnusedPieces() }
        return outcome
    }

    private func pruneBatch(
        endedBefore before: Timestamp, for principal: EventPrincipal, _ outcome: inout Outcome
    ) throws(HoopxError) -> [SessionID] {
        // A look first, which nobody waits for.
        let isAny = try store.read { database in
            try !Self.sessions(endedBefore: before, isHeld: false, limit: 1, in: database).isEmpty
        }
        guard isAny else { return [] }
        var deleted: [SessionID] = []
        var counts = Outcome()
        try store.transaction { database, state in
            // What is deleted is overwritten too.
            try database.execute(sql: "PRAGMA secure_delete = ON")
            deleted = try Self.sessions(endedBefore: before, isHeld: false, limit: Self.batch, in: database)
            guard !deleted.isEmpty else { return }
            for session in deleted { try Self.count(session, &counts, in: database) }
            let record = RetentionRecord(
                before: before, sessions: deleted, eventCount: counts.eventCount, bodyCount: counts.bodyCount)
            // This deletes the rows.
            try store.log.append(.retention(record), for: principal, to: &state, in: database)
            for session in deleted {
                let name = session.description
                try database.run("UPDATE event SET payload = NULL WHERE session = ? AND \(Self.isPrunable)") {
                    $0.bind(name)
                }
                try database.run("DELETE FROM body WHERE session = ?") { $0.bind(name) }
            }
        }
        outcome.eventCount += counts.eventCount
        outcome.bodyCount += counts.bodyCount
        return deleted
    }

    private static let isPrunable =
        "payload IS NOT NULL AND kind NOT IN ("
        + EventKind.allCases.filter(\.isKept).map { "'\($0.rawValue)'" }.joined(separator: ", ") + ")"

    private static func count(_ session: SessionID, _ outcome: inout Outcome, in database: Database) throws {
        outcome.eventCount +=
            try database.run("SELECT count(*) FROM event WHERE session = ? AND \(isPrunable)") {
                $0.bind(session.description)
            } ?? 0
        outcome.bodyCount +=
            try database.run("SELECT count(*) FROM body WHERE session = ?") { $0.bind(session.description) } ?? 0
    }

    /// The oldest first. Of one whose end nobody saw, the last event counts.
    private static func sessions(
        endedBefore before: Timestamp, isHeld: Bool, limit: Int, in database: Database
    ) throws -> [SessionID] {
        try String.fetchAll(
            database,
            sql: """
                SELECT id FROM session
                WHERE started_at < ?1 AND ending IS NOT NULL
                    AND coalesce(ended_at, (SELECT max(time) FROM event WHERE session = id), started_at) < ?1
                    AND \(isHeld ? "" : "NOT") EXISTS (SELECT 1 FROM legal_hold WHERE legal_hold.session = id)
                ORDER BY started_at LIMIT ?2
                """, arguments: [before.microseconds, limit]
        ).map { name in
            guard let session = SessionID(name) else { throw DamagedRow(found: "the name of a session cannot be read") }
            return session
        }
    }

    /// Deletes the pieces that no body consists of any more.
    ///
    /// - Returns: whether it could: not while sessions run, whose bodies are not there as a whole yet.
    private func deleteUnusedPieces() throws(HoopxError) -> Bool {
        var isDone = false
        try store.transaction { database, _ in
            guard try database.run("SELECT 1 FROM session WHERE ending IS NULL") == nil else { return }
            var used: Set<UInt64> = []
            let bodies = try Row.fetchCursor(database, sql: "SELECT chunks FROM body")
            while let row = try bodies.next() {
                guard let ids = VariableInteger.all(in: row[0] as Data) else {
                    throw DamagedRow(found: "a body's list of chunks cannot be read")
                }
                used.formUnion(ids)
            }
            // The last first: a chunk needs only earlier ones.
            let stored = try Row.fetchAll(database, sql: "SELECT id, base FROM chunk ORDER BY id DESC")
            for row in stored {
                let id: Int64 = row[0]
                if used.contains(UInt64(bitPattern: id)) {
                    if let base = row[1] as Int64? { used.insert(UInt64(bitPattern: base)) }
                    continue
                }
                try database.run("DELETE FROM chunk WHERE id = ?") { $0.bind(id) }
            }
            try database.run("UPDATE log_state SET chunk_generation = chunk_generation + 1")
            isDone = true
        }
        return isDone
    }
}

extension Timestamp {
    fileprivate static func - (time: Timestamp, age: Duration) -> Timestamp {
        let (seconds, attoseconds) = age.components
        return Timestamp(microseconds: time.microseconds - seconds * 1_000_000 - attoseconds / 1_000_000_000_000)
    }
}
