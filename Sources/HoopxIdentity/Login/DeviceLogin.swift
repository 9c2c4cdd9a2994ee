import HoopxCore
import HoopxOutbound

/// A login with the device authorization grant (RFC 8628): carries out what `DevicePolling` says.
public struct DeviceLogin: Sendable {
    /// What a login gave.
    public struct Grant: Sendable {
        public let idToken: VerifiedIDToken
        /// nil where the provider gives none: the identity then ends with its ID token.
        public let refreshToken: Secret?
    }

    private let oauth: OAuthClient
    private let verifier: IDTokenVerifier
    private let clock: IdentityClock

    public init(_ oauth: OAuthClient, verifier: IDTokenVerifier, clock: IdentityClock = .system) {
        self.oauth = oauth
        self.verifier = verifier
        self.clock = clock
    }

    /// Logs a person in. Ends when they have confirmed, refused or done neither in time, or when the task is cancelled.
    ///
    /// - Parameter show: called once, with what the person needs.
    /// - Throws: why nobody is logged in.
    public func run(show: @Sendable (DeviceAuthorization) -> Void) async throws(HoopxError) -> Grant {
        let metadata = try await oauth.issuer.metadata()
        guard let deviceURL = metadata.deviceAuthorizationEndpoint, let tokenURL = metadata.tokenEndpoint else {
            let missing =
                metadata.tokenEndpoint == nil ? "token_endpoint" : "device_authorization_endpoint"
            throw error(
                found: "its discovery document has no \(missing)",
                hint: "ask for the device authorization grant (RFC 8628) to be switched on at the provider")
        }
        let proof = metadata.codeChallengeMethods.contains("S256") ? ProofKey() : nil
        let nonce = RandomText.base64URL()
        let authorization = try await begin(at: deviceURL, challenge: proof?.challenge, nonce: nonce)
        let start = clock.elapsed()
        show(authorization)
        let endpoint = TokenEndpoint(oauth, url: tokenURL)
        let tokens = try await poll(endpoint, authorization, since: start, verifier: proof?.verifier)
        return try await grant(try await withIDToken(tokens, from: endpoint), nonce: nonce)
    }

    /// How many times the first request is sent, with waits of 1, 2 and 4 s between.
    private static let attempts = 4

    private func begin(
        at url: ControlURL, challenge: String?, nonce: String
    ) async throws(HoopxError) -> DeviceAuthorization {
        var parameters = [
            (name: "scope", value: Secret(oauth.scopes.joined(separator: " "))), (name: "nonce", value: Secret(nonce)),
        ]
        if let challenge {
            parameters.append((name: "code_challenge", value: Secret(challenge)))
            parameters.append((name: "code_challenge_method", value: Secret("S256")))
        }
        var attempt = 1
        while true {
            do throws(OAuthFailure) {
                return try DeviceAuthorization(try await oauth.post(url, parameters))
            } catch {
                guard case .transient = error, attempt < Self.attempts else { throw refused(error) }
            }
            try await wait(.seconds(1 << (attempt - 1)))
            attempt += 1
        }
    }

    private func poll(
        _ endpoint: TokenEndpoint, _ authorization: DeviceAuthorization, since start: Duration, verifier: Secret?
    ) async throws(HoopxError) -> TokenSet {
        var polling = DevicePolling(lifetime: authorization.lifetime, interval: authorization.interval)
        var action = polling.start()
        while true {
            switch action {
            case .wait(let time):
                try await wait(time)
                action = polling.waited(now: clock.elapsed() - start)
            case .ask:
                do throws(OAuthFailure) {
                    action = polling.received(try await endpoint.redeem(authorization.deviceCode, verifier: verifier))
                } catch {
                    if Task.isCancelled { throw interrupted }
                    action = polling.failed(error, now: clock.elapsed() - start)
                }
            case .succeed(let tokens): return tokens
            case .fail(let failure): throw self.error(failure)
            }
        }
    }

    /// Refreshes at once where the grant came without an ID token. OpenID Connect knows nothing of this grant: there are
    /// providers (django-oauth-toolkit) whose first ID token comes with the first refresh.
    private func withIDToken(_ tokens: TokenSet, from endpoint: TokenEndpoint) async throws(HoopxError) -> TokenSet {
        guard tokens.idToken == nil, let refreshToken = tokens.refreshToken else { return tokens }
        do throws(OAuthFailure) {
            let refreshed = try await endpoint.refresh(refreshToken)
            return TokenSet(idToken: refreshed.idToken, refreshToken: refreshed.refreshToken ?? refreshToken)
        } catch {
            throw refused(error)
        }
    }

    private func grant(_ tokens: TokenSet, nonce: String) async throws(HoopxError) -> Grant {
        guard let unverified = tokens.idToken else {
            throw error(
                found: "the provider gave no ID token", hint: "identity.scopes must have openid among them")
        }
        let idToken = try await verifier.verify(unverified)
        // RFC 8628 says nothing of a nonce: there are providers that pass it on, and others that do not know it.
        if let returned = idToken.claims["nonce"], returned != .string(nonce) {
            throw error(
                found: "the ID token belongs to another login: its nonce is not the one that was sent",
                hint: "run hoopx login again")
        }
        return Grant(idToken: idToken, refreshToken: tokens.refreshToken)
    }

    // MARK: errors

    private func wait(_ time: Duration) async throws(HoopxError) {
        do { try await clock.sleep(time) } catch { throw interrupted }
    }

    private var interrupted: HoopxError { error(found: "it was interrupted") }

    private func error(_ failure: DevicePolling.Failure) -> HoopxError {
        switch failure {
        case .denied(let refusal):
            return error(
                found: "the login was refused at the provider: \(refusal)",
                hint: "run hoopx login again, and confirm the code that it shows")
        case .expired(let lastTrouble?):
            return error(
                found: "the code expired while the provider could not be asked: \(lastTrouble)",
                hint: "run hoopx login again when the provider is there")
        case .expired(nil):
            return error(found: "the code expired before anybody confirmed it", hint: "run hoopx login again")
        case .endpoint(let failure): return refused(failure)
        }
    }

    private func refused(_ failure: OAuthFailure) -> HoopxError {
        switch failure {
        case .refused(let refusal):
            let hint =
                switch refusal.code {
                case "invalid_client", "unauthorized_client":
                    "check identity.client_id, identity.client_secret_file, and that the provider allows this client"
                        + " the device authorization grant"
                case "invalid_scope": "check identity.scopes"
                default: "run hoopx login again"
                }
            return error(found: failure.found, hint: hint)
        case .transient: return error(found: failure.found, hint: "try again when the provider is there")
        case .unusable: return error(found: failure.found, hint: "check identity.issuer")
        }
    }

    private func error(found: String, hint: String? = nil) -> HoopxError {
        HoopxError(.startup, doing: "logging in to \(oauth.issuer.url)", found: found, hint: hint)
    }
}
