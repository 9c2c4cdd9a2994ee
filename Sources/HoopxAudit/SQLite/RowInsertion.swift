/// Statements that insert rows.
enum RowInsertion {
    /// What inserts a row, or replaces the one with its key.
    ///
    /// - Parameter columns: each with a value. They are named since a newer hoopx may have added others, which have
    ///   defaults, while this one runs (`AuditSchema`).
    static func orReplacement(into table: String, _ columns: String) -> String {
        "INSERT OR REPLACE INTO " + row(of: table, columns)
    }

    /// What inserts a row, and fails where there is one with its key.
    static func plain(into table: String, _ columns: String) -> String { "INSERT INTO " + row(of: table, columns) }

    private static func row(of table: String, _ columns: String) -> String {
        let names = columns.split(separator: " ")
        let values = names.map { _ in "?" }.joined(separator: ", ")
        return "\(table) (\(names.joined(separator: ", "))) VALUES (\(values))"
    }
}
