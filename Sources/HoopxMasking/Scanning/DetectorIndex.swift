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

    /// The detectors whose candidates the matches of an expression are, by their places.
    struct Candidacy {
        /// Those of all matches.
        fileprivate(set) var all: [Int] = []
        /// Those of which something is known of how their values end, by how many digits the last group has.
        fileprivate(set) var byLastGroup: [[(place: Int, minimumDigits: Int)]] = []

        fileprivate mutating func add(_ entry: Entry) {
            guard let ending = entry.detector.ending else { return all.append(entry.place) }
            if byLastGroup.isEmpty {
                byLastGroup = Array(repeating: [], count: Detector.NumberEnding.longestGroup + 1)
            }
            for length in ending.lastGroups { byLastGroup[length].append((entry.place, ending.minimumDigits)) }
        }
    }

    /// The bounds of the contract, in bytes.
    static let longestValue = 512
    static let longestLookahead = 512
    static let contextWindow = 64

    let expressions: [Detector.Expression]
    /// By the detectors' places.
    let entries: [Entry]
    /// For each expression, whose candidates its matches are.
    let candidacies: [Candidacy]
    /// The places of those whose candidates long tokens are.
    let longToken: [Int]
    /// Which runs are held back at the end of a stream, and how long values in them are at most.
    let tails: [(run: RunTable, maximumLength: Int)]
    /// The run of tokens, which are always held back.
    let token: RunTable

    init(_ detectors: [Detector]) {
        let token = RunTable(.token)
        var runs: [Detector.Run: RunTable] = [.token: token]
        var places: [Detector.Expression: Int] = [:]
        var expressions: [Detector.Expression] = []
        var entries: [Entry] = []
        var candidacies: [Candidacy] = []
        var longToken: [Int] = []
        var tails: [Detector.Run: Int] = [:]
        for (place, detector) in detectors.enumerated() {
            let run = runs[detector.run] ?? RunTable(detector.run)
            runs[detector.run] = run
            let entry = Entry(detector, place: place, run: run)
            entries.append(entry)
            precondition(
                entry.maximumLength <= Self.longestValue && (0...Self.longestLookahead).contains(entry.lookahead),
                "the bounds of detector \(detector.entity) are beyond those of the contract")
            if detector.holds == .run, entry.maximumLength > 0, detector.run != .token {
                tails[detector.run] = max(tails[detector.run] ?? 0, entry.maximumLength)
            }
            for (index, expression) in detector.expressions.enumerated()
            where !detector.expressions[..<index].contains(expression) {
                if expression == .longToken {
                    longToken.append(entry.place)
                    continue
                }
                let place = places[expression] ?? expressions.count
                if place == expressions.count {
                    places[expression] = place
                    expressions.append(expression)
                    candidacies.append(Candidacy())
                }
                candidacies[place].add(entry)
            }
        }
        self.expressions = expressions
        self.token = token
        self.entries = entries
        self.candidacies = candidacies
        self.longToken = longToken
        self.tails = tails.compactMap { run, length in runs[run].map { ($0, length) } }
    }
}
