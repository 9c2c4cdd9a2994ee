/// Secrets that only a name before them gives away: `api_key = "…"`, `secret: …`, `password=…`.
extension Detector {
    static let genericSecret = [
        Detector(
            .genericSecret,
            [Expression(secretNames + "(?:" + assignment + "| is | to )" + valueStart, isCaseless: true)],
            extent: .bounded(256),
            run: assignedRun, holds: .match, lookahead: 256, confidence: .low
        ) { candidate in
            guard let value = assignedValue(in: candidate) else { return nil }
            let characters = candidate.text[value]
            return SecretShape.isRandom(characters, atLeast: 12) && !isReference(in: candidate, value) ? value : nil
        },
        Detector(
            .genericSecret,
            [Expression(passwordNames + "(?:" + assignment + "| is | to )" + valueStart, isCaseless: true)],
            extent: .bounded(256), run: assignedRun, holds: .match, lookahead: 256, confidence: .low
        ) { candidate in
            guard let value = assignedValue(in: candidate) else { return nil }
            return SecretShape.isPassword(candidate.text[value]) && !isReference(in: candidate, value) ? value : nil
        },
    ]

    private static let secretNames =
        #"(?:api[ _-]?key|secret(?:[_-]?key)?(?:[_-]?base)?|token|access[_-]?key|auth[_-]?key|signing[_-]?key|encryption[_-]?key|private[_-]?key|credentials?)"#
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

    /// Whether the value only says where a secret is: `${TOKEN}`, `$TOKEN`, `process.env.TOKEN`, `%TOKEN%`, a path, a URL;
    /// or stands for one: `****`, `your-token`, `xxxx`.
    ///
    /// Programs are full of these, so nothing is copied.
    private static func isReference(in candidate: Candidate, _ value: Range<Int>) -> Bool {
        guard let first = candidate[value.lowerBound] else { return true }
        if "$%/*".utf8.contains(first) { return true }
        // Names of programs are words that dots join, each with one digit at most.
        var (dots, digits, areNames) = (0, 0, first.isLetter || first == UInt8(ascii: "_"))
        for place in value where areNames {
            let byte = candidate.text[place]
            if byte == UInt8(ascii: ".") {
                (dots, digits) = (dots + 1, 0)
            } else {
                if byte.isDigit { digits += 1 }
                areNames = byte.isWordByte && digits <= 1
            }
        }
        if areNames && dots > 0 { return true }
        let head = value.prefix(40)
        return placeholders.contains { placeholder in
            head.contains { start in
                start + placeholder.count <= value.upperBound
                    && placeholder.indices.allSatisfy { candidate.text[start + $0].lowercase == placeholder[$0] }
            }
        }
    }

    private static let placeholders = [
        "xxxx", "****", "your-", "your_", "example.com", "changeme", "placeholder", "://",
    ].map {
        Array($0.utf8)
    }

    /// AWS secret access keys: 40 characters of base64 behind their name.
    static let awsSecretKey = [
        Detector(
            .awsSecretKey,
            [
                Expression(
                    #"(?:secret[ _-]?(?:access[ _-]?)?key|aws[ _-]?secret)(?: is| to)?[^a-z0-9\/+\n]{1,6}[a-z0-9\/+]"#,
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
