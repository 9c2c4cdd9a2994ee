/// Gives the session's ID token to whoever exchanges it for a credential. It is always a verified one.
public protocol IdentityTokenSource: Sendable {
    /// A token that is valid for some time yet, refreshed where that is needed.
    ///
    /// - Parameter audience: whom it must be meant for (`aud`); nil for the one that the identity is configured with.
    ///   Only some platforms (GitHub Actions) make tokens for any audience.
    /// - Throws: where there is none any more, or none for this audience. The error holds no part of a token.
    func identityToken(audience: String?) async throws(HoopxError) -> Secret
}
