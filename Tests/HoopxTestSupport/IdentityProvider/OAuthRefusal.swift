import NIOHTTP1

/// An OAuth endpoint's refusal (RFC 6749, 5.2; RFC 8628, 3.5).
struct OAuthRefusal: Error {
    let code: String
    let description: String
    let status: HTTPResponseStatus

    init(_ code: String, _ description: String, status: HTTPResponseStatus = .badRequest) {
        self.code = code
        self.description = description
        self.status = status
    }

    var answer: [ResponseStep] {
        let body: JSONDocument = ["error": .string(code), "error_description": .string(description)]
        return .answer(body.text, status: status, headers: Self.uncached)
    }

    static func invalidRequest(_ description: String) -> OAuthRefusal { .init("invalid_request", description) }
    static func invalidGrant(_ description: String) -> OAuthRefusal { .init("invalid_grant", description) }

    /// RFC 6749, 5.1: what holds tokens is never cached.
    static let uncached: HTTPHeaders = ["cache-control": "no-store", "pragma": "no-cache"]
}
