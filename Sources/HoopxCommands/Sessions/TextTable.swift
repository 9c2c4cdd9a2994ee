/// Columns of text that fit a terminal: the last column gives way first, then the line is cut.
struct TextTable {
    private var rows: [[String]]

    init(header: [String]) { rows = [header] }

    mutating func add(_ row: [String]) { rows.append(row.map(Console.printable)) }

    /// The header, then the rows, each padded to its column.
    ///
    /// - Parameter width: of the terminal, or nil where lines may have any length (a pipe must lose nothing).
    func lines(width: Int?) -> [String] {
        let columns = rows.first?.count ?? 0
        let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let line = zip(row, widths).enumerated().map { index, cell in
                // The last column is not padded: no line ends in blanks.
                index == columns - 1 ? cell.0 : cell.0 + String(repeating: " ", count: cell.1 - cell.0.count)
            }.joined(separator: "  ")
            guard let width, line.count > width else { return line }
            return String(line.prefix(max(1, width - 1))) + "…"
        }
    }
}
