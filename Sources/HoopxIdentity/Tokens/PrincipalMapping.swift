import HoopxCore
import HoopxJSON

/// How a verified token's claims become a principal.
public struct PrincipalMapping: Sendable {
    /// Of a name, an email address, and a further claim's text, in bytes.
    static let maximumTextLength = 1_024

    private let groups: GroupMapping?
    private let claims: [String: ClaimPath]

    /// - Parameters:
    ///   - groupsClaim: nil where groups are not asked for.
    ///   - groupPrefixes: where it is not empty, only groups that begin with a `from` are kept, with `to` in its place;
    ///     the longest `from` decides.
    ///   - claims: further claims, by the names that the principal has them under.
    public init(
        groupsClaim: ClaimPath? = nil, groupPrefixes: [(from: String, to: String)] = [],
        claims: [String: ClaimPath] = [:]
    ) {
        groups = groupsClaim.map { GroupMapping(claim: $0, prefixes: groupPrefixes) }
        self.claims = claims
    }

    /// The principal that a token speaks of. Claims that the token does not have are left out; `null` is none.
    ///
    /// - Throws: where a claim is not what it must be; the error names the claim.
    public func principal(
        of token: VerifiedIDToken, kind: Principal.Kind, method: Principal.Verification.Method
    ) throws(HoopxError) -> Principal {
        do throws(ClaimFault) {
            let email = try Self.email(in: token.claims)
            return Principal(
                kind: kind, name: kind == .user ? try Self.name(of: token, email: email) : token.subject,
                subject: token.subject, issuer: token.issuer, email: email,
                groups: try groups?.groups(in: token.claims) ?? [], claims: try further(token.claims),
                verification: .init(
                    method: method, algorithm: token.algorithm, keyID: token.keyID, issuedAt: token.issuedAt,
                    expiresAt: token.expiresAt))
        } catch {
            throw HoopxError(
                .startup, doing: "reading the claims of an ID token of \(token.issuer)", found: error.found,
                hint: error.hint)
        }
    }

    private static func name(of token: VerifiedIDToken, email: String?) throws(ClaimFault) -> String {
        if let email { return email }
        for claim in ["preferred_username", "name"] {
            if let name = try text(claim, in: token.claims) { return name }
        }
        return token.subject
    }

    /// None where the issuer itself says that it has not verified it: anybody could have entered it.
    private static func email(in claims: JSONValue) throws(ClaimFault) -> String? {
        switch claims["email_verified"] {
        // Some issuers write the boolean as text.
        case nil, .bool(true), .string("true"): try text("email", in: claims)
        default: nil
        }
    }

    private static func text(_ name: String, in claims: JSONValue) throws(ClaimFault) -> String? {
        guard let value = claims[name], value != .null, value != .string("") else { return nil }
        guard let text = value.string else {
            throw ClaimFault("expected a text as the claim \(ForeignText(name)), found \(ForeignText(value))")
        }
        return try ClaimFault.checked(text, of: name, limit: maximumTextLength)
    }

    private func further(_ token: JSONValue) throws(ClaimFault) -> [String: String] {
        var result: [String: String] = [:]
        for (name, path) in claims {
            let text: String
            switch path.value(in: token) {
            case nil, .null: continue
            case .string(let value): text = value
            case .number(let value):
                guard abs(value) <= JSONValue.exactLimit else {
                    throw ClaimFault(
                        "the number in the claim \(ForeignText(path.description)) is too large to be kept exactly",
                        hint: "have the identity provider send it as text")
                }
                text = JSONValue.text(of: value)
            case let value?: text = value.json
            }
            result[name] = try ClaimFault.checked(text, of: path.description, limit: Self.maximumTextLength)
        }
        return result
    }
}
