import HoopxCore

/// What becomes of personal and secret values in what passes.
public struct MaskingConfiguration: Hashable, Sendable {
    /// What takes a value's place.
    public enum Operator: String, CaseIterable, Sendable {
        case redact, mask, hash, pseudonym, keep
    }

    /// The operator of one entity, in place of the standard one of the record, of requests and of responses.
    public struct EntityRule: Hashable, Sendable {
        /// Upper-case letters, digits and underscores: `CREDIT_CARD`.
        public let entity: String
        public let `operator`: Operator
        let place: ConfigurationPlace
    }

    /// What is recorded: `redact`, `mask` or `hash`.
    public let record: Operator
    /// What goes to upstreams: any but `keep`, or nil for the command's own bytes.
    public let request: Operator?
    /// What comes back to the command: `redact`, `mask` or `hash`, or nil for the upstream's own bytes.
    public let response: Operator?
    /// In the order of the file, each entity once. `pseudonym` is for requests alone: elsewhere the standard operator
    /// holds.
    public let entities: [EntityRule]
    /// In the order of the file. Several may find one entity, which may also be one of hoopx's own.
    public let detectors: [CustomDetector]
    /// Values that are never masked.
    public let allowed: [String]

    public init(
        record: Operator = .redact, request: Operator? = nil, response: Operator? = nil, entities: [EntityRule] = [],
        detectors: [CustomDetector] = [], allowed: [String] = []
    ) {
        self.record = record
        self.request = request
        self.response = response
        self.entities = entities
        self.detectors = detectors
        self.allowed = allowed
    }

    /// Makes sure that every entity that is given an operator can be found at all.
    ///
    /// - Parameter standard: the entities that hoopx's own detectors find.
    /// - Throws: with the place of a name that no detector finds, and the one that it resembles.
    public func requireEntities(of standard: [String]) throws(HoopxError) {
        let known = standard + detectors.map(\.name)
        guard let rule = entities.first(where: { !known.contains($0.entity) }) else { return }
        let hint = KeySuggestion.closest(to: rule.entity, among: known).map { "did you mean \($0)?" }
        throw rule.place.error(
            "no detector finds \(rule.entity)", hint: hint ?? "hoopx.yaml(5) lists the entities that are found")
    }
}

/// A detector of the configuration's own.
public struct CustomDetector: Hashable, Sendable {
    public enum Subject: Hashable, Sendable {
        /// A regular expression in the syntax of pcrepattern(3), as far as Hyperscan has it.
        case pattern(String)
        /// Any of these, as whole words, in upper or lower case.
        case words([String])
    }

    /// The entity that it finds: upper-case letters, digits and underscores.
    public let name: String
    public let subject: Subject
    /// Words of which one must stand before the value; empty where none must.
    public let context: [String]
    /// Where its pattern begins, or its words.
    let place: ConfigurationPlace
    /// How many columns of the file the pattern's beginning takes, for as far as that is known.
    let columns: [Int]

    /// What is wrong with the pattern or with a word.
    ///
    /// - Parameter offset: where in the pattern, in characters (Unicode scalars) from 0, or nil where that is not known.
    public func error(_ found: String, at offset: Int? = nil) -> HoopxError {
        guard let offset else { return place.error("masking.detectors, \(name): \(found)") }
        let exact = columns.indices.contains(offset) ? place.moved(by: columns[offset]) : place
        return exact.error("masking.detectors, \(name): \(found), at character \(offset + 1) of the pattern")
    }
}
