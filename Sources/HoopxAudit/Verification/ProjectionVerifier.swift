import GRDB

/// Makes the rows that follow from the events anew, beside those of the record, and compares.
struct ProjectionVerifier {
    private let database: Database
    /// Sessions from before there was a log, for whose rows nothing vouches.
    private(set) var unvouched: Set<String> = []

    init(_ database: Database) { self.database = database }

    func apply(_ event: AuditEvent, at position: Int64, _ findings: inout FindingLog) {
        do {
            try Projection.apply(event, to: database)
        } catch {
            findings.add(.leaf, "leaf \(position)", "no row can be made of it: \(error)")
        }
    }

    /// - Returns: how many rows the record has.
    mutating func compare(_ findings: inout FindingLog) throws -> Int64 {
        unvouched = try String.fetchSet(
            database,
            sql: """
                SELECT id FROM record.session
                WHERE NOT EXISTS (SELECT 1 FROM record.event WHERE session = id)
                    AND NOT EXISTS (SELECT 1 FROM record.event WHERE leaf = 0 AND time <= started_at)
                """)
        var count: Int64 = 0
        for table in Projection.tables {
            let columns = try Row.fetchAll(database, sql: "PRAGMA main.table_info(\(table))")
            let names = columns.map { $0["name"] as String }
            let key = columns.map { (place: $0["pk"] as Int, name: $0["name"] as String) }
                .filter { $0.place > 0 }.sorted { $0.place < $1.place }.map(\.name)
            count += try Int64.fetchOne(database, sql: "SELECT count(*) FROM record.\(table)") ?? 0
            try difference(of: table, key, in: "main", butNotIn: "record", "it is missing", &findings)
            try difference(of: table, key, in: "record", butNotIn: "main", "no event says that it was", &findings)
            try changes(in: table, key, names.filter { !key.contains($0) }, &findings)
        }
        return count
    }

    private func difference(
        of table: String, _ key: [String], in one: String, butNotIn other: String, _ found: String,
        _ findings: inout FindingLog
    ) throws {
        let list = key.joined(separator: ", ")
        let rows = try Row.fetchCursor(
            database, sql: "SELECT \(list) FROM \(one).\(table) EXCEPT SELECT \(list) FROM \(other).\(table)")
        while let row = try rows.next() {
            // The first column of each key is the session.
            guard !unvouched.contains(row[0]) else { continue }
            findings.add(.row, Self.subject(table, row, key), found)
        }
    }

    private func changes(
        in table: String, _ key: [String], _ names: [String], _ findings: inout FindingLog
    ) throws {
        guard !names.isEmpty else { return }
        let differ = names.map { "made.\($0) IS NOT stored.\($0)" }
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT \((key.map { "made.\($0)" } + differ).joined(separator: ", "))
                FROM main.\(table) AS made JOIN record.\(table) AS stored
                    ON \(key.map { "made.\($0) = stored.\($0)" }.joined(separator: " AND "))
                WHERE \(differ.joined(separator: " OR "))
                """)
        while let row = try rows.next() {
            let changed = names.indices.filter { row[key.count + $0] as Bool }.map { names[$0] }
            findings.add(
                .row, Self.subject(table, row, key),
                "its \(changed.joined(separator: " and ")) \(changed.count == 1 ? "is" : "are") not what the events say"
            )
        }
    }

    /// `row (20261126-0a1b, 3) of the table request`.
    private static func subject(_ table: String, _ row: Row, _ key: [String]) -> String {
        let values = key.indices.map { index in
            let value: DatabaseValue = row[index]
            return String.fromDatabaseValue(value) ?? value.description
        }
        return "row (\(values.joined(separator: ", "))) of the table \(table)"
    }
}
