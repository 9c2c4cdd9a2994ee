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

    /// On one line: `ada@example.com (user, by device_authorization)`.
    static func line(_ principal: Principal) -> String {
        let voucher = principal.verification.map { "by \($0.method.rawValue)" } ?? "unverified"
        return "\(principal.name) (\(principal.kind.rawValue), \(voucher))"
    }
}
