import HoopxCore

/// The detectors of an engine, by the expressions whose matches are their candidates.
final class DetectorIndex: Sendable {
    /// A detector, and what is worked out of it once.
    final class Entry: Sendable {
        let detector: Detector
        /// Its place among the detectors: what decides where nothing else does.
        let place: Int
        let run: RunTable
        /// In bytes; 0 for a block.
        let maximumLength: Int
        let lookahead: Int
        let context: ContextWords?

        init(_ detector: Detector, place: Int, run: RunTable) {
            self.detector = detector
            self.place = place
            self.run = run
            maximumLength = if case .bounded(let length) = detector.extent { length } else { 0 }
            lookahead = detector.lookahead
            context = detector.context.map(ContextWords.init)
        }
    }

    /// The bounds of the contract, in bytes.
    static let longestValue = 512
    static let longestLookahead = 512
    static let contextWindow = 64

    let expressions: [Detector.Expression]
    /// For each expression, whose candidates its matches are.
    let entriesOfExpression: [[Entry]]
    /// Whose candidates are long tokens.
    let entriesOfLongToken: [Entry]
    /// Which runs are held back at the end of a stream, and how long values in them are at most.
    let tails: [(run: RunTable, maximumLength: Int)]
    /// The run of tokens, which are always held back.
    let token: RunTable

    init(_ detectors: [Detector]) {
        let token = RunTable(.token)
        var runs: [Detector.Run: RunTable] = [.token: token]
        var places: [Detector.Expression: Int] = [:]
        var expressions: [Detector.Expression] = []
        var entries: [[Entry]] = []
        var longToken: [Entry] = []
        var tails: [Detector.Run: Int] = [:]
        for (place, detector) in detectors.enumerated() {
            let run = runs[detector.run] ?? RunTable(detector.run)
            runs[detector.run] = run
            let entry = Entry(detector, place: place, run: run)
            precondition(
                entry.maximumLength <= Self.longestValue && (0...Self.longestLookahead).contains(entry.lookahead),
                "the bounds of detector \(detector.entity) are beyond those of the contract")
            if detector.holds == .run, entry.maximumLength > 0, detector.run != .token {
                tails[detector.run] = max(tails[detector.run] ?? 0, entry.maximumLength)
            }
            for (index, expression) in detector.expressions.enumerated()
            where !detector.expressions[..<index].contains(expression) {
                if expression == .longToken {
                    longToken.append(entry)
                } else if let place = places[expression] {
                    entries[place].append(entry)
                } else {
                    places[expression] = expressions.count
                    expressions.append(expression)
                    entries.append([entry])
                }
            }
        }
        self.expressions = expressions
        self.token = token
        entriesOfExpression = entries
        entriesOfLongToken = longToken
        self.tails = tails.compactMap { run, length in runs[run].map { ($0, length) } }
    }
}
