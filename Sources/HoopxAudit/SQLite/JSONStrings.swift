import GRDB

/// Strings as a JSON array (RFC 8259), which SQLite's own functions and every auditor's tools read.
enum JSONStrings {
    static func encode(_ strings: [String]) -> String {
        "[" + strings.map(quoted).joined(separator: ",") + "]"
    }

    /// Reads arguments that were stored so.
    static func arguments(_ text: String, in database: Database) throws -> RecordedArguments {
        let statement = try database.cachedStatement(sql: "SELECT value FROM json_each(?) ORDER BY id")
        return RecordedArguments(stored: try String.fetchAll(statement, arguments: [text]))
    }

    private static func quoted(_ string: String) -> String {
        var text = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"", "\\": text += "\\" + String(scalar)
            case "\u{0}"..."\u{1f}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
