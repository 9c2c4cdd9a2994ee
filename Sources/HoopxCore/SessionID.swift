/// The name of one `hoopx run`: the UTC day it began and 40 random bits, such as `20261123-k3f9x2ab`.
///
/// Short enough to type, sorts by day, and safe as a file name. The random part is not a secret.
public struct SessionID: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    /// A new name for a session that begins on the given UTC day.
    ///
    /// - Parameter day: eight digits, `yyyymmdd`.
    public static func generate(day: String) -> SessionID {
        var random = SystemRandomNumberGenerator()
        let suffix = (0..<8).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }
        return SessionID(trusted: day + "-" + String(suffix))
    }

    /// Reads a name back, or nil where the text has not its shape (a path separator can never pass).
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 8, parts[1].utf8.count == 8,
            parts[0].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            parts[1].allSatisfy({ Self.alphabet.contains($0) })
        else { return nil }
        self.init(trusted: text)
    }

    private init(trusted text: String) { description = text }

    // Crockford's base 32 in lower case: no letter that reads as a digit.
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
}
