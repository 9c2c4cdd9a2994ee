import Foundation

/// The refresh tokens that came of one login. One is good at a time; who brings an old one ends them all
/// (RFC 9700, 4.14.2).
struct RefreshFamily {
    let subject: String
    let clientID: String
    let scopes: Set<String>
    let authenticatedAt: Date
    var current = RandomText.token()
    var spent: Set<String> = []
    var expiresAt: Date
    var isRevoked = false

    func knows(_ token: String) -> Bool { token == current || spent.contains(token) }

    /// Takes a refresh token, and rotates it.
    mutating func use(_ token: String, settings: ProviderSettings, now: Date) throws(OAuthRefusal) {
        guard !isRevoked else { throw .invalidGrant("the refresh token has been revoked") }
        guard token == current else {
            isRevoked = true
            throw .invalidGrant("the refresh token has been used before")
        }
        guard now < expiresAt else { throw .invalidGrant("the refresh token has expired") }
        guard settings.rotatesRefreshTokens else { return }
        spent.insert(current)
        current = RandomText.token()
        expiresAt = now + Double(settings.refreshTokenLifetime)
    }
}
