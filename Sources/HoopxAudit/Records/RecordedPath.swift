import HoopxCore

/// A request target as it may be stored: without the values of its query, and printable on any terminal.
///
/// Keys travel in queries (`?key=`, `?sig=`, presigned URLs), under names that nobody can list in advance; so every
/// value but `true` and `false` is left out.
public struct RecordedPath: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    /// The longest path that is stored, in bytes; the rest is cut, from where a word begins.
    public static let maximumLength = 2_048

    /// - Parameter requestTarget: the origin form (RFC 9112, 3.2.1): `/v1/messages?beta=true`.
    public init(requestTarget: String) {
        let parts = Self.split(Array(requestTarget.utf8)[...], at: UInt8(ascii: "?"))
        var bytes = Self.printable(parts.head)
        if let query = parts.tail {
            bytes.append(UInt8(ascii: "?"))
            let parameters = query.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
            bytes += parameters.map(Self.withoutValue).joined(separator: [UInt8(ascii: "&")])
        }
        if bytes.count > Self.maximumLength { bytes = TornText.withoutTornEnd(Array(bytes.prefix(Self.maximumLength))) }
        self.init(stored: String(decoding: bytes, as: UTF8.self))
    }

    /// A path as it was stored.
    init(stored: String) { description = stored }

    private static func withoutValue(_ parameter: ArraySlice<UInt8>) -> [UInt8] {
        let (name, value) = split(parameter, at: UInt8(ascii: "="))
        // Without a name the whole parameter is a value.
        guard let value else { return parameter.isEmpty ? [] : Array("*".utf8) }
        let isHarmless = value.elementsEqual("true".utf8) || value.elementsEqual("false".utf8)
        return printable(name) + [UInt8(ascii: "=")] + (isHarmless ? Array(value) : Array("*".utf8))
    }

    /// Splits at the first separator; the tail is nil where there is none.
    private static func split(_ bytes: ArraySlice<UInt8>, at separator: UInt8) -> (
        head: ArraySlice<UInt8>, tail: ArraySlice<UInt8>?
    ) {
        guard let index = bytes.firstIndex(of: separator) else { return (bytes, nil) }
        return (bytes[..<index], bytes[(index + 1)...])
    }

    /// Percent-encodes what is not visible ASCII: a terminal must not act on a stored path.
    private static func printable(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for byte in bytes {
            if (0x21...0x7e).contains(byte) {
                result.append(byte)
            } else {
                result.append(UInt8(ascii: "%"))
                Hexadecimal.append(byte, to: &result, isUpperCase: true)
            }
        }
        return result
    }
}
