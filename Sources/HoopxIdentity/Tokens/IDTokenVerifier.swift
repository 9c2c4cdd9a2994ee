import FoundationEssentials
import HoopxCore
import HoopxJSON
import JWTKit

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
        do {
            let parts = try TokenParts(token)
            // Said before a key is looked for: a token of another issuer is better told so than that its key is unknown.
            try checkIssuer(parts.claims)
            try await checkSignature(of: parts)
            let claims = try TokenClaims(parts.claims, audience: audience, kind: kind, nonce: nonce, now: now())
            return VerifiedIDToken(
                token: token.compact, issuer: issuer.url, subject: claims.subject, audience: claims.audience,
                algorithm: parts.header.algorithm.rawValue, keyID: parts.header.keyID, issuedAt: claims.issuedAt,
                expiresAt: claims.expiresAt, claims: parts.claims)
        } catch let failure as IssuerFailure {
            throw VerificationFailure(.issuerUnavailable, failure.error)
        } catch let fault as TokenFault {
            throw VerificationFailure(
                fault.reason,
                HoopxError(
                    .startup, doing: "verifying the ID token of \(issuer.url)", found: fault.found, hint: fault.hint))
        } catch {
            // Neither of the calls above throws anything else.
            throw VerificationFailure(
                .malformed, HoopxError(.startup, doing: "verifying the ID token of \(issuer.url)", found: "it failed"))
        }
    }

    private func checkIssuer(_ claims: JSONValue) throws(TokenFault) {
        guard let found = claims["iss"]?.string, found.isIdentical(to: issuer.url) else {
            throw TokenFault(
                .issuer, "expected issuer \(ForeignText(issuer.url)), found \(ForeignText(claims["iss"]))")
        }
    }

    private func checkSignature(of parts: TokenParts) async throws {
        let key = try await issuer.key(for: parts.header)
        let isValid: Bool
        do {
            isValid = try await key.verifier(for: parts.header.algorithm).verify(parts.signature, signs: parts.signed)
        } catch let fault as TokenFault {
            throw fault
        } catch {
            // A signature of the wrong length.
            isValid = false
        }
        guard isValid else {
            throw TokenFault(.signature, "expected a signature by \(key.name) of the issuer, found another one")
        }
    }
}
