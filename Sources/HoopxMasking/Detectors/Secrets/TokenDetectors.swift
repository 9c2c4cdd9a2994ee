/// Tokens that say themselves whose they are: a prefix that only one issuer uses, then characters of one alphabet.
///
/// Check sums within tokens (GitHub's CRC-32) are not required: issuers change them, and a masked example costs nothing.
extension Detector {
    /// - Parameters:
    ///   - prefixes: ASCII letters, digits and `_-./`.
    ///   - lengths: of what follows the prefix.
    static func token(
        _ entity: EntityType, _ prefixes: [String], _ body: TokenAlphabet, _ lengths: ClosedRange<Int>
    ) -> Detector {
        // Some of the body is in the expression, so that a prefix in prose costs nothing.
        let seen = min(lengths.lowerBound, 8)
        let choice = prefixes.map { $0.replacing(".", with: "\\.") }.joined(separator: "|")
        let longest = prefixes.reduce(0) { max($0, $1.utf8.count) }
        return Detector(
            entity, [Expression("\\b(?:\(choice))[\(body.expression)]{\(seen)}")],
            extent: .bounded(longest + lengths.upperBound), lookahead: lengths.upperBound - seen + 1, confidence: .high
        ) { candidate in
            let bodyStart = candidate.matchEnd - seen
            let end = candidate.end(of: body.set, from: bodyStart)
            let prefix = prefixes.first { prefix in
                prefix.utf8.count <= bodyStart
                    && candidate.text[(bodyStart - prefix.utf8.count)..<bodyStart].elementsEqual(prefix.utf8)
            }
            guard let prefix, lengths.contains(end - bodyStart), candidate[end]?.isAlphanumeric != true else {
                return nil
            }
            // What stands for a token in a manual repeats itself: `ghp_xxxxxxxxxxxx`.
            guard SecretShape.entropy(candidate.text[bodyStart..<end]) > 2 else { return nil }
            return (bodyStart - prefix.utf8.count)..<end
        }
    }

    struct TokenAlphabet: Sendable {
        /// The inside of a class of an expression.
        let expression: String
        let set: ByteSet

        static let alphanumeric = TokenAlphabet(expression: "A-Za-z0-9", set: .alphanumerics)
        static let upperCase = TokenAlphabet(expression: "A-Z0-9", set: .upperCase + .digits)
        static let hexadecimal = TokenAlphabet(expression: "a-f0-9", set: .digits + ByteSet("abcdef"))
        static let word = TokenAlphabet(expression: "A-Za-z0-9_", set: .alphanumerics + ByteSet("_"))
        static let dashed = TokenAlphabet(expression: "A-Za-z0-9-", set: .alphanumerics + ByteSet("-"))
        static let path = TokenAlphabet(expression: "A-Za-z0-9/", set: .alphanumerics + ByteSet("/"))
        /// base64url (RFC 4648, 5)
        static let url = TokenAlphabet(expression: "A-Za-z0-9_-", set: .alphanumerics + ByteSet("_-"))
        static let dotted = TokenAlphabet(expression: "A-Za-z0-9._-", set: .alphanumerics + ByteSet("._-"))
        static let base64 = TokenAlphabet(expression: "A-Za-z0-9+/", set: .alphanumerics + ByteSet("+/="))
    }

    static let issuedTokens = [
        token(.awsAccessKey, ["AKIA", "ASIA", "ABIA", "ACCA"], .upperCase, 16...16),
        token(.googleAPIKey, ["AIza"], .url, 35...35),
        token(.googleOAuth, ["GOCSPX-"], .url, 28...28),
        token(.googleOAuth, ["1//0"], .url, 40...250),
        token(.githubToken, ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], .word, 36...255),
        token(.githubToken, ["github_pat_"], .word, 36...255),
        token(
            .gitlabToken,
            [
                "glpat-", "gldt-", "glrt-", "gloas-", "glcbt-", "glptt-", "glft-", "glsoat-", "glimt-", "glagent-",
                "glwt-",
                "glffct-",
            ], .dotted, 20...250),
        token(
            .slackToken, ["xoxb-", "xoxp-", "xoxa-", "xoxo-", "xoxr-", "xoxs-", "xoxe-", "xoxc-", "xoxd-", "xapp-"],
            .dashed,
            20...250),
        token(.slackWebhook, ["hooks.slack.com/services/", "hooks.slack.com/workflows/"], .path, 30...120),
        token(.stripeKey, ["sk_live_", "sk_test_", "rk_live_", "rk_test_"], .alphanumeric, 20...250),
        token(.stripeKey, ["whsec_"], .base64, 32...100),
        token(.openAIKey, ["sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-"], .url, 40...250),
        token(.openAIKey, ["sk-"], .alphanumeric, 32...64),
        token(.anthropicKey, ["sk-ant-"], .url, 24...250),
        token(.npmToken, ["npm_"], .alphanumeric, 36...36),
        token(.pypiToken, ["pypi-AgEIcHlwaS5vcmc", "pypi-AgENdGVzdC5weXBpLm9yZw"], .url, 50...250),
        token(.huggingFaceToken, ["hf_", "api_org_"], .alphanumeric, 34...40),
        token(.sendGridKey, ["SG."], .dotted, 60...70),
        token(.twilioKey, ["SK"], .hexadecimal, 32...32),
    ]

    /// Issuers that have no entity of their own.
    static let otherTokens = [
        token(
            .genericSecret,
            [
                "dop_v1_", "doo_v1_", "dor_v1_", "shpat_", "shpss_", "shpca_", "shppa_", "lin_api_", "glsa_", "r8_",
                "gsk_",
            ],
            .word, 32...100),
        token(
            .genericSecret, ["dckr_pat_", "hvs.", "hvb.", "figd_", "xai-", "pplx-", "sk-or-v1-", "ntn_", "PMAK-"], .url,
            24...250),
        token(.genericSecret, ["AGE-SECRET-KEY-1"], .upperCase, 58...58),
        token(.genericSecret, ["ATATT3"], .base64, 150...250),
    ]
}
