import GRDB
import HoopxCore

/// The tables that follow from the events: what an event adds to them or changes in them.
///
/// Rows are a function of the events and of nothing else, so that whoever has the events can make them again and compare.
enum Projection {
    /// The tables whose rows all come from here.
    static let tables = [
        "session", "connection", "request", "denial", "execution", "execution_count", "lease", "tool_use", "masking",
        "terminal", "legal_hold",
    ]

    private static let holdInsertion = RowInsertion.orReplacement(into: "legal_hold", "session since reason")

    static func apply(_ event: AuditEvent, to database: Database) throws {
        let session = event.session.description
        switch event.content {
        case .sessionStart(let record): try SessionRow.upsert(record, in: database)
        case .sessionEnd(let record): try SessionRow.end(session, record, in: database)
        case .connection(let record): try ConnectionRow.upsert(record, of: session, in: database)
        case .egressDenied(let record): try DenialRow.upsert(record, of: session, in: database)
        case .request(let record, _): try RequestRow.upsert(record, of: session, in: database)
        case .response(let outcome, _): try RequestRow.update(outcome, of: session, in: database)
        case .toolUse(let record): try ToolUseRow.insert(record, event.sequence, of: session, in: database)
        case .decision(let record): try RequestRow.update(record, of: session, in: database)
        case .masked(let record): try MaskingRow.upsert(record, of: session, in: database)
        case .terminal(let record): try TerminalRow.upsert(record, of: session, in: database)
        case .credential(let record): try LeaseRow.upsert(record, of: session, in: database)
        case .execution(let record): try ExecutionRow.upsert(record, of: session, in: database)
        case .executionCounts(let counts): try ExecutionRow.upsert(counts, of: session, in: database)
        case .legalHold(let record):
            try database.run(
                record.isHeld
                    ? Self.holdInsertion : "DELETE FROM legal_hold WHERE session = ?"
            ) { row in
                row.bind(record.session.description)
                guard record.isHeld else { return }
                row.bind(event.moment.time.microseconds)
                row.bind(record.reason)
            }
        case .retention(let record):
            for session in record.sessions { try delete(session, in: database) }
        case .error, .logKey: break
        }
    }

    /// Deletes the rows of a session.
    private static func delete(_ session: SessionID, in database: Database) throws {
        for table in tables {
            try database.run("DELETE FROM \(table) WHERE \(table == "session" ? "id" : "session") = ?") { row in
                row.bind(session.description)
            }
        }
    }
}
