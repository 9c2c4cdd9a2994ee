import HoopxJSON

/// The keys of an issuer (RFC 7517, 5).
struct KeySet: Sendable {
    static let maximumKeys = 100

    let keys: [IssuerKey]

    /// - Throws: where it is no key set. A key that cannot be used is no fault of the set, only of tokens that name it.
    init(_ document: JSONValue) throws(DocumentFault) {
        guard let elements = document["keys"]?.array else {
            throw DocumentFault("expected a JSON object with an array \"keys\", found none")
        }
        guard elements.count <= Self.maximumKeys else {
            throw DocumentFault("expected at most \(Self.maximumKeys) keys, found \(elements.count)")
        }
        var keys: [IssuerKey] = []
        var ids: Set<[UInt8]> = []
        for element in elements {
            guard case .object(let members) = element else {
                throw DocumentFault("expected JSON objects as keys, found \(ForeignText(element))")
            }
            let key = IssuerKey(members)
            if let id = key.id, !ids.insert(Array(id.utf8)).inserted {
                throw DocumentFault("expected each key to have its own name (kid), found \(ForeignText(id)) twice")
            }
            keys.append(key)
        }
        self.keys = keys
    }

    /// What `init` made it of, without what it did not read.
    var document: JSONValue { .object(["keys": .array(keys.map { .object($0.members) })]) }

    /// The one key that a token's header means.
    ///
    /// - Returns: nil where the set has none.
    /// - Throws: where it has one that must not be used for it, or more than one that could be meant.
    func key(for header: TokenHeader) throws(TokenFault) -> IssuerKey? {
        let algorithm = header.algorithm
        guard let id = header.keyID else {
            let fitting = keys.filter { $0.fits(algorithm) }
            guard fitting.count <= 1 else {
                throw TokenFault(
                    .key, "it names no key (kid), and \(fitting.count) keys of the issuer fit \(algorithm.rawValue)")
            }
            return fitting.first
        }
        guard let key = keys.first(where: { $0.id?.isIdentical(to: id) ?? false }) else { return nil }
        if case .failure(let refusal) = key.material {
            throw TokenFault(.key, "\(key.name) of the issuer cannot be used: \(refusal.why)")
        }
        guard key.fits(algorithm) else {
            throw TokenFault(
                .algorithm, "its signature is said to be \(algorithm.rawValue), which does not fit \(key.name)")
        }
        return key
    }
}
