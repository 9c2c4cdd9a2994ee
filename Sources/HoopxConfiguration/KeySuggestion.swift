/// Finds the key that a mistyped one was meant to be.
enum KeySuggestion {
    /// - Returns: the known key with the fewest edits, where a third of its letters are enough.
    static func closest(to word: String, among known: [String]) -> String? {
        // No key is long; a pasted paragraph is no mistyped key.
        guard word.utf8.count <= 64 else { return nil }
        let candidates = known.map { (key: $0, distance: distance(from: word.lowercased(), to: $0.lowercased())) }
        guard let best = candidates.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(1, best.key.utf8.count / 3) ? best.key : nil
    }

    /// The number of insertions, removals, replacements and swaps of neighbours between two words (the restricted
    /// Damerau-Levenshtein distance).
    private static func distance(from word: String, to other: String) -> Int {
        let (a, b) = (Array(word.utf8), Array(other.utf8))
        var rows = [Array(0...b.count)]
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var best = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
