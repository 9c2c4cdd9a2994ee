import HoopxCore

/// How a verified token's claims become a principal.
public struct PrincipalMapping: Sendable {
    let groupsClaim: ClaimPath?
    let groupPrefixes: [(from: String, to: String)]
    let claims: [String: ClaimPath]

    /// - Parameters:
    ///   - groupsClaim: nil where groups are not asked for.
    ///   - groupPrefixes: where it is not empty, only groups that begin with a `from` are kept, with `to` in its place;
    ///     the longest `from` decides.
    ///   - claims: further claims, by the names that the principal has them under.
    public init(
        groupsClaim: ClaimPath? = nil, groupPrefixes: [(from: String, to: String)] = [],
        claims: [String: ClaimPath] = [:]
    ) {
        self.groupsClaim = groupsClaim
        self.groupPrefixes = groupPrefixes
        self.claims = claims
    }

    /// - Throws: where a claim is not what it must be; the error names the claim.
    public func principal(
        of token: VerifiedIDToken, kind: Principal.Kind, method: Principal.Verification.Method
    ) throws(HoopxError) -> Principal {
        throw HoopxError(.startup, doing: "read the claims of \(token.issuer)", found: "not built yet")
    }
}
