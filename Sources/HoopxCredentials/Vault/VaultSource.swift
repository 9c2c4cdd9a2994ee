import HoopxCore
import HoopxOutbound
import Synchronization

/// A secret of HashiCorp Vault or OpenBao, read in the name of the session's identity (the JWT auth method).
///
/// Each lease is a login of its own, so that nobody reads a secret whose identity no longer stands. A secret that Vault
/// only keeps is read anew every few minutes, and the login ends at once. One that Vault makes (a dynamic secret) lives
/// as long as the login that it was made for: both are prolonged, and both are revoked.
public final class VaultSource: CredentialSource {
    public let name: String
    public let injection: CredentialInjection

    private let server: VaultServer
    private let login: VaultLogin
    private let path: String
    private let field: String
    private let dynamic = Mutex<[String: DynamicSecret]>([:])

    /// A secret that Vault made, and the login that it lives with.
    private struct DynamicSecret {
        let leaseID: String
        let token: VaultToken
        let expiresAt: ContinuousClock.Instant
    }

    /// How often a kept secret is read, and for how long the last reading serves where that fails.
    static let refreshInterval = Duration.seconds(300)
    static let lifetime = Duration.seconds(900)

    /// - Parameters:
    ///   - address: the server, `https://vault.example.com:8200`; http only on loopback.
    ///   - namespace: of Vault Enterprise, HCP or OpenBao.
    ///   - caPath: a PEM file with the only authorities that may vouch for the server.
    ///   - authMount: where the JWT auth method is mounted, `jwt`.
    ///   - role: the auth method's role.
    ///   - path: what is read, `secret/data/ci/key` or `database/creds/reader`.
    ///   - field: of the secret, a text.
    ///   - audience: whom the ID token must be meant for; nil for whom it is meant for anyway.
    /// - Throws: a usage error where the address or a path cannot be one.
    public convenience init(
        address: String, namespace: String? = nil, caPath: String? = nil, authMount: String = "jwt", role: String,
        path: String, field: String, header: CredentialHeader = .bearer, audience: String? = nil,
        identity: any IdentityTokenSource, client: ControlClient
    ) throws(HoopxError) {
        try self.init(
            address: address, namespace: namespace, authMount: authMount, role: role, path: path, field: field,
            header: header, audience: audience, identity: identity,
            client: PatientClient(client: client, caPath: caPath))
    }

    init(
        address: String, namespace: String?, authMount: String, role: String, path: String, field: String,
        header: CredentialHeader, audience: String?, identity: any IdentityTokenSource, client: PatientClient
    ) throws(HoopxError) {
        var address = address
        while address.hasSuffix("/") { address.removeLast() }
        let name = "\(path) of \(address)"
        for (text, key) in [(path, "path"), (authMount, "auth_mount")] where !Self.isPath(text) {
            throw HoopxError(
                .usage, doing: "preparing \(name)", found: "\"\(text)\" cannot be a \(key) of Vault",
                hint: "write it without a slash at either end, and without v1")
        }
        guard ControlURL(address + "/v1/") != nil, !address.contains("?") else {
            throw HoopxError(
                .usage, doing: "preparing \(name)", found: "the address is not the URL of a server",
                hint: "write it like https://vault.example.com:8200")
        }
        self.name = name
        injection = .header(header)
        self.path = path
        self.field = field
        server = VaultServer(address: address, namespace: namespace, client: client)
        login = VaultLogin(server: server, mount: authMount, role: role, audience: audience, identity: identity)
    }

    public func lease() async throws(HoopxError) -> Lease {
        let token = try await login.token()
        let answer: VaultAnswer
        let secret: Secret
        do throws(HoopxError) {
            answer = try await read(with: token)
            secret = try value(in: answer)
        } catch {
            // Whatever it was that could not be used: nothing of it stays.
            await login.end(token)
            throw error
        }
        guard let leaseID = answer.leaseID, !leaseID.isEmpty else {
            await login.end(token)
            let now = ContinuousClock.now
            return Lease(token: secret, expiresAt: now + Self.lifetime, refreshAt: now + Self.refreshInterval)
        }
        let term = VaultTerm(seconds: answer.leaseDuration ?? 0, until: token.expiresAt)
        guard term.expiresAt > .now else {
            await login.end(token)
            throw HoopxError(.startup, doing: "reading \(name)", found: "its lease is over at once")
        }
        let lease = term.lease(.token(secret))
        keep(DynamicSecret(leaseID: leaseID, token: token, expiresAt: lease.expiresAt ?? .now), for: lease)
        return lease
    }

