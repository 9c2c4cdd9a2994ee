import Crypto

/// What a target holds in place of a credential: 256 random bits that mean something to this run's proxy alone.
public struct Placeholder: Sendable {
    public let secret: Secret

    public static func generate() -> Placeholder {
        let random = SymmetricKey(size: .bits256).withUnsafeBytes { Hexadecimal.text($0) }
        // The end is the same in each run: clients that ask once whether a key may be used (the claude CLI does)
        // remember its last 20 characters.
        return Placeholder(secret: Secret(beginning + random + ending))
    }

    /// Whether a text could be the placeholder of some run.
    public static func isShape(of text: String) -> Bool {
        text.utf8.count == beginning.utf8.count + 64 + ending.utf8.count && text.hasPrefix(beginning)
            && text.hasSuffix(ending)
    }

    private static let beginning = "hoopx-"
    private static let ending = "-placeholder-of-hoopx-run"
}
