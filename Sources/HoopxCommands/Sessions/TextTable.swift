/// Columns of text that fit a terminal: where there is no room for all of them some are left out, then lines are cut.
struct TextTable {
    private var rows: [[String]]
    private let spare: [String]

    /// What the last column has at least before another is left out for it, in characters.
    private static let lastWidth = 20

    /// - Parameter spare: the columns that a narrow terminal does without, by their headers; the first goes first.
    init(header: [String], spare: [String] = []) {
        rows = [header]
        self.spare = spare
    }

    mutating func add(_ row: [String]) { rows.append(row.map(Console.printable)) }

    /// The header, then the rows, each padded to its column.
    ///
    /// - Parameter width: of the terminal, or nil where lines may have any length (a pipe must lose nothing).
    func lines(width: Int?) -> [String] {
        let header = rows.first ?? []
        let widths = header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let shown = columns(of: header, widths, within: width)
        return rows.map { row in
            let line = shown.map { column in
                // The last column is not padded: no line ends in blanks.
                let padding = column == shown.last ? 0 : widths[column] - row[column].count
                return row[column] + String(repeating: " ", count: padding)
            }.joined(separator: "  ")
            return Self.fit(line, to: width)
        }
    }

    /// A line that is cut, and says so, where it does not fit.
    static func fit(_ line: String, to width: Int?) -> String {
        guard let width, line.count > width else { return line }
        return String(line.prefix(max(1, width - 1))) + "…"
    }

    private func columns(of header: [String], _ widths: [Int], within width: Int?) -> [Int] {
        var columns = Array(header.indices)
        guard let width else { return columns }
        for name in spare {
            let last = columns.last.map { min(widths[$0], Self.lastWidth) } ?? 0
            let needed = columns.dropLast().reduce(last) { $0 + widths[$1] + 2 }
            if needed <= width { break }
            columns.removeAll { header[$0] == name }
        }
        return columns
    }
}
