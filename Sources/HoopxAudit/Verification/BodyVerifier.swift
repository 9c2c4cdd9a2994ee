import Crypto
import FoundationEssentials
import GRDB
import HoopxCore

/// Compares the recorded bodies with what the events say of them.
struct BodyVerifier {
    private let database: Database
    private var chunks: ChunkReader

    init(_ database: Database) throws {
        self.database = database
        chunks = ChunkReader(database, schema: "record")
        try database.execute(
            sql: """
                CREATE TEMPORARY TABLE told_body (
                    session TEXT, request INTEGER, direction TEXT, length INTEGER, sha256 TEXT, truncation TEXT,
                    leaf INTEGER, PRIMARY KEY (session, request, direction)) WITHOUT ROWID
                """)
    }

    /// Takes down what an event says of bodies. A later event has the last word.
    func take(_ event: AuditEvent, at position: Int64) throws {
        switch event.content {
        case .request(let request, let bodies): try take(bodies, of: request.number, event.session, position)
        case .response(let outcome, let bodies): try take(bodies, of: outcome.number, event.session, position)
        case .terminal(let terminal): try take(terminal.body, .terminal, event.session, position)
        default: break
        }
    }

    private func take(
        _ bodies: RecordedBodies, of number: Int64, _ session: SessionID, _ position: Int64
    ) throws {
        if let body = bodies.request {
            try take(body, BodyKey(request: number, direction: .request), session, position)
        }
        if let body = bodies.response {
            try take(body, BodyKey(request: number, direction: .response), session, position)
        }
    }

    private func take(_ body: RecordedBody, _ key: BodyKey, _ session: SessionID, _ position: Int64) throws {
        try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO temp.told_body VALUES (?, ?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [
            session.description, key.request, key.direction.rawValue, body.length, body.sha256,
            body.truncation?.rawValue, position,
        ])
    }

    /// - Parameter pruned: sessions whose bodies were deleted for their age.
    /// - Returns: how many bodies there are.
    mutating func verify(pruned: Set<String>, _ findings: inout FindingLog) throws -> Int64 {
        var count: Int64 = 0
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT session, request, direction, stored.length, stored.sha256, stored.truncation, chunks, leaf,
                    told.length IS stored.length AND told.sha256 IS stored.sha256
                        AND told.truncation IS stored.truncation, content
                FROM record.body AS stored LEFT JOIN temp.told_body AS told USING (session, request, direction)
                """)
        while let row = try rows.next() {
            count += 1
            let subject = Self.subject(row)
            guard let leaf = row[7] as Int64? else {
                findings.add(.body, subject, "no event tells of it")
                continue
            }
            if !(row[8] as Bool) { findings.add(.body, subject, "it is not what leaf \(leaf) tells of it") }
            if let problem = try problem(
                chunks: row[6], content: row[9], length: row[3], sha256: row[4])
            {
                findings.add(.body, subject, problem)
            }
        }
        let missing = try Row.fetchCursor(
            database,
            sql: """
                SELECT session, request, direction, leaf FROM temp.told_body AS told WHERE NOT EXISTS (
                    SELECT 1 FROM record.body AS stored WHERE stored.session = told.session
                        AND stored.request = told.request AND stored.direction = told.direction)
                """)
        while let row = try missing.next() {
            guard !pruned.contains(row[0]) else { continue }
            let subject = Self.subject(row)
            findings.add(.body, subject, "leaf \(row[3] as Int64) tells of it, and it is gone")
        }
        return count
    }

    private static func subject(_ row: Row) -> String {
        let (session, request, direction) = (row[0] as String, row[1] as Int64, row[2] as String)
        guard direction != BodyDirection.terminal.rawValue else { return "terminal recording of session \(session)" }
        return "\(direction) body of request \(request) of session \(session)"
    }

    private mutating func problem(
        chunks list: Data, content: Data?, length: Int64, sha256: String
    ) throws -> String? {
        guard let ids = VariableInteger.all(in: list) else { return "its list of chunks is none" }
        var hash = SHA256()
        var total: Int64 = 0
        if let content {
            guard let bytes = ChunkDecompressor().bytes(of: [UInt8](content), length: length) else {
                return "it cannot be decompressed"
            }
            hash.update(data: bytes)
            total = Int64(bytes.count)
        }
        for id in ids {
            switch try chunks.read(id) {
            case .success(let bytes):
                hash.update(data: bytes)
                total += Int64(bytes.count)
            case .failure(let problem): return problem.found
            }
        }
        guard total == length else { return "it has \(total) bytes instead of \(length)" }
        return Hexadecimal.text(hash.finalize()) == sha256
            ? nil : "its bytes are not those that were recorded: they have another SHA-256"
    }
}
