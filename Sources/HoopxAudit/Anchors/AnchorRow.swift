import FoundationEssentials
import GRDB
import HoopxCore

extension AnchorRecord {
    /// In the order of their sizes. What this hoopx does not know is left out.
    static func all(in database: Database, schema: String = "main") throws -> [AnchorRecord] {
        try Row.fetchAll(
            database,
            sql: "SELECT size, kind, place, time, evidence FROM \(schema).anchor ORDER BY size, kind, place"
        ).compactMap { row in
            guard let kind = Kind(rawValue: row[1]) else { return nil }
            return AnchorRecord(
                size: row[0], kind: kind, place: row[2], time: Timestamp(microseconds: row[3]),
                evidence: Array(row[4] as Data))
        }
    }

    private static let insertion = RowInsertion.orReplacement(into: "anchor", "size kind place time evidence")

    func upsert(into database: Database) throws {
        try database.cachedStatement(sql: Self.insertion)
            .execute(arguments: [size, kind.rawValue, place, time.microseconds, Data(evidence)])
    }
}
