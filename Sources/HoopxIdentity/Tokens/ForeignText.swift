/// Text from outside as an error may show it: in quotes, visible ASCII only, at most 64 characters.
struct ForeignText: CustomStringConvertible {
    static let maximumLength = 64

    let description: String

    init(_ text: String) {
        let shown = text.unicodeScalars.prefix(Self.maximumLength).map { scalar -> Character in
            (0x20...0x7e).contains(scalar.value) && scalar != "\"" ? Character(scalar) : "?"
        }
        let isCut = text.unicodeScalars.dropFirst(Self.maximumLength).first != nil
        description = "\"" + String(shown) + (isCut ? "\"..." : "\"")
    }

    /// A claim's value; of arrays the first three elements.
    init(_ value: ClaimValue?) {
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
        case .number(let value): self.init(plain: "the number " + ClaimValue.text(of: value))
        case .array: self.init(plain: "an empty array")
        case .object: self.init(plain: "an object")
        }
    }

    private init(plain: String) { description = plain }
}

extension String {
    /// Whether both are the same bytes. `==` also takes other spellings of a character for the same: U+212A for K.
    func isIdentical(to other: String) -> Bool { utf8.elementsEqual(other.utf8) }

    /// Whether it holds what a terminal or a record would act on instead of showing it: control characters, line and
    /// paragraph separators, overrides of the writing direction.
    var hasControlCharacters: Bool {
        unicodeScalars.contains { scalar in
            switch scalar.value {
            case 0..<0x20, 0x7f..<0xa0, 0x2028...0x202e, 0x2066...0x2069: true
            default: false
            }
        }
    }
}
