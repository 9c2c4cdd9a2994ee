import HoopxCore
import Yams

/// A value of a configuration file, with its place in it.
struct ConfigurationNode {
    let node: Node
    /// The keys that lead to it: `connections.claude.hosts`; empty for the whole file.
    let key: String
    /// The file.
    let path: String

    /// Whether nothing is there: an empty value, `~` or `null`.
    var isNull: Bool {
        guard case .scalar(let scalar) = node, scalar.style == .plain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    /// Whether it is an empty text, quoted or not.
    var isEmpty: Bool {
        guard case .scalar(let scalar) = node else { return false }
        return scalar.string.isEmpty
    }

    /// The values of a mapping by their keys.
    ///
    /// - Parameter known: the keys that it may have; nil where every key may be.
    /// - Throws: for another key, with the known one that it resembles.
    func fields(_ known: [String]?) throws(HoopxError) -> [String: ConfigurationNode] {
        try entries(known).reduce(into: [:]) { $0[$1.name] = $1.value }
    }

    /// The same in the order of the file.
    func entries(_ known: [String]?) throws(HoopxError) -> [(name: String, value: ConfigurationNode)] {
        guard case .mapping(let mapping) = node else {
            throw error("expected \(subject), a mapping of keys to values" + (known.map { ": " + list($0) } ?? ""))
        }
        var entries: [(name: String, value: ConfigurationNode)] = []
        for (keyNode, value) in mapping {
            let place = ConfigurationNode(node: keyNode, key: key, path: path)
            guard case .scalar(let scalar) = keyNode else { throw place.error("expected a plain word as a key") }
            if let known, !known.contains(scalar.string) {
                let within = key.isEmpty ? "" : " in \(key)"
                let hint = KeySuggestion.closest(to: scalar.string, among: known).map { "did you mean \($0)?" }
                throw place.error(
                    "unknown key \(scalar.string)\(within)", hint: hint ?? "the keys here are " + list(known))
            }
            let name = scalar.string
            entries.append(
                (name, ConfigurationNode(node: value, key: key.isEmpty ? name : "\(key).\(name)", path: path)))
        }
        return entries
    }

    /// The items of a sequence.
    func items() throws(HoopxError) -> [ConfigurationNode] {
        guard case .sequence(let sequence) = node else {
            throw error("expected \(subject), a list", hint: "a list of one is written [value]")
        }
        return sequence.map { ConfigurationNode(node: $0, key: key, path: path) }
    }

    /// The text of a scalar, which is never empty.
    func text() throws(HoopxError) -> String {
        guard case .scalar(let scalar) = node, !isNull, !scalar.string.isEmpty else {
            throw error("expected \(subject), a text")
        }
        return scalar.string
    }

    /// The text as one of a few words.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        of type: Choice.Type
    ) throws(HoopxError) -> Choice {
        let text = try text()
        if let choice = Choice(rawValue: text) { return choice }
        let words = Choice.allCases.map(\.rawValue)
        throw error(
            "expected one of \(list(words)) for \(key), not \(text)",
            hint: KeySuggestion.closest(to: text, among: words).map { "did you mean \($0)?" })
    }

    /// The items of a sequence of texts.
    func texts() throws(HoopxError) -> [String] {
        var texts: [String] = []
        for item in try items() { texts.append(try item.text()) }
        return texts
    }

    /// An error at this place.
    func error(_ found: String, hint: String? = nil) -> HoopxError { place.error(found, hint: hint) }

    var place: ConfigurationPlace {
        ConfigurationPlace(path: path, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }

    private var subject: String { key.isEmpty ? "the file" : key }

    func list(_ words: [String]) -> String { words.joined(separator: ", ") }
}
