import HoopxCore

/// A login to Vault, and until when it lasts.
struct VaultToken: Sendable {
    let secret: Secret
    /// nil for one that does not end.
    let expiresAt: ContinuousClock.Instant?
    let isRenewable: Bool
}

/// Logs in to Vault with the session's ID token (`auth/<mount>/login` of the JWT auth method).
struct VaultLogin: Sendable {
    let server: VaultServer
    let mount: String
    let role: String
    let audience: String?
    let identity: any IdentityTokenSource

    func token() async throws(HoopxError) -> VaultToken {
        let jwt = try await identity.identityToken(audience: audience)
        let doing = "logging in to \(server.address) at auth/\(mount)"
        let answer: VaultAnswer?
        do throws(VaultServer.Failure) {
            answer = try await server.ask(
                .post, "auth/\(mount)/login", body: ["role": .text(role), "jwt": .text(jwt.withValue { $0 })],
                hiding: [jwt])
        } catch {
            let hint: String? =
                switch error.status {
                case 400, 403:
                    "the role \(role) must be there and accept this identity: its issuer, bound_audiences, bound_claims"
                case 404: "see that a JWT auth method is mounted at auth/\(mount), in the namespace that is configured"
                case 503: "see that the server is unsealed"
                case 301, 302, 307, 308:
                    "set address to the server that is active, or to what stands before all of them"
                default: nil
                }
            throw HoopxError(.startup, doing: doing, found: error.found, hint: hint)
        }
        guard let auth = answer?.auth, let token = Self.token(from: auth) else {
            throw HoopxError(.startup, doing: doing, found: "its answer holds no token that could be sent")
        }
        return token
    }

    /// Makes a login last longer, where that is possible.
    ///
    /// - Returns: the login as it is where it cannot; nil where it is no longer good.
    /// - Throws: where the identity no longer stands, or the server cannot be asked.
    func prolonged(_ token: VaultToken) async throws(HoopxError) -> VaultToken? {
        _ = try await identity.identityToken(audience: audience)
        guard token.isRenewable else { return token }
        do throws(VaultServer.Failure) {
            let answer = try await server.ask(.put, "auth/token/renew-self", token: token.secret)
            guard let auth = answer?.auth else { return token }
            return VaultToken(
                secret: token.secret, expiresAt: Self.end(after: auth.leaseDuration), isRenewable: auth.renewable)
        } catch {
            if [400, 403].contains(error.status) { return nil }
            throw HoopxError(
                .startup, doing: "prolonging the login to \(server.address)", found: error.found)
        }
    }

    /// Ends a login, and with it all that was made for it. One that cannot be ended is soon over by itself.
    ///
    /// - Returns: whether it is over.
    @discardableResult
    func end(_ token: VaultToken) async -> Bool {
        do throws(VaultServer.Failure) {
            _ = try await server.ask(.put, "auth/token/revoke-self", token: token.secret)
            return true
        } catch {
            return false
        }
    }

    private static func token(from auth: VaultAnswer.Authentication) -> VaultToken? {
        guard let secret = try? TokenText.secret(from: auth.clientToken.utf8, of: "Vault") else { return nil }
        return VaultToken(secret: secret, expiresAt: end(after: auth.leaseDuration), isRenewable: auth.renewable)
    }

    private static func end(after seconds: Int64) -> ContinuousClock.Instant? {
        seconds == 0 ? nil : .now + .seconds(min(max(seconds, 0), 31_536_000))
    }
}
