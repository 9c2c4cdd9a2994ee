import HoopxCore

/// Who a session acts for, and what stands behind that.
enum PrincipalText {
    /// As lines of a page: a name and a value each. What is not known of the principal has no line.
    static func facts(_ principal: Principal) -> [(String, String)] {
        guard let verification = principal.verification else {
            return [("Principal", "\(principal.name) (\(principal.kind.rawValue) \(principal.subject), unverified)")]
        }
        var facts = [("Principal", "\(principal.name) (\(principal.kind.rawValue), verified)")]
        facts += [("Issuer", principal.issuer), ("Subject", principal.subject), ("Email", principal.email)]
            .compactMap { name, value in value.map { (name, $0) } }
        if !principal.groups.isEmpty { facts.append(("Groups", principal.groups.joined(separator: ", "))) }
        if !principal.claims.isEmpty {
            let claims = principal.claims.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            facts.append(("Claims", claims.joined(separator: ", ")))
        }
        let key = verification.keyID.map { " with key \($0)" } ?? ""
        let until = HumanText.localTime(verification.expiresAt)
        facts.append(("Verified", "\(verification.method.rawValue), \(verification.algorithm)\(key), until \(until)"))
        return facts
    }

    static func json(_ principal: Principal) -> JSONValue {
        .object([
            "kind": .string(principal.kind.rawValue),
            "name": .string(principal.name),
            "issuer": JSONValue(principal.issuer),
            "subject": .string(principal.subject),
            "email": JSONValue(principal.email),
            "groups": .array(principal.groups.map(JSONValue.string)),
            "claims": .object(principal.claims.mapValues(JSONValue.string)),
            "verified": .bool(principal.isVerified),
            "verification": principal.verification.map(json) ?? .null,
        ])
    }

    private static func json(_ verification: Principal.Verification) -> JSONValue {
        .object([
            "method": .string(verification.method.rawValue),
            "algorithm": .string(verification.algorithm),
            "key_id": JSONValue(verification.keyID),
            "issued_at": .string(verification.issuedAt.description),
            "expires_at": .string(verification.expiresAt.description),
        ])
    }
}
