import Foundation

/// Everything that the loopback identity provider knows. Its functions are what the endpoints do, without HTTP.
struct ProviderState {
    /// Known when the server has its port.
    var issuer = ""
    var settings: ProviderSettings
    var users: [String: ProviderUser]
    var clients: [String: ProviderClient]
    /// What is in the key set, in the order of their making.
    var keys: [SigningKey]
    /// What tokens are signed with.
    var signer: SigningKey
    var grants: [DeviceGrant] = []
    var families: [RefreshFamily] = []
    var faults: [ProviderEndpoint: (fault: ProviderFault, left: Int?)] = [:]
    var job: JobIdentity
    let now: @Sendable () -> Date

    static let deviceGrantType = "urn:ietf:params:oauth:grant-type:device_code"

    /// The fault that the next request to an endpoint meets.
    mutating func takeFault(at endpoint: ProviderEndpoint) -> ProviderFault? {
        guard let (fault, left) = faults[endpoint] else { return nil }
        guard let left else { return fault }
        faults[endpoint] = left > 1 ? (fault, left - 1) : nil
        return fault
    }

    // MARK: documents

    /// OpenID Connect Discovery 1.0, 3; RFC 8414, 2; RFC 8628, 4.
    func discovery() -> JSONDocument {
        func url(_ endpoint: ProviderEndpoint) -> JSONDocument { .string(issuer + endpoint.rawValue) }
        var document: [String: JSONDocument] = [
            "issuer": .string(issuer), "authorization_endpoint": .string(issuer + "/authorize"),
            "token_endpoint": url(.token), "device_authorization_endpoint": url(.deviceAuthorization),
            "revocation_endpoint": url(.revocation), "jwks_uri": url(.keys),
            "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "grant_types_supported": [.string(Self.deviceGrantType), "refresh_token"],
            "id_token_signing_alg_values_supported": .array(
                SigningAlgorithm.allCases.map { .string($0.rawValue) }),
            "token_endpoint_auth_methods_supported": ["none", "client_secret_post"],
            "scopes_supported": .array(settings.scopes.sorted().map { .string($0) }),
        ]
        if settings.supportsPKCE { document["code_challenge_methods_supported"] = ["S256"] }
        settings.changeDiscovery(&document)
        return .object(document)
    }

    func keySet() throws -> JSONDocument {
        var set = try keys.map { try $0.publicJWK() }
        settings.changeKeys(&set)
        return ["keys": .array(set)]
    }

    // MARK: clients

    /// RFC 6749, 2.3.1 and 3.2.1: by `client_id`, with the secret in the body where the client has one.
    func client(_ form: [String: String]) throws(OAuthRefusal) -> ProviderClient {
        guard let id = form["client_id"] else { throw .invalidRequest("client_id is missing") }
        guard let client = clients[id], form["client_secret"] == client.secret else {
            throw OAuthRefusal("invalid_client", "the client is not known or not authenticated", status: .unauthorized)
        }
        return client
    }

    func scopes(_ form: [String: String]) throws(OAuthRefusal) -> Set<String> {
        let scopes = Set((form["scope"] ?? "").split(separator: " ").map(String.init))
        guard scopes.isSubset(of: settings.scopes) else {
            throw OAuthRefusal("invalid_scope", "a scope is not known here")
        }
        return scopes
    }

    // MARK: the device login

    mutating func authorizeDevice(_ form: [String: String]) throws(OAuthRefusal) -> JSONDocument {
        let client = try client(form)
        let scopes = try scopes(form)
        if settings.supportsPKCE { try checkChallenge(form) }
        let grant = DeviceGrant(
            clientID: client.id, scopes: scopes, nonce: form["nonce"],
            codeChallenge: settings.supportsPKCE ? form["code_challenge"] : nil,
            expiresAt: now() + Double(settings.deviceCodeLifetime), interval: settings.pollInterval)
        grants.append(grant)
        let page = issuer + ProviderEndpoint.devicePage.rawValue
        var answer: [String: JSONDocument] = [
            "device_code": .string(grant.deviceCode), "user_code": .string(grant.userCode),
            "verification_uri": .string(page), "expires_in": .integer(settings.deviceCodeLifetime),
        ]
        if settings.announcesInterval { answer["interval"] = .integer(settings.pollInterval) }
        if settings.sendsCompleteURI {
            answer["verification_uri_complete"] = .string(page + "?user_code=" + grant.userCode)
        }
        return .object(answer)
    }

    private func checkChallenge(_ form: [String: String]) throws(OAuthRefusal) {
        guard let challenge = form["code_challenge"] else {
            if settings.requiresPKCE { throw .invalidRequest("code_challenge is missing") }
            return
        }
        guard form["code_challenge_method"] == "S256" else {
            throw .invalidRequest("code_challenge_method is not S256")
        }
        guard Base64URL.bytes(challenge)?.count == 32 else { throw .invalidRequest("code_challenge is no SHA-256") }
    }

