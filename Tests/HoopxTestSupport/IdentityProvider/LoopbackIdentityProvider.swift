import Foundation
import NIOHTTP1
import NIOSSL

/// An OpenID provider on loopback: discovery, rotating keys, device logins, refresh, revocation, and the endpoint that
/// gives a CI job its identity.
///
/// It refuses what a real one refuses, so that a test passes only where the client keeps to the RFCs. What a test wants
/// otherwise it says in the settings, or as a fault of one endpoint.
public final class LoopbackIdentityProvider: Sendable {
    public let server: LoopbackHTTPServer
    /// Without a slash at the end.
    public let issuer: String
    private let routes: ProviderRoutes

    /// - Parameters:
    ///   - tls: serves TLS with this context, else plain HTTP.
    ///   - port: 0 for any free one.
    ///   - path: what the issuer has behind its authority, such as "/realms/demo".
    ///   - algorithm: of the first key. RSA keys take a while to make.
    ///   - now: the clock of tokens and polls.
    public init(
        tls: NIOSSLContext? = nil, port: Int = 0, path: String = "", users: [ProviderUser] = [.alice],
        clients: [ProviderClient] = [ProviderClient("hoopx")], algorithm: SigningAlgorithm = .es256,
        settings: ProviderSettings = ProviderSettings(), now: @escaping @Sendable () -> Date = { Date() }
    ) async throws {
        let key = try SigningKey(algorithm)
        let state = ProviderState(
            settings: settings, users: Dictionary(users.map { ($0.subject, $0) }) { $1 },
            clients: Dictionary(clients.map { ($0.id, $0) }) { $1 }, keys: [key], signer: key, job: JobIdentity(),
            now: now)
        let routes = ProviderRoutes(state, prefix: path)
        server = try await LoopbackHTTPServer(tls: tls, port: port) { routes.answer($0) }
        let issuer = server.url + path
        routes.state.withLock { $0.issuer = issuer }
        self.issuer = issuer
        self.routes = routes
    }

    public func close() async { await server.close() }

    // MARK: what it does

    public func configure(_ change: @Sendable (inout ProviderSettings) -> Void) {
        routes.state.withLock { change(&$0.settings) }
    }

    /// Lets the next requests to an endpoint meet a fault, or none any more.
    ///
    /// - Parameter times: how many requests; nil for all.
    public func setFault(_ fault: ProviderFault?, at endpoint: ProviderEndpoint, times: Int? = nil) {
        routes.state.withLock { $0.faults[endpoint] = fault.map { ($0, times) } }
    }

    /// Adds a user, or puts one in the place of the one with the same subject.
    public func setUser(_ user: ProviderUser) { routes.state.withLock { $0.users[user.subject] = user } }

    /// The user leaves: no login and no refresh from now on.
    public func deprovision(_ subject: String) { routes.state.withLock { $0.users[subject]?.isActive = false } }

    // MARK: the person at the other end

    /// The user codes of the logins that began so far.
    public var userCodes: [String] { routes.state.withLock { $0.grants.map(\.userCode) } }

    /// The user code of the login with this number, counted from 0, when it has begun.
    public func userCode(_ index: Int = 0) async throws -> String {
        try await eventually("a device login to begin") { userCodes.count > index }
        return userCodes[index]
    }

    public func approve(_ userCode: String, as subject: String = "alice") throws {
        try decide(userCode) { $0.decision = .approved(subject: subject) }
    }

    public func deny(_ userCode: String) throws { try decide(userCode) { $0.decision = .denied } }

    /// Ends the time of a login that nobody decided.
    public func expire(_ userCode: String) throws { try decide(userCode) { $0.expiresAt = .distantPast } }

    private func decide(_ userCode: String, _ change: (inout DeviceGrant) -> Void) throws {
        try routes.state.withLock { state in
            guard let index = state.pendingGrant(userCode) else {
                throw TestSupportError("no login waits for a decision under \(userCode)")
            }
            change(&state.grants[index])
        }
    }

    // MARK: keys and tokens

    /// What tokens are signed with.
    public var signer: SigningKey { routes.state.withLock { $0.signer } }

    /// Signs with a new key from now on.
    ///
    /// - Parameters:
    ///   - algorithm: nil for the one of before.
    ///   - keepsOld: whether the keys so far stay in the key set.
    @discardableResult
    public func rotateKeys(to algorithm: SigningAlgorithm? = nil, keepsOld: Bool = true) throws -> SigningKey {
        let key = try SigningKey(algorithm ?? signer.algorithm)
        sign(with: key, keepsOld: keepsOld)
        return key
    }

    /// Publishes a key and signs with it from now on.
    public func sign(with key: SigningKey, keepsOld: Bool = true) {
        routes.state.withLock { state in
            state.keys = (keepsOld ? state.keys : []) + [key]
            state.signer = key
        }
    }

    /// Makes a token that nobody logged in for. Without changes it is a good ID token of `alice` for the client `hoopx`.
    ///
    /// - Parameters:
    ///   - claims: put in the place of the usual ones; nil takes one out.
    ///   - signature: nil for the provider's own.
    ///   - header: put in the place of the header's members; nil takes one out.
    public func mint(
        _ claims: [String: JSONDocument?] = [:], signature: TokenSignature? = nil, header: [String: JSONDocument?] = [:]
    ) throws -> String {
        let (now, signer) = routes.state.withLock { ($0.now, $0.signer) }
        let time = Int(now().timeIntervalSince1970)
        var members: [String: JSONDocument] = [
            "iss": .string(issuer), "sub": "alice", "aud": "hoopx", "iat": .integer(time), "exp": .integer(time + 300),
        ]
        for (name, value) in claims { members[name] = value }
        return try TokenMint.token(claims: .object(members), signature: signature ?? .key(signer), header: header)
    }

    /// Whether a refresh with this token would be answered.
    public func isLive(refreshToken: String) -> Bool {
        routes.state.withLock { state in
            state.families.contains { $0.current == refreshToken && !$0.isRevoked && state.now() < $0.expiresAt }
        }
    }

    /// How many logins could be refreshed.
    public var liveLoginCount: Int {
        routes.state.withLock { state in state.families.count { !$0.isRevoked && state.now() < $0.expiresAt } }
    }

    // MARK: jobs

    /// The environment of a GitHub Actions job that may ask for an identity.
    public var jobEnvironment: [String: String] {
        let token = routes.state.withLock { $0.job.requestToken }
        return [
            "GITHUB_ACTIONS": "true",
            "ACTIONS_ID_TOKEN_REQUEST_URL": issuer + ProviderEndpoint.jobIdentity.rawValue + "?api-version=2.0",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": token,
        ]
    }

    /// Puts claims in the place of the job's.
    public func setJobClaims(_ claims: [String: JSONDocument]) {
        routes.state.withLock { $0.job.claims.merge(claims) { $1 } }
    }

    // MARK: the journal

    /// The requests that came to an endpoint so far.
    public func requests(to endpoint: ProviderEndpoint) -> [ReceivedRequest] {
        server.requests.filter { routes.endpoint(of: $0) == endpoint }
    }
}
