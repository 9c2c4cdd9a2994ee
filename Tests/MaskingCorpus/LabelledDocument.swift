import HoopxMasking

/// A document as an agent sends it, and what is in it.
public struct LabelledDocument: Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        case chat, toolInput, sourceCode, log, csv, email, sql, yaml, delta
        /// One of Presidio's sentences.
        case sentence
    }

    public struct Label: Sendable {
        public let entity: EntityType
        /// In UTF-8 bytes of the text.
        public let range: Range<Int>
        /// As it is stored: no spaces, no dashes.
        public let isPlain: Bool
        /// Whether it is a value; else it only looks like one.
        public let isValue: Bool
    }

    public let kind: Kind
    public internal(set) var bytes: [UInt8] = []
    public internal(set) var labels: [Label] = []

    public var isJSON: Bool { kind == .toolInput || kind == .delta }

    mutating func append(_ text: String) { bytes += Array(text.utf8) }

    mutating func append(_ text: String, _ entity: EntityType, isPlain: Bool, isValue: Bool) {
        let start = bytes.count
        append(isJSON ? text.replacing("\n", with: "\\n") : text)
        labels.append(Label(entity: entity, range: start..<bytes.count, isPlain: isPlain, isValue: isValue))
    }
}

/// Documents of all kinds with planted values, near misses and what else stands in such documents: always the same ones.
public struct MaskingCorpus: Sendable {
    public static let seed: UInt64 = 20_261_126
    public static let fullSize = 10_000

    /// - Parameter number: from 0; each document is made from its own number alone.
    public static func document(_ number: Int) -> LabelledDocument {
        var random = SeededRandom(seed: seed &+ UInt64(number) &* 0x2545_F491_4F6C_DD1D)
        let kinds = LabelledDocument.Kind.allCases.filter { $0 != .sentence }
        var document = LabelledDocument(kind: kinds[number % kinds.count])
        DocumentWriter.write(&document, &random)
        return document
    }

    public static let sentenceCount = PresidioSentences.all.count

    /// One of Presidio's sentences with values.
    /// - Parameter number: from 0; the sentences follow each other again and again, with other values.
    public static func sentence(_ number: Int) -> LabelledDocument {
        var random = SeededRandom(seed: seed &+ 1 &+ UInt64(number) &* 0x2545_F491_4F6C_DD1D)
        var document = LabelledDocument(kind: .sentence)
        var rest = PresidioSentences.all[number % sentenceCount][...]
        while let start = rest.firstRange(of: "{{"), let end = rest.firstRange(of: "}}") {
            document.append(String(rest[..<start.lowerBound]))
            let name = String(rest[start.upperBound..<end.lowerBound])
            rest = rest[end.upperBound...]
            if let value = PlantedValue.named(name) {
                let valid = value.valid(&random)
                document.append(valid.text, value.entity, isPlain: valid.isPlain, isValue: true)
            } else {
                document.append(
                    random.pick(["Alice Jones", "Springfield", "12 Main Street", "Acme Ltd", "Friday", "engineer"]))
            }
        }
        document.append(String(rest))
        return document
    }
}
