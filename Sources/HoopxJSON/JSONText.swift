extension JSONValue {
    /// As compact JSON: no blanks, members in the order of their names.
    public var json: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .number(let value): Self.text(of: value)
        case .string(let text): Self.quoted(text)
        case .array(let elements): "[" + elements.map(\.json).joined(separator: ",") + "]"
        case .object(let members):
            "{"
                + members.sorted { $0.key < $1.key }.map { Self.quoted($0.key) + ":" + $0.value.json }
                .joined(separator: ",") + "}"
        }
    }

    /// Whole numbers without a fraction.
    public static func text(of number: Double) -> String {
        guard let whole = Int64(exactly: number), abs(number) <= exactLimit else { return "\(number)" }
        return String(whole)
    }

    /// Up to here a double holds each whole number: 2^53 - 1, as RFC 7493 (2.2) has it.
    public static let exactLimit = 9_007_199_254_740_991.0

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\0"..<" ":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
