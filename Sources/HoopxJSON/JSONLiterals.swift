extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral, ExpressibleByBooleanLiteral
{
    public init(stringLiteral text: String) { self = .string(text) }
    public init(integerLiteral number: Int) { self = .number(Double(number)) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(dictionaryLiteral members: (String, JSONValue)...) {
        self = .object(Dictionary(uniqueKeysWithValues: members))
    }
}

extension JSONValue {
    /// A text, or null where there is none.
    public init(_ text: String?) { self = text.map(JSONValue.string) ?? .null }

    /// A whole number, or null where there is none.
    public init(_ number: Int64?) { self = number.map(JSONValue.integer) ?? .null }

    /// Exact up to 2^53 - 1, as all numbers of JSON are.
    public static func integer(_ number: Int64) -> JSONValue { .number(Double(number)) }
}
