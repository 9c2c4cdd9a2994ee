import HoopxCore

/// Makes a verified token of an unverified one (OpenID Connect Core 1.0, 3.1.3.7; RFC 8725).
public struct IDTokenVerifier: Sendable {
    /// Whose tokens they are.
    public enum TokenKind: Sendable {
        /// Of a person who logged in to a client: `azp`, where it is there or must be, names the client.
        case user
        /// Of a job or service, made by its platform: `azp` is not looked at.
        case workload
    }

    let issuer: Issuer
    let audience: String
    let kind: TokenKind
    let now: @Sendable () -> Timestamp

    /// - Parameter audience: whom tokens must be meant for: the client's id, or what a platform was asked to put there.
    public init(
        issuer: Issuer, audience: String, kind: TokenKind = .user,
        now: @escaping @Sendable () -> Timestamp = Timestamp.now
    ) {
        self.issuer = issuer
        self.audience = audience
        self.kind = kind
        self.now = now
    }

    /// - Parameter nonce: what the token's `nonce` must be, where the login sent one.
    /// - Throws: what was expected and what came. Never any part of the token but the claim that is wrong, shortened.
    public func verify(_ token: UnverifiedIDToken, nonce: String? = nil) async throws(HoopxError) -> VerifiedIDToken {
        do {
            return try await check(token, nonce: nonce)
        } catch {
            throw error.error
        }
    }

    /// `verify`, for callers that act on the reason.
    public func check(
        _ token: UnverifiedIDToken, nonce: String? = nil
    ) async throws(VerificationFailure) -> VerifiedIDToken {
        throw VerificationFailure(
            .malformed, HoopxError(.startup, doing: "verify the ID token of \(issuer.url)", found: "not built yet"))
    }
}
