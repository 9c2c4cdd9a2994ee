import HoopxCore
import HoopxJSON

/// The claims that decide whether a token counts, checked (OpenID Connect Core 1.0, 2 and 3.1.3.7; RFC 7519, 4.1).
struct TokenClaims {
    /// What clocks may differ by, in seconds.
    static let skew: Int64 = 60
    static let maximumSubjectLength = 1_024
    static let maximumAudiences = 100

    let subject: String
    let audience: [String]
    let issuedAt: Timestamp
    let expiresAt: Timestamp

    init(
        _ claims: JSONValue, audience expected: String, kind: IDTokenVerifier.TokenKind, nonce: String?, now: Timestamp
    ) throws(TokenFault) {
        audience = try Self.audience(claims, expected: expected)
        if kind == .user { try Self.checkAuthorizedParty(claims, audience: audience, expected: expected) }
        (issuedAt, expiresAt) = try Self.times(claims, kind: kind, now: now)
        subject = try Self.subject(claims)
        if let nonce {
            guard let found = claims["nonce"]?.string, found.isIdentical(to: nonce) else {
                throw TokenFault(.nonce, "it does not answer this login: its nonce is another one, or missing")
            }
        }
    }

    private static func subject(_ claims: JSONValue) throws(TokenFault) -> String {
        guard let subject = claims["sub"]?.string else {
            throw TokenFault(.subject, "expected a subject (sub), found \(ForeignText(claims["sub"]))")
        }
        guard (1...maximumSubjectLength).contains(subject.utf8.count), !subject.hasControlCharacters else {
            throw TokenFault(
                .subject,
                "expected a subject (sub) of 1 to \(maximumSubjectLength) bytes without control characters, "
                    + "found \(ForeignText(subject))")
        }
        return subject
    }

    private static func audience(_ claims: JSONValue, expected: String) throws(TokenFault) -> [String] {
        let elements: [JSONValue]
        switch claims["aud"] {
        case .string(let text): elements = [.string(text)]
        case .array(let list): elements = list
        case let other:
            throw TokenFault(.audience, "expected audience \(ForeignText(expected)), found \(ForeignText(other))")
        }
        guard elements.count <= maximumAudiences else {
            throw TokenFault(.audience, "expected at most \(maximumAudiences) audiences, found \(elements.count)")
        }
        let names = elements.compactMap(\.string)
        guard names.count == elements.count, names.contains(where: { $0.isIdentical(to: expected) }) else {
            throw TokenFault(
                .audience, "expected audience \(ForeignText(expected)), found \(ForeignText(claims["aud"]))",
                hint: "check the client id, and which audience the identity provider gives its tokens")
        }
        return names
    }

    /// Who asked for the token: with several audiences another client could have passed it on.
    private static func checkAuthorizedParty(
        _ claims: JSONValue, audience: [String], expected: String
    ) throws(TokenFault) {
        if claims["azp"] == nil, audience.count == 1 { return }
        guard let party = claims["azp"]?.string, party.isIdentical(to: expected) else {
            throw TokenFault(
                .audience,
                "expected a token made for \(ForeignText(expected)) (azp), found \(ForeignText(claims["azp"]))")
        }
    }

    private static func times(
        _ claims: JSONValue, kind: IDTokenVerifier.TokenKind, now: Timestamp
    ) throws(TokenFault) -> (issuedAt: Timestamp, expiresAt: Timestamp) {
        let clock = "check this machine's clock"
        guard let expiresAt = try time("exp", claims), let issuedAt = try time("iat", claims) else {
            let missing = claims["exp"] == nil ? "exp" : "iat"
            throw TokenFault(.malformed, "expected the time \(missing), found none")
        }
        let skew = skew * 1_000_000
        guard now.microseconds < expiresAt.microseconds + skew else {
            throw TokenFault(.expired, "it expired at \(expiresAt), and now it is \(now)")
        }
        guard issuedAt.microseconds <= now.microseconds + skew else {
            throw TokenFault(.notYetValid, "it was issued at \(issuedAt), and now it is \(now)", hint: clock)
        }
        if let notBefore = try time("nbf", claims), notBefore.microseconds > now.microseconds + skew {
            throw TokenFault(.notYetValid, "it is valid from \(notBefore), and now it is \(now)", hint: clock)
        }
        let lifetime = expiresAt.microseconds - issuedAt.microseconds
        let days = kind.maximumLifetimeInDays
        guard lifetime > 0, lifetime <= days * 86_400_000_000 else {
            throw TokenFault(
                .lifetime, "expected a lifetime of at most \(days) days, found \(lifetime / 1_000_000) s")
        }
        return (issuedAt, expiresAt)
    }

    /// Seconds since 1970 (RFC 7519, 2), of the years that a date can show.
    private static func time(_ name: String, _ claims: JSONValue) throws(TokenFault) -> Timestamp? {
        guard let value = claims[name] else { return nil }
        guard case .number(let seconds) = value, (0...253_402_300_799).contains(seconds) else {
            throw TokenFault(.malformed, "expected \(name) in seconds since 1970, found \(ForeignText(value))")
        }
        return Timestamp(microseconds: Int64(seconds * 1_000_000))
    }
}

extension IDTokenVerifier.TokenKind {
    /// A person's token is refreshed within hours. Kubernetes makes tokens of a year for pods that do not reload them.
    fileprivate var maximumLifetimeInDays: Int64 {
        switch self {
        case .user: 31
        case .workload: 366
        }
    }
}
