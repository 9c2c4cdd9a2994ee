import NIOHTTP1
import Synchronization

/// Which endpoint of the loopback identity provider answers a request, and how that looks in HTTP.
final class ProviderRoutes: Sendable {
    let state: Mutex<ProviderState>
    /// What stands before the paths of the endpoints: empty, or such as "/realms/demo".
    let prefix: String

    init(_ state: sending ProviderState, prefix: String) {
        self.state = Mutex(state)
        self.prefix = prefix
    }

    func endpoint(of request: ReceivedRequest) -> ProviderEndpoint? {
        guard request.path.hasPrefix(prefix) else { return nil }
        return ProviderEndpoint(rawValue: String(request.path.dropFirst(prefix.count)))
    }

    func answer(_ request: ReceivedRequest) -> [ResponseStep] {
        guard let endpoint = endpoint(of: request) else {
            return .answer("no \(request.path) here\n", status: .notFound, type: "text/plain")
        }
        return state.withLock { state in
            switch state.takeFault(at: endpoint)?.kind {
            case .instead(let steps): return steps
            case .before(let steps): return steps + Self.answer(request, at: endpoint, &state)
            case .dropAfterWork:
                _ = Self.answer(request, at: endpoint, &state)
                return [.abort]
            case nil: return Self.answer(request, at: endpoint, &state)
            }
        }
    }

    private static func answer(
        _ request: ReceivedRequest, at endpoint: ProviderEndpoint, _ state: inout ProviderState
    ) -> [ResponseStep] {
        switch (endpoint, request.method) {
        case (.discovery, .GET): return .answer(state.discovery().text)
        case (.keys, .GET): return keys(state)
        case (.devicePage, .GET), (.devicePage, .POST): return DevicePage.answer(request, &state)
        case (.jobIdentity, .GET): return jobIdentity(request, state)
        case (.deviceAuthorization, .POST), (.token, .POST), (.revocation, .POST):
            return oauth(request, at: endpoint, &state)
        default: return .answer("", status: .methodNotAllowed, type: "text/plain")
        }
    }

    private static func keys(_ state: ProviderState) -> [ResponseStep] {
        guard let set = try? state.keySet() else { return .answer("", status: .internalServerError) }
        var headers: HTTPHeaders = [:]
        if let control = state.settings.jwksCacheControl { headers.add(name: "cache-control", value: control) }
        return .answer(set.text, headers: headers)
    }

    private static func oauth(
        _ request: ReceivedRequest, at endpoint: ProviderEndpoint, _ state: inout ProviderState
    ) -> [ResponseStep] {
        do throws(OAuthRefusal) {
            guard request.headers["authorization"].isEmpty else {
                throw OAuthRefusal(
                    "invalid_client", "clients authenticate in the body", status: .unauthorized)
            }
            guard request.isStrictForm else {
                throw .invalidRequest("the body is no form, or a parameter is repeated")
            }
            switch endpoint {
            case .deviceAuthorization:
                return .answer(try state.authorizeDevice(request.form).text, headers: OAuthRefusal.uncached)
            case .token: return .answer(try state.token(request.form).text, headers: OAuthRefusal.uncached)
            default:
                try state.revoke(request.form)
                return .answer("", headers: OAuthRefusal.uncached)
            }
        } catch {
            return error.answer
        }
    }

    private static func jobIdentity(_ request: ReceivedRequest, _ state: ProviderState) -> [ResponseStep] {
        guard state.job.admits(request) else {
            return .answer("unauthorized\n", status: .unauthorized, type: "text/plain")
        }
        let time = Int(state.now().timeIntervalSince1970)
        var claims = state.job.claims
        claims["iss"] = .string(state.issuer)
        claims["aud"] = .string(request.query["audience"] ?? state.job.defaultAudience)
        claims["jti"] = .string(RandomText.token(bytes: 16))
        claims["iat"] = .integer(time)
        claims["nbf"] = .integer(time)
        claims["exp"] = .integer(time + 300)
        state.settings.changeIDToken(&claims)
        guard let token = try? TokenMint.token(claims: .object(claims), signature: .key(state.signer)) else {
            return .answer("", status: .internalServerError)
        }
        let body: JSONDocument = ["count": .integer(token.utf8.count), "value": .string(token)]
        return .answer(body.text, type: "application/json; charset=utf-8")
    }
}