    /// The index of the undecided login with this user code, as a person may type it (RFC 8628, 6.1).
    func pendingGrant(_ userCode: String) -> Int? {
        func plain(_ code: String) -> String { code.uppercased().filter { $0.isLetter } }
        return grants.firstIndex { grant in
            guard case .pending = grant.decision, now() < grant.expiresAt else { return false }
            return plain(grant.userCode) == plain(userCode)
        }
    }

    // MARK: tokens

    mutating func token(_ form: [String: String]) throws(OAuthRefusal) -> JSONDocument {
        guard let type = form["grant_type"] else { throw .invalidRequest("grant_type is missing") }
        let client = try client(form)
        switch type {
        case Self.deviceGrantType: return try deviceToken(form, client: client)
        case "refresh_token": return try refresh(form, client: client)
        default: throw OAuthRefusal("unsupported_grant_type", "not a grant type of this provider")
        }
    }

    private mutating func deviceToken(
        _ form: [String: String], client: ProviderClient
    ) throws(OAuthRefusal) -> JSONDocument {
        guard let code = form["device_code"] else { throw .invalidRequest("device_code is missing") }
        guard let index = grants.firstIndex(where: { $0.deviceCode == code && $0.clientID == client.id }) else {
            throw .invalidGrant("the device code is not known")
        }
        let subject = try grants[index].poll(form: form, settings: &settings, now: now())
        let grant = grants[index]
        let user = try activeUser(subject)
        let family = RefreshFamily(
            subject: subject, clientID: client.id, scopes: grant.scopes, authenticatedAt: now(),
            expiresAt: now() + Double(settings.refreshTokenLifetime))
        let givesRefreshToken =
            switch settings.refreshTokens {
            case .always: true
            case .never: false
            case .withOfflineAccess: grant.scopes.contains("offline_access")
            }
        if givesRefreshToken { families.append(family) }
        return try response(
            for: family, user: user, nonce: grant.nonce, refreshToken: givesRefreshToken ? family.current : nil,
            withIDToken: settings.deviceGrantReturnsIDToken)
    }

    private mutating func refresh(_ form: [String: String], client: ProviderClient) throws(OAuthRefusal) -> JSONDocument
    {
        guard let token = form["refresh_token"] else { throw .invalidRequest("refresh_token is missing") }
        guard let index = families.firstIndex(where: { $0.knows(token) && $0.clientID == client.id }) else {
            throw .invalidGrant("the refresh token is not known")
        }
        // RFC 6749, 6: no scope that the login did not have.
        guard try scopes(form).isSubset(of: families[index].scopes) else {
            throw OAuthRefusal("invalid_scope", "the login did not have this scope")
        }
        let user = try activeUser(families[index].subject)
        try families[index].use(token, settings: settings, now: now())
        let family = families[index]
        return try response(
            for: family, user: user, nonce: nil,
            refreshToken: settings.rotatesRefreshTokens ? family.current : nil,
            withIDToken: settings.refreshReturnsIDToken)
    }

    private func activeUser(_ subject: String) throws(OAuthRefusal) -> ProviderUser {
        guard let user = users[subject], user.isActive else { throw .invalidGrant("the user is not active") }
        return user
    }

    private func response(
        for family: RefreshFamily, user: ProviderUser, nonce: String?, refreshToken: String?, withIDToken: Bool
    ) throws(OAuthRefusal) -> JSONDocument {
        var answer: [String: JSONDocument] = [
            "access_token": .string(RandomText.token()), "token_type": "Bearer",
            "expires_in": .integer(settings.accessTokenLifetime),
            "scope": .string(family.scopes.sorted().joined(separator: " ")),
        ]
        answer["refresh_token"] = refreshToken.map { .string($0) }
        if withIDToken, family.scopes.contains("openid") {
            let claims = idTokenClaims(for: family, user: user, nonce: nonce)
            guard let token = try? TokenMint.token(claims: claims, signature: .key(signer)) else {
                throw OAuthRefusal("server_error", "the token cannot be signed", status: .internalServerError)
            }
            answer["id_token"] = .string(token)
        }
        settings.changeTokenResponse(&answer)
        return .object(answer)
    }

    private func idTokenClaims(for family: RefreshFamily, user: ProviderUser, nonce: String?) -> JSONDocument {
        let time = Int(now().timeIntervalSince1970)
        var claims = user.claims
        claims["iss"] = .string(issuer)
        claims["sub"] = .string(user.subject)
        claims["aud"] = .string(family.clientID)
        claims["iat"] = .integer(time)
        claims["exp"] = .integer(time + settings.idTokenLifetime)
        claims["auth_time"] = .integer(Int(family.authenticatedAt.timeIntervalSince1970))
        claims["nonce"] = nonce.map { .string($0) }
        settings.changeIDToken(&claims)
        return .object(claims)
    }

    /// RFC 7009, 2: what is not known is as good as revoked; what is another client's is refused.
    mutating func revoke(_ form: [String: String]) throws(OAuthRefusal) {
        let client = try client(form)
        guard let token = form["token"] else { throw .invalidRequest("token is missing") }
        guard let index = families.firstIndex(where: { $0.knows(token) }) else { return }
        guard families[index].clientID == client.id else { throw .invalidGrant("another client's token") }
        families[index].isRevoked = true
    }
}
