import HoopxCore
import HoopxOutbound

/// Where tokens come from (RFC 6749, 3.2), and where they are given back (RFC 7009).
public struct TokenEndpoint: Sendable {
    private let oauth: OAuthClient
    private let url: ControlURL

    public init(_ oauth: OAuthClient, url: ControlURL) {
        self.oauth = oauth
        self.url = url
    }

    /// Asks whether a login is confirmed (RFC 8628, 3.4).
    ///
    /// - Parameter verifier: of the proof key whose challenge the login began with.
    /// - Throws: `refused` with `authorization_pending` or `slow_down` while it is not.
    func redeem(_ deviceCode: Secret, verifier: Secret?) async throws(OAuthFailure) -> TokenSet {
        var parameters = [
            (name: "grant_type", value: Secret("urn:ietf:params:oauth:grant-type:device_code")),
            (name: "device_code", value: deviceCode),
        ]
        if let verifier { parameters.append((name: "code_verifier", value: verifier)) }
        return try TokenSet(try await oauth.post(url, parameters))
    }

    /// New tokens for a refresh token (RFC 6749, 6). The old refresh token may be worth nothing afterwards: whoever calls
    /// this stores the new one before anybody else can use the old.
    public func refresh(_ refreshToken: Secret) async throws(OAuthFailure) -> TokenSet {
        try TokenSet(
            try await oauth.post(
                url,
                [
                    (name: "grant_type", value: Secret("refresh_token")),
                    (name: "refresh_token", value: refreshToken),
                ]))
    }

    /// Makes a refresh token worthless (RFC 7009, 2.1). One that is so already is no failure.
    ///
    /// - Parameter url: the provider's `revocation_endpoint`.
    public static func revoke(
        _ refreshToken: Secret, at url: ControlURL, by oauth: OAuthClient
    ) async throws(OAuthFailure) {
        _ = try await oauth.post(
            url,
            [(name: "token", value: refreshToken), (name: "token_type_hint", value: Secret("refresh_token"))])
    }
}
