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
        throw error("expected one of \(list(Choice.allCases.map(\.rawValue))) for \(key), not \(text)")
    }

    /// The text as the name of an environment variable. What is none is not repeated: some paste the token here.
    func variableName() throws(HoopxError) -> String {
        let text = try text()
        let isLetter: (UInt8) -> Bool = { (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0) || $0 == 0x5f }
        guard let first = text.utf8.first, isLetter(first),
            text.utf8.allSatisfy({ isLetter($0) || (0x30...0x39).contains($0) })
        else { throw error("expected the name of an environment variable for \(key)") }
        return text
    }

    /// The text as a length of time: `8h`, `30m`, `90s`, `1h30m`; at least a second.
    func duration() throws(HoopxError) -> Duration {
        let text = try text()
        let units: [Character: Int] = ["h": 3_600, "m": 60, "s": 1]
        var (seconds, digits, isValid) = (0, "", true)
        for character in text {
            if let unit = units[character], let number = Int(digits), digits.utf8.count <= 6 {
                seconds += number * unit
                digits = ""
            } else {
                isValid = isValid && ("0"..."9").contains(character)
                digits.append(character)
            }
        }
        guard isValid, digits.isEmpty, seconds > 0 else {
            throw error("expected a length of time for \(key), not \(text)", hint: "such as 8h, 30m or 90s")
        }
        return .seconds(seconds)
    }

    /// The text as an https URL without user, query and fragment; http is for loopback only.
    func url() throws(HoopxError) -> String {
        let text = try text()
        // The text can hold a password in front of the host, so it is not repeated.
        guard let url = UpstreamURL(text) else {
            throw error(
                "expected an https URL of host, port and path for \(key)",
                hint: "user names, queries and fragments do not belong into it")
        }
        guard url.isTLS || url.destination.host.isThisMachine else {
            throw error(
                "expected an https URL for \(key)",
                hint: "tokens would pass the network in the clear: http is for loopback only")
        }
        return text
    }

    /// The items of a sequence of texts.
    func texts() throws(HoopxError) -> [String] {
        var texts: [String] = []
        for item in try items() { texts.append(try item.text()) }
        return texts
    }

    /// An error at this place.
    func error(_ found: String, hint: String? = nil) -> HoopxError {
        let mark = node.mark
        return HoopxError(
            .usage, doing: "reading the configuration",
            found: "\(path):\(mark?.line ?? 1):\(mark?.column ?? 1): \(found)", hint: hint)
    }

    private var subject: String { key.isEmpty ? "the file" : key }

    private func list(_ words: [String]) -> String { words.joined(separator: ", ") }
}