    public func renew(_ lease: Lease) async throws(HoopxError) -> Lease? {
        guard let secret = dynamic.withLock({ $0[lease.id] }) else { return nil }
        // It also makes sure that the identity still stands.
        guard let token = try await login.prolonged(secret.token) else { return nil }
        let answer: VaultAnswer?
        do throws(VaultServer.Failure) {
            answer = try await server.ask(
                .put, "sys/leases/renew", token: token.secret, body: ["lease_id": .text(secret.leaseID)])
        } catch {
            // Not renewable, past its greatest age, revoked: a new one then. The rest is for the next attempt.
            if [400, 403, 404].contains(error.status) { return nil }
            throw failure(error, doing: "prolonging the lease on \(name)", hint: nil)
        }
        guard let seconds = answer?.leaseDuration else { return nil }
        let term = VaultTerm(seconds: seconds, until: token.expiresAt)
        guard let oldEnd = lease.expiresAt, term.expiresAt > oldEnd + VaultTerm.leastGain else { return nil }
        let renewed = term.lease(lease.material, id: lease.id)
        keep(DynamicSecret(leaseID: secret.leaseID, token: token, expiresAt: term.expiresAt), for: renewed)
        return renewed
    }

    public func revoke(_ lease: Lease) async throws(HoopxError) -> Bool {
        guard let secret = dynamic.withLock({ $0.removeValue(forKey: lease.id) }) else { return false }
        // With a login Vault revokes all that was made for it, and every login may end itself. To revoke a lease takes
        // a policy of its own; it is the way for batch tokens, which cannot be revoked.
        if await login.end(secret.token) { return true }
        do throws(VaultServer.Failure) {
            _ = try await server.ask(
                .put, "sys/leases/revoke", token: secret.token.secret, body: ["lease_id": .text(secret.leaseID)])
            return true
        } catch {
            throw failure(
                error, doing: "revoking the lease on \(name)", hint: "it ends by itself, or revoke it in Vault")
        }
    }

    private func read(with token: VaultToken) async throws(HoopxError) -> VaultAnswer {
        do throws(VaultServer.Failure) {
            if let answer = try await server.ask(.get, path, token: token.secret) { return answer }
        } catch {
            let hint: String? =
                switch error.status {
                case 403: "the role's policies must allow read on \(path)"
                case 404: "see that it is there; in a KV engine of version 2, data/ follows the mount: secret/data/NAME"
                default: nil
                }
            throw failure(error, doing: "reading \(name)", hint: hint)
        }
        throw HoopxError(.startup, doing: "reading \(name)", found: "the answer is empty")
    }

    private func value(in answer: VaultAnswer) throws(HoopxError) -> Secret {
        var fields = answer.data ?? [:]
        // Version 2 of KV wraps the secret, beside what it knows of the version.
        if case .object(let inner)? = fields["data"], case .object? = fields["metadata"] { fields = inner }
        switch fields[field] {
        case .text(let text): return try TokenText.secret(from: text.utf8, of: name)
        case .number, .object, .other:
            throw HoopxError(.startup, doing: "reading \(name)", found: "the field \(field) is not a text")
        case nil:
            throw HoopxError(
                .startup, doing: "reading \(name)", found: "it has no field \(field)",
                hint: "set field to one that it has")
        }
    }

    private func keep(_ secret: DynamicSecret, for lease: Lease) {
        dynamic.withLock { dynamic in
            dynamic = dynamic.filter { $0.value.expiresAt > .now }
            dynamic[lease.id] = secret
        }
    }

    private func failure(_ failure: VaultServer.Failure, doing: String, hint: String?) -> HoopxError {
        HoopxError(.startup, doing: doing, found: failure.found, hint: hint)
    }

    private static func isPath(_ text: String) -> Bool {
        let segments = text.split(separator: "/", omittingEmptySubsequences: false)
        return text.utf8.count <= 512 && !segments.contains { $0.isEmpty || $0 == "." || $0 == ".." }
            && segments.first != "v1" && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
    }
}

/// How long something of Vault's lasts.
struct VaultTerm {
    let expiresAt: ContinuousClock.Instant
    private let lifetime: Duration

    /// A renewal that brings less is at the end of what Vault allows.
    static let leastGain = Duration.seconds(1)

    /// - Parameters:
    ///   - seconds: as Vault counts from now on.
    ///   - end: of what it lives with; nil where that does not end.
    init(seconds: Int64, until end: ContinuousClock.Instant?, now: ContinuousClock.Instant = .now) {
        // A year: what a server says must not overflow.
        let own = Duration.seconds(min(max(seconds, 0), 31_536_000))
        lifetime = min(own, end.map { $0 - now } ?? own)
        // A request must arrive before the end.
        expiresAt = now + lifetime - min(.seconds(10), lifetime / 10)
    }

    /// It is prolonged when two thirds are over, as Vault's own agent does it.
    func lease(_ material: Lease.Material, id: String = Lease.newID()) -> Lease {
        Lease(material, id: id, expiresAt: expiresAt, refreshAt: expiresAt - lifetime / 3)
    }
}
