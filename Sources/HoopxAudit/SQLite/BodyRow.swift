import Crypto
import GRDB
import HoopxCore

/// Bodies as rows of the table `body`.
enum BodyRow {
    private static let insertion = RowInsertion.orReplacement(
        into: "body",
        "session request direction length sha256 truncation chunks content timings")

    static func upsert(
        _ end: BodyEnd, _ key: BodyKey, chunks: [UInt8], content: [UInt8]?, of session: SessionID, in database: Database
    ) throws {
        try database.run(insertion) { row in
            row.bind(session.description)
            row.bind(key.request)
            row.bind(key.direction.rawValue)
            row.bind(end.body.length)
            row.bind(end.body.sha256)
            row.bind(end.body.truncation?.rawValue)
            row.bind(chunks)
            row.bind(content)
            row.bind(end.timings)
        }
    }

    static func truncation(_ text: String?) throws -> RecordedBody.Truncation? {
        guard let text else { return nil }
        guard let truncation = RecordedBody.Truncation(rawValue: text) else {
            throw DamagedRow(found: "why a body is truncated cannot be read")
        }
        return truncation
    }

    /// - Throws: `DamagedRow` where it is not what it was when it was stored.
    static func body(_ key: BodyKey, of session: SessionID, in database: Database) throws -> StoredBody? {
        let sql = "SELECT * FROM body WHERE session = ? AND request = ? AND direction = ?"
        let arguments: StatementArguments = [session.description, key.request, key.direction.rawValue]
        guard let row = try Row.fetchOne(database, sql: sql, arguments: arguments) else { return nil }
        let damaged = DamagedRow(found: "the \(key.direction.rawValue) body of request \(key.request) cannot be read")
        guard let ids = VariableInteger.all(in: row.bytes("chunks") ?? [0x80]),
            let timings = BodyTimings(encoded: row.bytes("timings") ?? [0x80])
        else { throw damaged }
        let recorded = RecordedBody(
            length: row["length"], sha256: row["sha256"], truncation: try truncation(row["truncation"]))
        var reader = ChunkReader(database)
        var bytes: [UInt8] = []
        if let content = row.bytes("content") {
            guard let whole = ChunkDecompressor().bytes(of: content, length: recorded.length) else { throw damaged }
            bytes = whole
        }
        for id in ids {
            guard case .success(let piece) = try reader.read(id) else { throw damaged }
            bytes += piece
        }
        guard Int64(bytes.count) == recorded.length,
            Hexadecimal.text(SHA256.hash(data: bytes)) == recorded.sha256
        else { throw damaged }
        return StoredBody(bytes: bytes, recorded: recorded, timings: timings)
    }
}
