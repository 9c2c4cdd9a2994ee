import Foundation
import NIOHTTP1

/// Google's Security Token Service and IAM Credentials API on one loopback port: the exchange of an ID token (RFC 8693)
/// and the token of a service account.
public final class LoopbackGoogleFederation: Sendable {
    public let server: LoopbackHTTPServer
    private let federated: IssuedTokens
    private let accounts: IssuedTokens
    private let scripted = ScriptedAnswers()

    /// - Parameters:
    ///   - audience: the provider's full name.
    ///   - serviceAccount: the one that the identity may act as.
    ///   - scopes: what must be asked for, for the token that is used in the end.
    ///   - refusal: why it does not take an ID token, or nil.
    public init(
        audience: String, serviceAccount: String? = nil, scopes: [String],
        refusal: @escaping @Sendable (String) -> String?
    ) async throws {
        let federated = IssuedTokens(prefix: "ya29.d.")
        let accounts = IssuedTokens(prefix: "ya29.c.")
        self.federated = federated
        self.accounts = accounts
        let services = GoogleServices(
            audience: audience, serviceAccount: serviceAccount, scopes: scopes, refusal: refusal, federated: federated,
            accounts: accounts)
        server = try await LoopbackHTTPServer { [scripted] request in
            scripted.next(request) ?? services.answer(request)
        }
    }

    public var url: String { server.url }
    public var requests: [ReceivedRequest] { server.requests }
    /// The tokens of the Security Token Service, in order.
    public var federatedTokens: [String] { federated.all }
    /// The tokens of the service account, in order.
    public var accountTokens: [String] { accounts.all }

    /// Answers one request in another way; several calls queue up.
    public func answerNext(_ answer: @escaping @Sendable (ReceivedRequest) -> [ResponseStep]) { scripted.add(answer) }

    public func close() async { await server.close() }
}

/// How the two services read a request.
private struct GoogleServices: Sendable {
    let audience: String
    let serviceAccount: String?
    let scopes: [String]
    let refusal: @Sendable (String) -> String?
    let federated: IssuedTokens
    let accounts: IssuedTokens

    func answer(_ request: ReceivedRequest) -> [ResponseStep] {
        guard request.method == .POST else { return status(405, "INVALID_ARGUMENT", "POST only") }
        if request.uri == "/v1/token" { return exchange(request) }
        guard let serviceAccount,
            request.uri.removingPercentEncoding
                == "/v1/projects/-/serviceAccounts/\(serviceAccount):generateAccessToken"
        else { return status(404, "NOT_FOUND", "no \(request.line) here") }
        return impersonate(request)
    }

    private func exchange(_ request: ReceivedRequest) -> [ResponseStep] {
        guard request.headers["content-type"] == ["application/x-www-form-urlencoded"] else {
            return error("invalid_request", "the content type must be a form's")
        }
        var fields: [String: String] = [:]
        for pair in request.text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1).map { String($0).removingPercentEncoding ?? "" }
            guard parts.count == 2, fields[parts[0]] == nil else { return error("invalid_request", "not a form") }
            fields[parts[0]] = parts[1]
        }
        let scope = serviceAccount == nil ? scopes.joined(separator: " ") : Self.cloudPlatform
        let expected = [
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange", "audience": audience, "scope": scope,
            "requested_token_type": "urn:ietf:params:oauth:token-type:access_token",
            "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
        ]
        guard let token = fields.removeValue(forKey: "subject_token"), fields == expected else {
            return error("invalid_request", "Invalid value for \"audience\" or another parameter")
        }
        if let reason = refusal(token) { return error("invalid_grant", reason) }
        return .answer(
            jsonText([
                "access_token": federated.next(), "expires_in": 3_599, "token_type": "Bearer",
                "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
            ]))
    }

    private func impersonate(_ request: ReceivedRequest) -> [ResponseStep] {
        guard let token = federated.all.last, request.headers["authorization"] == ["Bearer \(token)"] else {
            return status(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        }
        guard request.headers["content-type"] == ["application/json"],
            let body = try? JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any],
            body["scope"] as? [String] == scopes, body["lifetime"] as? String == "3600s", body.count == 2
        else { return status(400, "INVALID_ARGUMENT", "Request contains an invalid argument.") }
        let end = Date(timeIntervalSinceNow: 3_600).formatted(.iso8601)
        return .answer(jsonText(["accessToken": accounts.next(), "expireTime": end]))
    }

    private func error(_ code: String, _ description: String) -> [ResponseStep] {
        .answer(jsonText(["error": code, "error_description": description]), status: .badRequest)
    }

    private func status(_ code: Int, _ status: String, _ message: String) -> [ResponseStep] {
        .answer(
            jsonText(["error": ["code": code, "status": status, "message": message] as [String: Any]]),
            status: HTTPResponseStatus(statusCode: code))
    }

    private static let cloudPlatform = "https://www.googleapis.com/auth/cloud-platform"
}
