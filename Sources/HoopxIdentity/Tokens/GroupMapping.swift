import HoopxJSON

/// Which groups a token's claim means.
struct GroupMapping: Sendable {
    static let maximumGroups = 1_000
    /// Of one, in bytes.
    static let maximumLength = 256

    private let claim: ClaimPath
    /// The longest `from` first.
    private let prefixes: [(from: String, to: String)]

    init(claim: ClaimPath, prefixes: [(from: String, to: String)]) {
        self.claim = claim
        self.prefixes = prefixes.sorted { $0.from.utf8.count > $1.from.utf8.count }
    }

    /// In the token's order, each once; none where the claim is missing. A claim that is one text is one group: it is
    /// not split, since names of groups can hold blanks and commas.
    func groups(in claims: JSONValue) throws(ClaimFault) -> [String] {
        let elements: [JSONValue]
        switch claim.value(in: claims) {
        case .array(let list): elements = list
        case .string(let name): elements = name.isEmpty ? [] : [.string(name)]
        case nil, .null:
            try checkOverage(claims)
            elements = []
        case let other?:
            throw ClaimFault("expected a list of groups as the claim \(name), found \(ForeignText(other))")
        }
        guard elements.count <= Self.maximumGroups else {
            throw ClaimFault(
                "expected at most \(Self.maximumGroups) groups in the claim \(name), found \(elements.count)",
                hint: "have the identity provider send only the groups that matter to this client")
        }
        var groups: [String] = []
        var seen: Set<[UInt8]> = []
        for element in elements {
            guard case .string(let group) = element, !group.isEmpty else {
                throw ClaimFault(
                    "expected names of groups in the claim \(name), found \(ForeignText(element)) among them")
            }
            let checked = try ClaimFault.checked(group, of: claim.description, limit: Self.maximumLength)
            if let mapped = mapped(checked), seen.insert(Array(mapped.utf8)).inserted { groups.append(mapped) }
        }
        return groups
    }

    private var name: ForeignText { ForeignText(claim.description) }

    /// Nil where no prefix fits, and where nothing of the name would be left.
    private func mapped(_ group: String) -> String? {
        if prefixes.isEmpty { return group }
        guard let prefix = prefixes.first(where: { group.utf8.starts(with: $0.from.utf8) }) else { return nil }
        let mapped = prefix.to + String(decoding: group.utf8.dropFirst(prefix.from.utf8.count), as: UTF8.self)
        return mapped.isEmpty ? nil : mapped
    }

    /// OpenID Connect Core 1.0, 5.6.2: issuers send a long list of groups as an address where it can be asked for.
    /// Taking that for no groups would let a member past the rules about the group.
    private func checkOverage(_ claims: JSONValue) throws(ClaimFault) {
        guard claims["_claim_names"]?[claim.description] != nil else { return }
        throw ClaimFault(
            "expected a list of groups as the claim \(name), found an address to ask for them (_claim_names)",
            hint: "have the identity provider send only the groups that matter to this client")
    }
}
