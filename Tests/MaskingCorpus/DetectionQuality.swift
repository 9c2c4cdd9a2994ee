import HoopxMasking

/// How well the detectors do on labelled documents.
public struct DetectionQuality: Sendable {
    public struct Score: Sendable {
        public internal(set) var plain = 0
        public internal(set) var plainFound = 0
        public internal(set) var grouped = 0
        public internal(set) var groupedFound = 0
        public internal(set) var nearMisses = 0
        public internal(set) var nearMissesFound = 0
        /// Findings that are no value of the entity.
        public internal(set) var falseFindings = 0

        /// Of values in the form that they are stored in.
        public var plainRecall: Double { plain == 0 ? 1 : Double(plainFound) / Double(plain) }
        public var groupedRecall: Double { grouped == 0 ? 1 : Double(groupedFound) / Double(grouped) }
        /// Of near misses: the share that was left alone.
        public var nearMissPrecision: Double { nearMisses == 0 ? 1 : 1 - Double(nearMissesFound) / Double(nearMisses) }
        public var precision: Double {
            let found = plainFound + groupedFound
            return found + falseFindings == 0 ? 1 : Double(found) / Double(found + falseFindings)
        }
    }

    public private(set) var scores: [EntityType: Score] = [:]
    /// What went wrong, for whoever improves a detector.
    public private(set) var mistakes: [String] = []

    public init() {}

    public struct Found: Sendable {
        public let entity: EntityType
        public let range: Range<Int>

        public init(entity: EntityType, range: Range<Int>) {
            self.entity = entity
            self.range = range
        }
    }

    /// A value is found where a finding of its entity covers it and not more than a few bytes beside it.
    public mutating func add(_ document: LabelledDocument, _ found: [Found]) {
        for label in document.labels {
            let isFound = found.contains { finding in
                finding.entity == label.entity && finding.range.lowerBound <= label.range.lowerBound
                    && finding.range.upperBound >= label.range.upperBound
                    && finding.range.count <= label.range.count + 64
            }
            let isTouched = found.contains { $0.range.overlaps(label.range) }
            switch (label.isValue, label.isPlain) {
            case (true, true):
                scores[label.entity, default: Score()].plain += 1
                if isFound { scores[label.entity, default: Score()].plainFound += 1 }
            case (true, false):
                scores[label.entity, default: Score()].grouped += 1
                if isFound { scores[label.entity, default: Score()].groupedFound += 1 }
            case (false, _):
                scores[label.entity, default: Score()].nearMisses += 1
                if isTouched { scores[label.entity, default: Score()].nearMissesFound += 1 }
            }
            if label.isValue != (label.isValue ? isFound : isTouched) {
                note(label.isValue ? "missed" : "found", label.entity, label.range, document, found)
            }
        }
        for finding in found {
            let isRight = document.labels.contains {
                $0.isValue && $0.entity == finding.entity && $0.range.overlaps(finding.range)
            }
            if !isRight {
                scores[finding.entity, default: Score()].falseFindings += 1
                note("false", finding.entity, finding.range, document, found)
            }
        }
    }

    private mutating func note(
        _ what: String, _ entity: EntityType, _ range: Range<Int>, _ document: LabelledDocument, _ found: [Found]
    ) {
        let from = max(0, range.lowerBound - 30)
        let to = min(document.bytes.count, range.upperBound + 10)
        let (before, value, after) = (
            document.bytes[from..<range.lowerBound], document.bytes[range], document.bytes[range.upperBound..<to]
        )
        let text = [before, value, after].map { String(decoding: $0, as: UTF8.self) }
        let names = found.filter { $0.range.overlaps(range) }.map(\.entity.rawValue).joined(separator: ",")
        mistakes.append("\(what) \(entity) \(document.kind.rawValue) [\(names)]: \(text[0])>>\(text[1])<<\(text[2])")
    }

    /// As a table of Markdown.
    public var table: String {
        var lines = [
            "| entity | values | recall, unspaced | recall, grouped | near misses | left alone | precision |",
            "|---|---:|---:|---:|---:|---:|---:|",
        ]
        for (entity, score) in scores.sorted(by: { $0.key < $1.key }) {
            let grouped = score.grouped == 0 ? "" : Self.text(score.groupedRecall)
            lines.append(
                "| \(entity) | \(score.plain + score.grouped) | \(Self.text(score.plainRecall)) | \(grouped) | \(score.nearMisses) | \(Self.text(score.nearMissPrecision)) | \(Self.text(score.precision)) |"
            )
        }
        return lines.joined(separator: "\n")
    }

    private static func text(_ share: Double) -> String {
        let thousandths = Int((share * 1000).rounded(.down))
        return "\(thousandths / 1000).\(String(1000 + thousandths % 1000).dropFirst())"
    }
}
