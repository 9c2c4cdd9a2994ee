import HoopxCore

/// What a token endpoint gave. The access token is of no use to hoopx and is not kept.
public struct TokenSet: Sendable {
    /// Always there after a login; a refresh may come without one (OpenID Connect Core 1.0, 12.2).
    public let idToken: UnverifiedIDToken?
    /// The one that counts from now on, where a new one was given.
    public let refreshToken: Secret?

    public init(idToken: UnverifiedIDToken?, refreshToken: Secret?) {
        self.idToken = idToken
        self.refreshToken = refreshToken
    }

    init(_ answer: OAuthClient.Answer) throws(OAuthFailure) {
        let document = try answer.object()
        idToken = try document.text("id_token").map { text throws(OAuthFailure) in
            guard let token = UnverifiedIDToken(text) else {
                throw answer.unusable(
                    where: "an id_token of at most \(UnverifiedIDToken.maximumLength) bytes is expected")
            }
            return token
        }
        refreshToken = try document.text("refresh_token").map { text throws(OAuthFailure) in
            // RFC 6749, A.17.
            guard text.utf8.count <= UnverifiedIDToken.maximumLength,
                text.utf8.allSatisfy({ (0x20...0x7e).contains($0) })
            else { throw answer.unusable(where: "a refresh_token of visible characters is expected") }
            return Secret(text)
        }
    }
}
