import Crypto
import HoopxCore

/// The OAuth token that a client of the Claude API gets by logging in with a subscription.
enum ClientToken {
    /// Whether it is one, by its beginning: `sk-ant-oat01-...`, as `claude setup-token` prints it and the claude CLI
    /// sends it. API keys (`sk-ant-api03-...`) and whatever else a target may bring are not.
    static func isOne(_ text: String) -> Bool {
        let bytes = text.utf8
        guard (32...maximumLength).contains(bytes.count), text.hasPrefix(prefix) else { return false }
        let version = bytes.dropFirst(prefix.utf8.count)
        return version.prefix(2).allSatisfy(isDigit) && version.dropFirst(2).first == UInt8(ascii: "-")
            && version.dropFirst(3).allSatisfy(isURLSafe)
    }

    private static let prefix = "sk-ant-oat"
    /// Today's have about 108 bytes.
    private static let maximumLength = 1_024

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isURLSafe(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        }
    }
}

/// Names tokens in the record of one session without telling anything of them: the first 64 bits of HMAC-SHA256 (RFC
/// 2104) under a key that exists in this process only and is never stored.
///
/// The same token has the same name throughout the session and another one in every other. Whoever has the record can
/// neither get a token out of it nor find out whether a token that they have is the one.
struct TokenFingerprint: Sendable {
    private let key = SymmetricKey(size: .bits256)

    /// 16 hexadecimal digits.
    func of(_ token: Secret) -> String {
        let code = token.withValue { HMAC<SHA256>.authenticationCode(for: Array($0.utf8), using: key) }
        return Hexadecimal.text(code.prefix(8))
    }
}
