/// Secrets that are known by how they begin.
enum SecretShape {
    private struct Shape {
        let prefix: String
        /// How many bytes must follow.
        let length: Int
        let takes: @Sendable (UInt8) -> Bool
    }

    private static let shapes = [
        Shape(prefix: "sk-ant-", length: 8, takes: isURLSafe),
        Shape(prefix: "sk-proj-", length: 8, takes: isURLSafe),
        Shape(prefix: "github_pat_", length: 8, takes: isURLSafe),
        Shape(prefix: "glpat-", length: 8, takes: isURLSafe),
        // A run's placeholder: harmless, but nobody needs to know that.
        Shape(prefix: "hoopx-", length: 64, takes: isURLSafe),
        Shape(prefix: "AKIA", length: 16, takes: isUpperOrDigit),
        Shape(prefix: "ASIA", length: 16, takes: isUpperOrDigit),
        Shape(prefix: "AIza", length: 30, takes: isURLSafe),
    ]

    /// The hidden part of the secret that begins at a place, or nil where none does. Its beginning stays readable.
    static func hidden(in bytes: [UInt8], at start: Int) -> Range<Int>? {
        if start > 0, isAlphanumeric(bytes[start - 1]) { return nil }
        switch bytes[start] {
        case UInt8(ascii: "s"), UInt8(ascii: "h"), UInt8(ascii: "A"):
            return prefixed(in: bytes, at: start)
        case UInt8(ascii: "g"):
            return prefixed(in: bytes, at: start) ?? gitHubToken(in: bytes, at: start)
        case UInt8(ascii: "x"): return slackToken(in: bytes, at: start)
        case UInt8(ascii: "e"): return webToken(in: bytes, at: start)
        case UInt8(ascii: "-"): return privateKey(in: bytes, at: start)
        default: return nil
        }
    }

    private static func prefixed(in bytes: [UInt8], at start: Int) -> Range<Int>? {
        for shape in shapes where has(shape.prefix, bytes, start) {
            let body = run(of: shape.takes, in: bytes, from: start + shape.prefix.utf8.count)
            return body.count >= shape.length ? body : nil
        }
        return nil
    }

    /// `ghp_`, `gho_`, `ghu_`, `ghs_`, `ghr_`
    private static func gitHubToken(in bytes: [UInt8], at start: Int) -> Range<Int>? {
        guard start + 4 < bytes.count, has("gh", bytes, start), "pousr".utf8.contains(bytes[start + 2]),
            bytes[start + 3] == UInt8(ascii: "_")
        else { return nil }
        let body = run(of: isAlphanumeric, in: bytes, from: start + 4)
        return body.count >= 16 ? body : nil
    }

    /// `xoxb-`, `xoxp-`, ...
    private static func slackToken(in bytes: [UInt8], at start: Int) -> Range<Int>? {
        guard start + 5 < bytes.count, has("xox", bytes, start), "abeoprs".utf8.contains(bytes[start + 3]),
            bytes[start + 4] == UInt8(ascii: "-")
        else { return nil }
        let body = run(of: isURLSafe, in: bytes, from: start + 5)
        return body.count >= 8 ? body : nil
    }

    /// A JSON Web Token: three parts, of which the first two are JSON objects (`{"` is `eyJ` in base64).
    private static func webToken(in bytes: [UInt8], at start: Int) -> Range<Int>? {
        guard has("eyJ", bytes, start) else { return nil }
        let header = run(of: isURLSafe, in: bytes, from: start)
        guard header.upperBound < bytes.count, bytes[header.upperBound] == UInt8(ascii: "."),
            has("eyJ", bytes, header.upperBound + 1)
        else { return nil }
        let rest = run(of: { isURLSafe($0) || $0 == UInt8(ascii: ".") }, in: bytes, from: header.upperBound)
        return start + 3..<rest.upperBound
    }

    /// A private key in PEM, up to its end or that of the text.
    private static func privateKey(in bytes: [UInt8], at start: Int) -> Range<Int>? {
        guard has("-----BEGIN ", bytes, start) else { return nil }
        let label = run(of: { isUpperOrDigit($0) || $0 == UInt8(ascii: " ") }, in: bytes, from: start + 11)
        guard bytes[label].suffix(11).elementsEqual("PRIVATE KEY".utf8), has("-----", bytes, label.upperBound) else {
            return nil
        }
        let body = label.upperBound + 5
        let end = (body..<bytes.count).first { bytes[$0] == UInt8(ascii: "-") && has("-----END ", bytes, $0) }
        return body..<(end ?? bytes.count)
    }

    private static func has(_ prefix: String, _ bytes: [UInt8], _ start: Int) -> Bool {
        start <= bytes.count && bytes[start...].starts(with: prefix.utf8)
    }

    private static func run(of isMember: (UInt8) -> Bool, in bytes: [UInt8], from start: Int) -> Range<Int> {
        var end = start
        while end < bytes.count, isMember(bytes[end]) { end += 1 }
        return start..<end
    }

    private static func isUpperOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isUpperOrDigit(byte) || (0x61...0x7a).contains(byte)
    }

    private static func isURLSafe(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}
