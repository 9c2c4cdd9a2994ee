extension Detector {
    /// What stands before a match's end wherever the match is one of a value that ends in digits.
    ///
    /// Twenty detectors share the expression of numbers. Which of them can have a value at a match is told by these two
    /// figures, which are worked out once a match; the others are not asked.
    public struct NumberEnding: Hashable, Sendable {
        /// How many digits the last group may have, at most `longestGroup`.
        public let lastGroups: Set<Int>
        /// How many digits there are at least within the last `window` bytes, as far as groups follow each other.
        public let minimumDigits: Int

        public static let longestGroup = window
        /// In bytes: the longest number.
        public static let window = 24

        public init(lastGroups: Set<Int>, minimumDigits: Int) {
            precondition(lastGroups.isSubset(of: 1...Self.longestGroup), "the last group of a number is too long")
            self.lastGroups = lastGroups
            self.minimumDigits = minimumDigits
        }

        /// That of shapes in which 9 stands for a digit, for numbers that stand alone; nil where one does not end in digits.
        init?(shapes: [[UInt8]]) {
            let nine = UInt8(ascii: "9")
            let lastGroups = Set(shapes.map { shape in shape.reversed().prefix { $0 == nine }.count })
            guard !lastGroups.contains(0) else { return nil }
            self.init(
                lastGroups: lastGroups, minimumDigits: shapes.map { shape in shape.count { $0 == nine } }.min() ?? 0)
        }
    }
}
