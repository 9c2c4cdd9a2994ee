/// One line of the result.
struct Line {
    let subject: String
    let without: String
    let with: String
    /// The difference or the ratio that hoopx is judged by.
    let price: String
    /// What the price or the figure must be; nil where there is no goal.
    var goal: (text: String, isMet: Bool)?
    /// The same work through what users would run instead.
    var peers: [(name: String, value: String)] = []
}

/// Prints the result as a table that fits a terminal as well as a Markdown page.
struct Report {
    private var rows = [["", "without hoopx", "with hoopx", "price", "goal", "", "beside it"]]

    mutating func add(_ line: Line) {
        let verdict = line.goal.map { $0.isMet ? "met" : "MISSED" } ?? ""
        let peers = line.peers.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
        rows.append([line.subject, line.without, line.with, line.price, line.goal?.text ?? "", verdict, peers])
    }

    func print() {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        for (index, row) in rows.enumerated() {
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }
            Swift.print("| " + cells.joined(separator: " | ") + " |")
            if index == 0 { Swift.print("|" + widths.map { String(repeating: "-", count: $0 + 2) + "|" }.joined()) }
        }
    }
}
