import HoopxCore
import HoopxOutbound

/// What became of a login that is forgotten.
public enum LogoutOutcome: Hashable, Sendable {
    case nobodyLoggedIn
    /// Forgotten, and worthless at the provider too.
    case revoked
    /// Forgotten. There was nothing to revoke, or the provider has no way to: why, for a message.
    case forgotten(String)
    /// Forgotten, but the provider could not be told: why, for a message. Its refresh token lives on there.
    case notRevoked(String)
}

extension CachedLogin {
    /// Revokes the refresh token (RFC 7009), and forgets the login whatever comes of that.
    ///
    /// - Throws: where it could not be forgotten.
    public func logout() async throws(HoopxError) -> LogoutOutcome {
        try await cache.withLock(key) { () async throws(HoopxError) in
            switch try await self.cache.load(self.key) {
            case .nothing: return .nobodyLoggedIn
            case .lost(let loss):
                try await self.cache.remove(self.key)
                return .forgotten(loss.description)
            case .found(let identity):
                let outcome = await self.revoke(identity)
                try await self.cache.remove(self.key)
                return outcome
            }
        }
    }

    private func revoke(_ identity: CachedIdentity) async -> LogoutOutcome {
        guard let refreshToken = identity.refreshToken else {
            return .forgotten("there was no refresh token to revoke")
        }
        let metadata: IssuerMetadata
        do throws(HoopxError) {
            metadata = try await oauth.issuer.metadata()
        } catch {
            return .notRevoked(error.description)
        }
        guard let url = metadata.revocationEndpoint else {
            return .forgotten("the provider has no revocation_endpoint, so that its refresh token lives on there")
        }
        do throws(OAuthFailure) {
            try await TokenEndpoint.revoke(refreshToken, at: url, by: oauth)
            return .revoked
        } catch {
            return .notRevoked(error.found)
        }
    }
}
