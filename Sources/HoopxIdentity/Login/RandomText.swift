import Crypto
import Foundation

/// Texts that nobody can guess.
enum RandomText {
    /// 256 random bits, 43 characters.
    static func base64URL() -> String {
        SymmetricKey(size: .bits256).withUnsafeBytes { base64URL(Data($0)) }
    }

    /// Base64url without padding (RFC 4648, 5).
    static func base64URL(_ bytes: Data) -> String {
        String(
            bytes.base64EncodedString().compactMap { character in
                switch character {
                case "+": "-"
                case "/": "_"
                case "=": nil
                default: character
                }
            })
    }
}
