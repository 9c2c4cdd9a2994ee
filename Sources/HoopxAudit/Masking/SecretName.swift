/// Names of options, variables and headers, by whether they announce a secret.
///
/// A name is taken apart at its hyphens, underscores and dots, so that `--author` and `--max-tokens` stay readable.
enum SecretName {
    /// What a secret is called, wherever it stands in a part of the name.
    private static let words = ["secret", "password", "passwd", "passphrase", "credential", "apikey"]
    /// What the whole or the end of a part must be: they begin other words too.
    private static let endings = ["token", "auth", "authorization", "cookie"]
    /// Last parts that make a name one of something about the secret.
    private static let harmlessEndings = [
        "file", "path", "dir", "directory", "url", "uri", "type", "name", "mode", "method", "limit", "count", "length",
        "budget", "stdin", "jar", "ttl", "scheme",
    ]

    static func isByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
        }
    }

    /// Whether what belongs to the name is a secret. Anything that is no name is not.
    static func isSecret(_ name: some Collection<UInt8>) -> Bool {
        guard name.count <= 128, name.allSatisfy(isByte) else { return false }
        let parts = name.split(whereSeparator: { "-_.".utf8.contains($0) }).map { $0.map(lowercased) }
        guard let last = parts.last, !harmlessEndings.contains(where: { last.elementsEqual($0.utf8) }),
            !(parts.count > 1 && parts[0].elementsEqual("no".utf8))
        else { return false }
        if parts.contains(where: isSecretPart) { return true }
        // api-key
        return zip(parts, parts.dropFirst()).contains { isSecretPart($0 + $1) && $1.elementsEqual("key".utf8) }
    }

    /// Whether a header's whole line is the secret, blanks included.
    static func isWholeLine(_ name: some Collection<UInt8>) -> Bool {
        let name = name.map(lowercased)
        return ["authorization", "proxy-authorization", "cookie", "set-cookie"].contains {
            name.elementsEqual($0.utf8)
        }
    }

    /// Whether it is an option of curl that takes `user:password`: `-u`, `-su`, `--user`, `--proxy-user`.
    static func isCurlUser(_ option: some Collection<UInt8>) -> Bool {
        let bytes = Array(option)
        if bytes.starts(with: "--".utf8) {
            return bytes.elementsEqual("--user".utf8) || bytes.elementsEqual("--proxy-user".utf8)
        }
        return bytes.count > 1 && bytes[0] == UInt8(ascii: "-") && "uU".utf8.contains(bytes[bytes.count - 1])
    }

    private static func isSecretPart(_ part: [UInt8]) -> Bool {
        words.contains { contains(part, $0) } || endings.contains { part.suffix($0.utf8.count).elementsEqual($0.utf8) }
    }

    private static func contains(_ part: [UInt8], _ word: String) -> Bool {
        let length = word.utf8.count
        guard part.count >= length else { return false }
        return (0...(part.count - length)).contains { part[$0..<$0 + length].elementsEqual(word.utf8) }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }
}
