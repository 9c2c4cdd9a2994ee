import HoopxCore

/// Reads the section `masking`.
struct MaskingReader {
    private typealias Operator = MaskingConfiguration.Operator

    private enum RequestOperator: String, CaseIterable {
        case off, redact, mask, hash, pseudonym
    }

    private enum ResponseOperator: String, CaseIterable {
        case off, redact, mask, hash
    }

    private enum RecordOperator: String, CaseIterable {
        case redact, mask, hash
    }

    /// - Parameter node: nil where the file has no such section.
    func read(_ node: ConfigurationNode?) throws(HoopxError) -> MaskingConfiguration {
        guard let node, !node.isNull else { return MaskingConfiguration() }
        let fields = try node.fields(["record", "request", "response", "entities", "detectors", "allow"])
        let request = try fields["request"]?.choice(of: RequestOperator.self) ?? .off
        return MaskingConfiguration(
            record: try record(fields["record"]),
            request: Operator(rawValue: request.rawValue),
            response: try response(fields["response"]),
            entities: try entities(fields["entities"], withRequests: request != .off),
            detectors: try detectors(fields["detectors"]),
            allowed: try fields["allow"]?.texts() ?? [])
    }

    private func record(_ node: ConfigurationNode?) throws(HoopxError) -> Operator {
        guard let node else { return .redact }
        if ["off", "false", "keep"].contains(try node.text()) {
            throw node.error(
                "the record is always masked: \(node.key) is redact, mask or hash",
                hint: "masking.entities can keep single entities")
        }
        return Operator(rawValue: try node.choice(of: RecordOperator.self).rawValue) ?? .redact
    }

    private func response(_ node: ConfigurationNode?) throws(HoopxError) -> Operator? {
        guard let node else { return nil }
        if try node.text() == Operator.pseudonym.rawValue {
            throw node.error(
                "pseudonyms are for masking.request: responses are where their values are put back",
                hint: "use redact, mask or hash for \(node.key)")
        }
        return Operator(rawValue: try node.choice(of: ResponseOperator.self).rawValue)
    }

    private func entities(
        _ node: ConfigurationNode?, withRequests: Bool
    ) throws(HoopxError) -> [MaskingConfiguration.EntityRule] {
        guard let node, !node.isNull else { return [] }
        var rules: [MaskingConfiguration.EntityRule] = []
        for (name, value) in try node.entries(nil) {
            try requireEntityName(name, at: value)
            let chosen = try value.choice(of: Operator.self)
            if chosen == .pseudonym, !withRequests {
                throw value.error(
                    "pseudonyms are for requests, and masking.request is off",
                    hint: "masking.request: pseudonym, or redact, mask or hash, turns it on")
            }
            rules.append(.init(entity: name, operator: chosen, place: value.place))
        }
        return rules
    }

    private func detectors(_ node: ConfigurationNode?) throws(HoopxError) -> [CustomDetector] {
        guard let node, !node.isNull else { return [] }
        var detectors: [CustomDetector] = []
        for item in try node.items() { detectors.append(try detector(item)) }
        return detectors
    }

    private func detector(_ node: ConfigurationNode) throws(HoopxError) -> CustomDetector {
        let fields = try node.fields(["name", "pattern", "words", "context"])
        guard let nameNode = fields["name"] else {
            throw node.error("expected the key name in \(node.key)", hint: "such as name: EMPLOYEE_ID")
        }
        let name = try nameNode.text()
        try requireEntityName(name, at: nameNode)
        let context = try words(fields["context"])
        switch (fields["pattern"], fields["words"]) {
        case (let pattern?, nil):
            return CustomDetector(
                name: name, subject: .pattern(try pattern.text()), context: context, place: pattern.place,
                columns: pattern.columns)
        case (nil, let words?):
            let list = try self.words(words)
            guard !list.isEmpty else { throw words.error("expected at least one word in \(words.key)") }
            return CustomDetector(
                name: name, subject: .words(list), context: context, place: words.place, columns: [])
        case (nil, nil):
            throw node.error(
                "expected the key pattern or words in \(node.key)", hint: "such as pattern: 'E-[0-9]{6}'")
        case (_, let words?):
            throw words.error(
                "a detector has a pattern or words, not both", hint: "two detectors may have the same name")
        }
    }

    private func words(_ node: ConfigurationNode?) throws(HoopxError) -> [String] {
        guard let node, !node.isNull else { return [] }
        var words: [String] = []
        for item in try node.items() {
            let word = try item.text()
            guard word.contains(where: { !$0.isWhitespace }) else { throw item.error("expected a word in \(item.key)") }
            words.append(word)
        }
        return words
    }

    private func requireEntityName(_ name: String, at node: ConfigurationNode) throws(HoopxError) {
        let isUpper: (UInt8) -> Bool = { (0x41...0x5a).contains($0) }
        guard let first = name.utf8.first, isUpper(first), name.utf8.count <= 64,
            name.utf8.allSatisfy({ isUpper($0) || (0x30...0x39).contains($0) || $0 == 0x5f })
        else {
            throw node.error(
                "expected an entity's name for \(node.key), not \(name)",
                hint: "upper-case letters, digits and underscores, such as CREDIT_CARD")
        }
    }
}
