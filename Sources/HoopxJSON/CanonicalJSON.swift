/// JSON in the one form that RFC 8785 (JCS) gives each value, so that its hash can stand for it.
public enum CanonicalJSON {
    /// As UTF-8.
    public static func bytes(of value: JSONValue) -> [UInt8] {
        var writer = CanonicalJSONWriter()
        writer.value(value)
        return writer.bytes
    }

    /// Whether one name stands before another: by their UTF-16 code units (RFC 8785, 3.2.3).
    ///
    /// That is the order of their bytes but for characters beyond U+FFFF, whose surrogates stand before U+E000.
    public static func precedes(_ left: String, _ right: String) -> Bool {
        for (first, second) in zip(left.utf8, right.utf8) where first != second {
            guard first >= 0xee, second >= 0xee else { return first < second }
            return left.utf16.lexicographicallyPrecedes(right.utf16)
        }
        return left.utf8.count < right.utf8.count
    }
}

extension JSONValue {
    /// As text, in the canonical form of RFC 8785.
    public var json: String { String(decoding: CanonicalJSON.bytes(of: self), as: UTF8.self) }

    /// A number as the canonical form has it.
    public static func text(of number: Double) -> String {
        var bytes: [UInt8] = []
        JSONNumber.append(number, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Up to here a double holds each whole number: 2^53 - 1, as RFC 7493 (2.2) has it.
    public static var exactLimit: Double { JSONNumber.exactLimit }
}
