import GRDB
import HoopxCore

/// Strings as a JSON array or object (RFC 8259), which SQLite's own functions and every auditor's tools read.
enum JSONStrings {
    static func encode(_ strings: [String]) -> String {
        "[" + strings.map(quoted).joined(separator: ",") + "]"
    }

    /// An object whose names are in the order of the alphabet.
    static func encode(_ strings: [String: String]) -> String {
        "{" + strings.sorted { $0.key < $1.key }.map { quoted($0.key) + ":" + quoted($0.value) }.joined(separator: ",")
            + "}"
    }

    static func array(_ text: String, in database: Database) throws -> [String] {
        let statement = try database.cachedStatement(sql: "SELECT value FROM json_each(?) ORDER BY id")
        return try String.fetchAll(statement, arguments: [text])
    }

    static func object(_ text: String, in database: Database) throws -> [String: String] {
        let statement = try database.cachedStatement(sql: "SELECT key, value FROM json_each(?)")
        let pairs = try Row.fetchAll(statement, arguments: [text]).map { ($0["key"] as String, $0["value"] as String) }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    /// Reads arguments that were stored so.
    static func arguments(_ text: String, in database: Database) throws -> RecordedArguments {
        RecordedArguments(stored: try array(text, in: database))
    }

    private static func quoted(_ string: String) -> String {
        var text = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"", "\\": text += "\\" + String(scalar)
            case "\u{0}"..."\u{1f}": text += "\\u" + Hexadecimal.text(of: UInt16(scalar.value))
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
