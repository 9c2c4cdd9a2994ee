import HoopxCore
import HoopxJSON

/// An ID token whose signature, issuer, audience and times have been verified. Only `IDTokenVerifier` makes one.
public struct VerifiedIDToken: Sendable {
    /// In compact form, as it may be exchanged for a credential.
    public let token: Secret
    public let issuer: String
    public let subject: String
    public let audience: [String]
    /// The signature's algorithm, as JOSE names it.
    public let algorithm: String
    public let keyID: String?
    public let issuedAt: Timestamp
    public let expiresAt: Timestamp
    /// Every claim of the token.
    public let claims: JSONValue

    init(
        token: Secret, issuer: String, subject: String, audience: [String], algorithm: String, keyID: String?,
        issuedAt: Timestamp, expiresAt: Timestamp, claims: JSONValue
    ) {
        self.token = token
        self.issuer = issuer
        self.subject = subject
        self.audience = audience
        self.algorithm = algorithm
        self.keyID = keyID
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.claims = claims
    }
}
