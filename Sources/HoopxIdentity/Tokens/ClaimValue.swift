/// A claim's value: any JSON (RFC 8259).
public indirect enum ClaimValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([ClaimValue])
    case object([String: ClaimValue])

    /// The member of an object, or nil.
    public subscript(name: String) -> ClaimValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    /// The text of a string, or nil.
    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The elements of an array, or nil.
    public var array: [ClaimValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }
}
