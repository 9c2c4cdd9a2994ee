import HoopxOutbound

/// What hoopx uses of an issuer's discovery document (OpenID Connect Discovery 1.0, 3; RFC 8414; RFC 8628, 4).
///
/// Every URL is https, or http on this machine where the issuer is that too.
public struct IssuerMetadata: Hashable, Sendable {
    /// Exactly as configured.
    public let issuer: String
    public let authorizationEndpoint: ControlURL?
    public let tokenEndpoint: ControlURL?
    public let deviceAuthorizationEndpoint: ControlURL?
    public let revocationEndpoint: ControlURL?
    public let jwksURI: ControlURL
    /// `code_challenge_methods_supported`: "S256" where PKCE (RFC 7636) works.
    public let codeChallengeMethods: [String]
}
