import HoopxCore
import Yams

/// The text of a configuration file on its way to a tree of nodes that know where they stand.
///
/// Of YAML, anchors and aliases are refused: a configuration that says less than it does is hard to review, and a few
/// lines of them can stand for more nodes than a machine has memory.
struct ConfigurationDocument {
    let text: String
    let path: String

    func root() throws(HoopxError) -> ConfigurationNode {
        try refuseAnchors()
        let node: Node?
        do {
            // The basic resolver leaves every plain scalar as the text it is: what a value means, its reader says.
            node = try Yams.compose(yaml: text, .basic)
        } catch let error as YamlError {
            throw explained(error)
        } catch {
            throw HoopxError(.usage, doing: "reading the configuration", found: "\(path): it is not YAML")
        }
        guard let node else {
            throw failure(1, 1, "the file is empty", hint: "begin it with the line \"version: 1\"")
        }
        return ConfigurationNode(node: node, key: "", path: path)
    }

    private func explained(_ error: YamlError) -> HoopxError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            failure(mark.line, mark.column, problem, hint: hint(forLine: mark.line))
        case .duplicatedKeysInMapping(let keys, let context):
            failure(
                context.mark.line, context.mark.column,
                "the key \(keys.first ?? "") stands more than once in one mapping")
        case .memory:
            failure(1, 1, "it is nested too deeply")
        default:
            failure(1, 1, "it holds characters that YAML does not allow")
        }
    }

    private func hint(forLine number: Int) -> String? {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // The scanner may stop on the line after the one that misled it.
        let nearby = [number, number - 1].filter { lines.indices.contains($0 - 1) }.map { lines[$0 - 1] }
        if nearby.contains(where: { $0.prefix { $0 == 0x20 || $0 == 0x09 }.contains(0x09) }) {
            return "indent with spaces: YAML does not take tabs"
        }
        if nearby.contains(where: { $0.contains(UInt8(ascii: "*")) }) {
            return "put patterns such as \"*.example.com:443\" in quotes: a bare * means something else in YAML"
        }
        return nil
    }

    private func refuseAnchors() throws(HoopxError) {
        // Where a node can begin, whether or not one does: quotes are not followed, because whoever misleads such a
        // scanner gets an anchor past it. Lines that are comments as a whole cannot hold one.
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            if line.first(where: { $0 != 0x20 && $0 != 0x09 }) == UInt8(ascii: "#") { continue }
            var previous = UInt8(ascii: " ")
            for (column, byte) in line.enumerated() {
                if byte == UInt8(ascii: "&"), " \t[{,:-?!".utf8.contains(previous) {
                    throw failure(
                        index + 1, column + 1, "anchors (&name) and aliases are not supported",
                        hint: "write the value out where it is needed")
                }
                previous = byte
            }
        }
    }

    private func failure(_ line: Int, _ column: Int, _ found: String, hint: String? = nil) -> HoopxError {
        HoopxError(.usage, doing: "reading the configuration", found: "\(path):\(line):\(column): \(found)", hint: hint)
    }
}
