import Foundation

/// Compact JSON of a value made of dictionaries, arrays, strings, numbers and NSNull, keys sorted.
func jsonText(_ value: Any) -> String {
    let options: JSONSerialization.WritingOptions = [.sortedKeys, .fragmentsAllowed, .withoutEscapingSlashes]
    guard let data = try? JSONSerialization.data(withJSONObject: value, options: options) else {
        preconditionFailure("not JSON: \(value)")
    }
    return String(decoding: data, as: UTF8.self)
}
