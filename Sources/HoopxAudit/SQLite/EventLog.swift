import GRDB
import HoopxCore
import HoopxTransparency

/// Appends events to the log, and what follows from them to the other tables, in the caller's transaction.
struct EventLog {
    let signing: CheckpointSigning
    /// How many events lie between two checkpoints, at most.
    let checkpointInterval: Int64

    /// - Parameters:
    ///   - events: of one session, in their order. Those that are there already are passed over.
    ///   - state: of the log at the beginning of the transaction.
    /// - Throws: `DamagedRow` where an event does not continue its session.
    func append(
        _ events: [LoggedEvent], of session: SessionID, to state: inout LogState, in database: Database
    ) throws {
        guard let first = events.first else { return }
        let signer = try signer(principal: first.event.principal, &state, in: database)
        let name = session.description
        var last = try Self.lastSequence(of: session, in: database)
        let sizeBefore = state.frontier.size
        var isEnd = false
        for logged in events {
            let event = logged.event
            guard event.sequence > last else {
                try Self.check(logged, isStoredIn: database)
                continue
            }
            guard event.sequence == last + 1 else {
                throw DamagedRow(found: "event \(last + 1) of session \(name) is missing")
            }
            last = event.sequence
            try insert(logged, &state, in: database)
            if case .sessionEnd = event.content { isEnd = true }
        }
        guard state.frontier.size > sizeBefore else { return }
        try state.store(in: database)
        let isDue = sizeBefore / checkpointInterval != state.frontier.size / checkpointInterval
        if isEnd || isDue { try makeCheckpoint(of: state.frontier, by: signer, in: database) }
    }

    /// Appends an event that belongs to no running session, as one of a session of its own.
    func append(
        _ content: AuditEvent.Content, for principal: EventPrincipal, to state: inout LogState, in database: Database
    ) throws {
        let moment = EventMoment.now()
        let session = SessionID.generate(day: moment.time.day)
        let event = AuditEvent(
            session: session, sequence: 1, moment: moment, principal: principal, content: content)
        try append([LoggedEvent(event)], of: session, to: &state, in: database)
    }

    /// The newest checkpoint, made now where none covers all events.
    ///
    /// - Returns: nil where the log has no events.
    func checkpoint(_ state: LogState, in database: Database) throws -> SignedCheckpoint? {
        guard state.frontier.size > 0, let origin = state.origin else { return nil }
        let sql = "SELECT note FROM checkpoint WHERE size = ?"
        if let note = try String.fetchOne(database, sql: sql, arguments: [state.frontier.size]) {
            return try SignedCheckpoint(note)
        }
        return try makeCheckpoint(of: state.frontier, by: try signing.signer(of: origin), in: database)
    }

    /// What signs the log. Where that is not what did before, an event says so.
    private func signer(
        principal: EventPrincipal, _ state: inout LogState, in database: Database
    ) throws -> LogSigner {
        if state.origin == nil { try state.name(LogKeyFile.newOrigin(), in: database) }
        guard let origin = state.origin else { throw DamagedRow(found: "its log has no name") }
        let signer = try signing.signer(of: origin)
        let key = signer.verifier.description
        guard key != state.verifierKey else { return signer }
        let record = LogKeyRecord(key: key, previous: state.verifierKey)
        try state.sign(with: key, in: database)
        try append(.logKey(record), for: principal, to: &state, in: database)
        return signer
    }

    private static let eventInsertion = RowInsertion.plain(
        into: "event", "leaf session sequence kind time payload leaf_hash")
    private static let nodeInsertion = RowInsertion.plain(into: "tree_node", "level number hash")
    private static let checkpointInsertion = RowInsertion.orReplacement(into: "checkpoint", "size time note")

    private func insert(_ logged: LoggedEvent, _ state: inout LogState, in database: Database) throws {
        let event = logged.event
        try database.run(Self.eventInsertion) { row in
            row.bind(state.frontier.size)
            row.bind(event.session.description)
            row.bind(event.sequence)
            row.bind(event.kind.rawValue)
            row.bind(event.moment.time.microseconds)
            row.bind(logged.payload)
            row.bind(logged.leafHash.bytes)
        }
        for node in state.frontier.append(logged.leafHash) {
            try database.run(Self.nodeInsertion) { row in
                row.bind(Int64(node.level))
                row.bind(node.number)
                row.bind(node.hash.bytes)
            }
        }
        try Projection.apply(event, to: database)
    }

    /// 0 where it has none.
    static func lastSequence(of session: SessionID, in database: Database) throws -> Int64 {
        try database.run("SELECT max(sequence) FROM event WHERE session = ?") { $0.bind(session.description) } ?? 0
    }

    @discardableResult private func makeCheckpoint(
        of frontier: TreeFrontier, by signer: LogSigner, in database: Database
    ) throws -> SignedCheckpoint {
        let checkpoint = Checkpoint(origin: signer.verifier.name, size: frontier.size, root: frontier.root)
        let note = try signer.sign(checkpoint)
        try database.run(Self.checkpointInsertion) { row in
            row.bind(frontier.size)
            row.bind(Timestamp.now().microseconds)
            row.bind(note.encoded)
        }
        return try SignedCheckpoint(note)
    }

    private static func check(_ logged: LoggedEvent, isStoredIn database: Database) throws {
        let same = try database.run(
            "SELECT count(*) FROM event WHERE session = ? AND sequence = ? AND leaf_hash = ?"
        ) { row in
            row.bind(logged.event.session.description)
            row.bind(logged.event.sequence)
            row.bind(logged.leafHash.bytes)
        }
        guard same == 1 else {
            throw DamagedRow(
                found: "event \(logged.event.sequence) of session \(logged.event.session) is another one")
        }
    }
}
