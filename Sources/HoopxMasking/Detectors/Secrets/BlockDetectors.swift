/// Secrets without a bound on their length: they are masked as they come.
extension Detector {
    /// - Parameter recognise: where the value begins.
    private static func block(
        _ entity: EntityType, _ expressions: [Expression], members: ByteSet, end: String = "", limit: Int,
        confidence: Confidence, start: @escaping @Sendable (Candidate) -> Int?
    ) -> Detector {
        Detector(
            entity, expressions, extent: .block(members: members, end: end, limit: limit), run: Run(members),
            holds: .match,
            lookahead: 0, confidence: confidence
        ) { candidate in start(candidate).map { $0..<candidate.matchEnd } }
    }

    /// JSON Web Tokens (RFC 7519): header and payload begin with `{"`.
    static let jwt = [
        block(
            .jwt, [Expression(#"\beyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]{4}"#)], members: TokenAlphabet.dotted.set,
            limit: 16_384,
            confidence: .high
        ) { $0.extent(of: TokenAlphabet.dotted.set, around: $0.matchEnd - 1).lowerBound }
    ]

    static let longTokens = [
        block(
            .googleOAuth, [Expression(#"\bya29\.[A-Za-z0-9_-]{16}"#)], members: TokenAlphabet.dotted.set, limit: 4096,
            confidence: .high
        ) { SecretShape.entropy($0.text[($0.matchEnd - 16)..<$0.matchEnd]) > 2 ? $0.matchEnd - 21 : nil },
        // Session tokens of AWS STS begin with the name of a structure.
        block(
            .awsSecretKey, [Expression(#"\b(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz)[A-Za-z0-9+\/]{8}"#)],
            members: TokenAlphabet.base64.set, limit: 4096, confidence: .high
        ) { $0.matchEnd - 20 },
    ]

    /// Private keys in PEM (RFC 7468) and OpenPGP's armour (RFC 9580, 6.2): all behind the first line, the last included.
    static let privateKey = [
        block(
            .privateKey, [Expression(keyBegin + "PRIVATE[ +]KEY-----" + betweenLines + "[A-Za-z0-9+/]{4}")],
            members: armourBytes,
            end: "KEY-----", limit: 32_768, confidence: .high
        ) { armourStart(in: $0) },
        block(
            .privateKey, [Expression(keyBegin + "PRIVATE[ +]KEY[ +]BLOCK-----" + betweenLines + "[A-Za-z0-9+/]{4}")],
            members: armourBytes,
            end: "BLOCK-----", limit: 65_536, confidence: .high
        ) { armourStart(in: $0) },
    ]

    /// A blank is a plus in forms.
    private static let keyBegin = "BEGIN[ +](?:(?:RSA|EC|DSA|OPENSSH|ENCRYPTED|SSH2|PGP)[ +]){0,2}"
    /// Line ends, in source code as escapes too.
    private static let betweenLines = #"(?:[^A-Za-z0-9]|\\[nr]){1,8}"#
    private static let armourBytes = ByteSet.alphanumerics + .whitespace + ByteSet("+/=-:,\\")

    private static func armourStart(in candidate: Candidate) -> Int {
        let start = candidate.matchEnd - 4
        let isEscape = candidate[start - 1] == UInt8(ascii: "\\") && "nr".utf8.contains(candidate.text[start])
        return isEscape ? start + 1 : start
    }

    /// The value of an `Authorization` field (RFC 9110, 11.6.2), and what follows `Bearer` elsewhere.
    static let authorization = [
        block(
            .authorization,
            [
                Expression(
                    #"authorization["'\\]{0,2}\s{0,2}[:=,]\s{0,2}["'\\]{0,2}(?:bearer|basic|token|apikey|negotiate) {1,2}[a-z0-9._~+\/=-]{8}"#,
                    isCaseless: true),
                Expression(#"\b(?:bearer|basic) {1,2}[a-z0-9._~+\/=-]{16}"#, isCaseless: true),
            ],
            members: credentialBytes, limit: 16_384, confidence: .medium
        ) { candidate in
            let start = candidate.extent(of: credentialBytes, around: candidate.matchEnd - 1).lowerBound
            // "basic responsibilities", "bearer authentication-scheme"
            let seen = candidate.text[start..<candidate.matchEnd]
            let isWord = seen.allSatisfy { $0.isLower || "-./=".utf8.contains($0) }
            return isWord || SecretShape.entropy(seen) <= 2 ? nil : start
        }
    ]

    /// token68 (RFC 9110, 11.2)
    private static let credentialBytes = ByteSet.alphanumerics + ByteSet("-._~+/=")
}
