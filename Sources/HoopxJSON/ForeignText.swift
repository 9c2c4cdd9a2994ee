/// Text from outside as an error may show it: in quotes, visible ASCII only, at most 64 characters.
public struct ForeignText: CustomStringConvertible {
    public static let maximumLength = 64

    public let description: String

    public init(_ text: String) {
        let shown = text.unicodeScalars.prefix(Self.maximumLength).map { scalar -> Character in
            (0x20...0x7e).contains(scalar.value) && scalar != "\"" ? Character(scalar) : "?"
        }
        let isCut = text.unicodeScalars.dropFirst(Self.maximumLength).first != nil
        description = "\"" + String(shown) + (isCut ? "\"..." : "\"")
    }

    /// A value, or that there is none; of arrays the first three elements.
    public init(_ value: JSONValue?) {
        switch value {
        case .string(let text): self.init(text)
        case .array(let elements) where !elements.isEmpty:
            let shown = elements.prefix(3).map { element in
                if case .array = element { "an array" } else { ForeignText(element).description }
            }
            self.init(
                plain: shown.joined(separator: ", ") + (elements.count > 3 ? " and \(elements.count - 3) more" : ""))
        case nil: self.init(plain: "none")
        case .null: self.init(plain: "null")
        case .bool(let value): self.init(plain: value ? "true" : "false")
        case .number(let value): self.init(plain: "the number " + JSONValue.text(of: value))
        case .array: self.init(plain: "an empty array")
        case .object: self.init(plain: "an object")
        }
    }

    private init(plain: String) { description = plain }
}
