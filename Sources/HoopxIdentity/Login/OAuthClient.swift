import HoopxCore
import HoopxOutbound

/// hoopx as it is registered with an identity provider.
public struct OAuthClient: Sendable {
    public let issuer: Issuer
    public let clientID: String
    /// Where the provider knows hoopx as a confidential client; sent in the form (`client_secret_post`).
    public let clientSecret: Secret?
    /// What a login asks for, `openid` among it.
    public let scopes: [String]
    public let client: ControlClient
    /// A PEM file with the only authorities that may vouch for the provider; nil for those of the system.
    public let caPath: String?

    public init(
        issuer: Issuer, clientID: String, clientSecret: Secret? = nil, scopes: [String] = ["openid"],
        client: ControlClient, caPath: String? = nil
    ) {
        self.issuer = issuer
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.scopes = scopes
        self.client = client
        self.caPath = caPath
    }

    /// The largest answer of an endpoint, in bytes: several tokens of the longest kind.
    static let answerLimit = 256 << 10
    /// For one exchange.
    static let deadline = Duration.seconds(10)

    /// Sends a form to an endpoint, with what says who asks.
    ///
    /// - Returns: the answer of a request that the provider did not refuse; its body can be anything.
    func post(_ url: ControlURL, _ parameters: [(name: String, value: Secret)]) async throws(OAuthFailure) -> Answer {
        var form = parameters
        form.append((name: "client_id", value: Secret(clientID)))
        if let clientSecret { form.append((name: "client_secret", value: clientSecret)) }
        let response: ControlResponse
        do throws(ControlFailure) {
            response = try await client.send(
                .form(url, form), caPath: caPath, limit: Self.answerLimit, deadline: Self.deadline)
        } catch {
            throw OAuthFailure(error)
        }
        let answer = Answer(url: url, response: response, document: OAuthDocument(response.body))
        try answer.requireConsent(sent: form.filter { $0.name != "client_id" }.map(\.value))
        return answer
    }

    /// What an endpoint answered.
    struct Answer: Sendable {
        let url: ControlURL
        let response: ControlResponse
        let document: OAuthDocument?

        /// The JSON object that every endpoint but the one for revocation answers with.
        func object() throws(OAuthFailure) -> OAuthDocument {
            guard let document else { throw unusable(where: "a JSON object is expected") }
            return document
        }

        func unusable(where expectation: String) -> OAuthFailure {
            .unusable("\(url) answered \(shape), where \(expectation)")
        }

        /// Throws where the provider said no, or nothing that is of use.
        fileprivate func requireConsent(sent: [Secret]) throws(OAuthFailure) {
            let code = document?.text("error")
            switch (response.status, code) {
            // Auth0 says slow_down with 429.
            case (429, let code?) where code != "slow_down": throw .transient("\(url) answered \(shape)")
            case (429, nil), (500..., _): throw .transient("\(url) answered \(shape)")
            case (_, "temporarily_unavailable"), (_, "server_error"): throw .transient("\(url) answered \(shape)")
            // Whatever the status: there are providers that refuse with 200.
            case (_, let code?):
                throw .refused(OAuthRefusal(code: code, explanation: document?.text("error_description"), sent: sent))
            case (200..<300, nil): return
            case (300..<400, nil): throw unusable(where: "redirects are not followed")
            default: throw unusable(where: "200, or an error in JSON (RFC 6749, 5.2), is expected")
            }
        }

        /// Of an answer, what may be shown: "200 with text/html".
        private var shape: String {
            let type = response.field("Content-Type")?.prefix { $0 != ";" }.unicodeScalars.prefix(64)
                .filter { $0.isASCII && $0.isShowable && $0 != " " }
            guard let type, !type.isEmpty else { return "\(response.status) without a content type" }
            return "\(response.status) with \(String(String.UnicodeScalarView(type)))"
        }
    }
}
