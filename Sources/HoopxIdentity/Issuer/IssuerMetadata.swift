import HoopxJSON
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

    /// The members that were read, for a snapshot.
    let document: JSONValue

    /// - Parameter configured: the issuer's URL, which the document must name exactly (OpenID Connect Discovery, 4.3).
    init(_ document: JSONValue, configured: String) throws(DocumentFault) {
        guard case .object(let members) = document else {
            throw DocumentFault("expected a JSON object, found \(ForeignText(document))")
        }
        guard let issuer = members["issuer"]?.string, issuer.isIdentical(to: configured) else {
            throw DocumentFault(
                "it is the document of issuer \(ForeignText(members["issuer"])), expected \(ForeignText(configured))",
                hint: "set the issuer exactly as the identity provider writes it, if it is the one that you mean")
        }
        let isPlain = configured.hasPrefix("http://")
        var kept: [String: JSONValue] = ["issuer": .string(issuer)]
        func endpoint(_ name: String) throws(DocumentFault) -> ControlURL? {
            guard let value = members[name], value != .null else { return nil }
            guard let text = value.string, let url = ControlURL(text), url.isTLS || (isPlain && url.isConfidential)
            else {
                let expected = isPlain ? "an https URL, or an http URL of this machine" : "an https URL"
                throw DocumentFault("expected \(expected) as \(name), found \(ForeignText(value))")
            }
            kept[name] = value
            return url
        }
        self.issuer = issuer
        authorizationEndpoint = try endpoint("authorization_endpoint")
        tokenEndpoint = try endpoint("token_endpoint")
        deviceAuthorizationEndpoint = try endpoint("device_authorization_endpoint")
        revocationEndpoint = try endpoint("revocation_endpoint")
        guard let keys = try endpoint("jwks_uri") else {
            throw DocumentFault("expected the URL of its keys (jwks_uri), found none")
        }
        jwksURI = keys
        codeChallengeMethods = members["code_challenge_methods_supported"]?.array?.compactMap(\.string) ?? []
        kept["code_challenge_methods_supported"] = .array(codeChallengeMethods.map { .string($0) })
        self.document = .object(kept)
    }
}
