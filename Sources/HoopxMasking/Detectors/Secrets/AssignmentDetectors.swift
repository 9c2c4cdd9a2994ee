/// Secrets that only a name before them gives away: `api_key = "…"`, `secret: …`, `password=…`.
extension Detector {
    static let genericSecret = [
        Detector(
            .genericSecret, [Expression(secretNames + assignment + valueStart, isCaseless: true)],
            extent: .bounded(256),
            run: assignedRun, holds: .match, lookahead: 256, confidence: .low
        ) { candidate in
            guard let value = assignedValue(in: candidate) else { return nil }
            let characters = candidate.text[value]
            return isReference(in: candidate, value) || !SecretShape.isRandom(characters, atLeast: 12) ? nil : value
        },
        Detector(
            .genericSecret, [Expression(passwordNames + "(?:" + assignment + "| is )" + valueStart, isCaseless: true)],
            extent: .bounded(256), run: assignedRun, holds: .match, lookahead: 256, confidence: .low
        ) { candidate in
            guard let value = assignedValue(in: candidate) else { return nil }
            return isReference(in: candidate, value) || !SecretShape.isPassword(candidate.text[value]) ? nil : value
        },
    ]

    private static let secretNames =
        #"(?:api_?-?key|secret(?:[_-]?key)?(?:[_-]?base)?|token|access[_-]?key|auth[_-]?key|signing[_-]?key|encryption[_-]?key|private[_-]?key|credentials?)"#
    private static let passwordNames = #"(?:passw(?:or)?d|passphrase|\bpwd|_pass|\bpass|passcode)"#
    private static let assignment = #"["']?[ \t]{0,2}(?:=|:|=>|:=)[ \t]{0,2}["'`]?"#
    private static let valueStart = #"[^\s"'`=:>,;(){}<\[\]]"#

    /// A value may hold what separates things elsewhere, but no white space and no quotes.
    private static let assignedRun = Run(.all - .whitespace - ByteSet("\"'`<>"))

    /// The value that the match is the first byte of.
    ///
    /// In quotes it ends with them; else at what separates items (`&`, `;`, `,`), and it is no call and no index.
    private static func assignedValue(in candidate: Candidate) -> Range<Int>? {
        let start = candidate.matchEnd - 1
        let isQuoted = candidate[start - 1].map("\"'`".utf8.contains) == true
        let isParameter = candidate[start - 1] == UInt8(ascii: "=")
        let members =
            ByteSet.all - .whitespace - ByteSet(isQuoted ? "\"'`<>" : "\"'`<>;,)}]\\" + (isParameter ? "&" : ""))
        var end = candidate.end(of: members, from: start)
        if !isQuoted {
            while end > start, ".:".utf8.contains(candidate.text[end - 1]) { end -= 1 }
            if candidate.text[start..<end].contains(where: "({[".utf8.contains) { return nil }
        }
        return end - start <= 256 ? start..<end : nil
    }

    /// Whether the value only says where a secret is: `${TOKEN}`, `$TOKEN`, `process.env.TOKEN`, `%TOKEN%`, a path, a URL.
    private static func isReference(in candidate: Candidate, _ value: Range<Int>) -> Bool {
        let text = candidate.text[value]
        guard let first = text.first else { return true }
        let lower = String(decoding: text.prefix(40).map(\.lowercase), as: UTF8.self)
        if first == UInt8(ascii: "$") || first == UInt8(ascii: "%") || first == UInt8(ascii: "/")
            || first == UInt8(ascii: "*")
        {
            return true
        }
        // Names of programs are words that dots join, without a digit in the last.
        let parts = text.split(separator: UInt8(ascii: "."))
        let isMemberAccess =
            parts.count > 1
            && parts.allSatisfy { part in
                part.first.map { $0.isLetter || $0 == UInt8(ascii: "_") } == true && part.allSatisfy(\.isWordByte)
                    && part.count(where: \.isDigit) <= 1
            }
        return isMemberAccess || lower.contains("://") || placeholders.contains { lower.contains($0) }
    }

    private static let placeholders = [
        "xxxx", "****", "your-", "your_", "<", "example.com", "changeme", "placeholder", "redacted",
    ]

    /// AWS secret access keys: 40 characters of base64 behind their name.
    static let awsSecretKey = [
        Detector(
            .awsSecretKey,
            [
                Expression(
                    #"(?:secret[ _-]?(?:access[ _-]?)?key|aws[ _-]?secret)(?: is)?[^a-z0-9\/+\n]{1,6}[a-z0-9\/+]"#,
                    isCaseless: true)
            ],
            extent: .bounded(40), holds: .match, lookahead: 41, confidence: .high
        ) { candidate in
            let start = candidate.matchEnd - 1
            let end = candidate.end(of: TokenAlphabet.base64.set, from: start)
            let value = candidate.text[start..<end]
            let isKey = value.count == 40 && value.contains(where: \.isUpper) && value.contains(where: \.isLower)
            return isKey && SecretShape.entropy(value) > 3.5 ? start..<end : nil
        }
    ]

    /// Azure: storage and service bus keys, signatures of shared access, client secrets of applications.
    static let azureKey = [
        Detector(
            .azureKey,
            [Expression(#"(?:account|sharedaccess|access)key=[a-z0-9+\/]{8}"#, isCaseless: true)],
            extent: .bounded(88), lookahead: 81, confidence: .high
        ) { base64Value(in: $0, from: $0.matchEnd - 8, lengths: 43...88) },
        Detector(
            .azureKey, [Expression(#"[?&;]sig=[A-Za-z0-9+\/]{8}"#)], extent: .bounded(88), lookahead: 81,
            confidence: .high
        ) { base64Value(in: $0, from: $0.matchEnd - 8, lengths: 43...88) },
        Detector(
            .azureKey, [Expression(#"[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{8}"#)], extent: .bounded(40),
            lookahead: 28,
            confidence: .high
        ) { candidate in
            let start = candidate.matchEnd - 14
            let end = candidate.end(of: .alphanumerics + ByteSet("_~.-"), from: start)
            guard candidate[start - 1]?.isWordByte != true, (37...40).contains(end - start) else { return nil }
            return start..<end
        },
    ]

    private static func base64Value(in candidate: Candidate, from start: Int, lengths: ClosedRange<Int>) -> Range<Int>?
    {
        let end = candidate.end(of: TokenAlphabet.base64.set, from: start)
        guard lengths.contains(end - start), SecretShape.entropy(candidate.text[start..<end]) > 3 else { return nil }
        return start..<end
    }
}
