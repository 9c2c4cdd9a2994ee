import GRDB
import HoopxCore

/// `MaskingRecord` as rows of the table `masking`, one for each entity.
enum MaskingRow {
    private static let insertion = RowInsertion.plain(
        into: "masking",
        "session request place entity count")

    static func upsert(_ record: MaskingRecord, of session: String, in database: Database) throws {
        try database.run("DELETE FROM masking WHERE session = ? AND request = ? AND place = ?") { row in
            row.bind(session)
            row.bind(record.request ?? 0)
            row.bind(record.place.rawValue)
        }
        for (entity, count) in record.counts {
            try database.run(insertion) { row in
                row.bind(session)
                row.bind(record.request ?? 0)
                row.bind(record.place.rawValue)
                row.bind(entity)
                row.bind(count)
            }
        }
    }

    static func all(of session: SessionID, in database: Database) throws -> [MaskingRecord] {
        let sql = "SELECT request, place, entity, count FROM masking WHERE session = ? ORDER BY request, place"
        var records: [MaskingRecord] = []
        for row in try Row.fetchAll(database, sql: sql, arguments: [session.description]) {
            guard let place = MaskingRecord.Place(rawValue: row["place"]) else {
                throw DamagedRow(found: "where something was masked cannot be read")
            }
            let number: Int64 = row["request"]
            let request = number == 0 ? nil : number
            var counts: [String: Int64] = [:]
            if let last = records.last, last.request == request, last.place == place {
                counts = last.counts
                records.removeLast()
            }
            counts[row["entity"]] = row["count"]
            records.append(MaskingRecord(request: request, place: place, counts: counts))
        }
        return records
    }
}
