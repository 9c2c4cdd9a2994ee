import Foundation
import HoopxCore
import HoopxOutbound

/// The ID token of a GitHub Actions job, for any audience: asked for over HTTP with the job's own request token
/// (docs.github.com, "OpenID Connect reference").
public struct GitHubActionsSource: WorkloadTokenSource {
    static let urlVariable = "ACTIONS_ID_TOKEN_REQUEST_URL"
    static let tokenVariable = "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
    private static let attempts = 4
    /// An answer holds one token, in JSON.
    private static let answerLimit = 2 * UnverifiedIDToken.maximumLength

    public let method = Principal.Verification.Method.gitHubActions
    public let name = "GitHub Actions"
    public let defaultIssuer: String? = "https://token.actions.githubusercontent.com"
    /// The runner's token for caches and artifacts is the same as the request token.
    public let secretVariables = [urlVariable, tokenVariable, "ACTIONS_RUNTIME_TOKEN"]
    public let secretFiles: [String] = []
    public let choosesAudience = true
    private let url: String?
    private let requestToken: Secret?
    private let client: ControlClient
    private let firstPause: Duration

    /// - Parameters:
    ///   - environment: hoopx's own.
    ///   - firstPause: before the second attempt; each later one doubles it.
    public init(environment: [String: String], client: ControlClient, firstPause: Duration = .seconds(1)) {
        url = environment[Self.urlVariable].flatMap { $0.isEmpty ? nil : $0 }
        requestToken = environment[Self.tokenVariable].flatMap { $0.isEmpty ? nil : Secret($0) }
        self.client = client
        self.firstPause = firstPause
    }

    public func token(audience: String?) async throws(HoopxError) -> UnverifiedIDToken {
        let request = try request(audience: audience)
        var pause = firstPause
        var response = try await answer(to: request, isLast: false)
        for attempt in 2...Self.attempts where response == nil {
            do {
                try await Task.sleep(for: pause)
            } catch {
                throw failure("it was cancelled")
            }
            pause *= 2
            response = try await answer(to: request, isLast: attempt == Self.attempts)
        }
        guard let response else { throw failure("\(request.url) did not answer") }
        return try token(in: response, from: request.url)
    }

    /// - Returns: nil for a fault that may pass, which the last attempt throws or gives.
    private func answer(to request: ControlRequest, isLast: Bool) async throws(HoopxError) -> ControlResponse? {
        do throws(ControlFailure) {
            let response = try await client.send(request, limit: Self.answerLimit)
            let mayPass = response.status >= 500 || response.status == 429
            return mayPass && !isLast ? nil : response
        } catch {
            guard error.isTransient, !isLast else { throw failure("\(error)") }
            return nil
        }
    }

    private func request(audience: String?) throws(HoopxError) -> ControlRequest {
        guard let url, let requestToken else {
            let missing = url == nil ? Self.urlVariable : Self.tokenVariable
            throw failure(
                "the variable \(missing) is not set, so the job may not ask for one",
                hint: "give the job `permissions: {id-token: write}` in the workflow, beside `contents: read`")
        }
        guard requestToken.withValue({ $0.utf8.allSatisfy { (0x21...0x7e).contains($0) } }) else {
            throw failure("the variable \(Self.tokenVariable) holds blanks, line ends or other characters of no token")
        }
        let query =
            audience.map { (url.contains("?") ? "&" : "?") + "audience=" + PercentEncoding.encode($0.utf8) } ?? ""
        guard let full = ControlURL(url + query) else {
            throw failure("the variable \(Self.urlVariable) is no https URL")
        }
        let authorization = requestToken.withValue { Secret("bearer " + $0) }
        return ControlRequest(
            .get, full, fields: [("Authorization", authorization), ("Accept", Secret("application/json"))])
    }

    private func token(in response: ControlResponse, from url: ControlURL) throws(HoopxError) -> UnverifiedIDToken {
        guard response.status == 200 else {
            let hint =
                [401, 403].contains(response.status)
                ? "the request token is valid while its job runs, and for jobs with `permissions: {id-token: write}`"
                : nil
            throw failure("\(url) answered with status \(response.status)", hint: hint)
        }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(response.body)) else {
            throw failure(#"\#(url) did not answer with JSON that has a "value""#)
        }
        guard let token = UnverifiedIDToken(answer.value) else {
            throw failure(
                "what \(url) answered is no ID token (a JWT of at most \(UnverifiedIDToken.maximumLength) bytes)")
        }
        return token
    }

    private struct Answer: Decodable {
        let value: String
    }

    private func failure(_ found: String, hint: String? = nil) -> HoopxError {
        HoopxError(.startup, doing: "getting an ID token from GitHub Actions", found: found, hint: hint)
    }
}
