import GRDB
import HoopxCore
import HoopxTransparency

/// Appends events to the log, and what follows from them to the other tables, in the caller's transaction.
struct EventLog {
    /// nil where no checkpoints are made.
    let signer: LogSigner?
    /// How many events lie between two checkpoints, at most.
    let checkpointInterval: Int64

    /// - Parameters:
    ///   - events: of one session, in their order. Those that are there already are passed over.
    ///   - state: of the log at the beginning of the transaction.
    /// - Throws: `DamagedRow` where an event does not continue its session.
    func append(
        _ events: [LoggedEvent], of session: SessionID, to state: inout LogState, in database: Database
    ) throws {
        guard !events.isEmpty else { return }
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
            try database.run("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)") { row in
                row.bind(state.frontier.size)
                row.bind(name)
                row.bind(event.sequence)
                row.bind(event.kind.rawValue)
                row.bind(event.moment.time.microseconds)
                row.bind(logged.payload)
                row.bind(logged.leafHash.bytes)
            }
            for node in state.frontier.append(logged.leafHash) {
                try database.run("INSERT INTO tree_node VALUES (?, ?, ?)") { row in
                    row.bind(Int64(node.level))
                    row.bind(node.number)
                    row.bind(node.hash.bytes)
                }
            }
            try Projection.apply(event, to: database)
            if case .sessionEnd = event.content { isEnd = true }
        }
        guard state.frontier.size > sizeBefore else { return }
        try state.store(in: database)
        let isDue = sizeBefore / checkpointInterval != state.frontier.size / checkpointInterval
        if isEnd || isDue { try makeCheckpoint(of: state.frontier, in: database) }
    }

    /// 0 where it has none.
    static func lastSequence(of session: SessionID, in database: Database) throws -> Int64 {
        try database.run("SELECT max(sequence) FROM event WHERE session = ?") { $0.bind(session.description) } ?? 0
    }

    private func makeCheckpoint(of frontier: TreeFrontier, in database: Database) throws {
        guard let signer else { return }
        let checkpoint = Checkpoint(origin: signer.verifier.name, size: frontier.size, root: frontier.root)
        let note = try signer.sign(checkpoint).encoded
        try database.run("INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?)") { row in
            row.bind(frontier.size)
            row.bind(Timestamp.now().microseconds)
            row.bind(note)
        }
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
