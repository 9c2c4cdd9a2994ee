import HoopxCore
import NIOHTTP1

/// hoopx's own answer to a request, in the shape that the client understands.
struct DenialResponse {
    let status: HTTPResponseStatus
    let headers: HTTPHeaders
    let body: String

    init(_ refusal: Refusal, dialect: NamedConnection.Dialect) {
        let denial = refusal.denial
        let hint = denial.targetHint ?? denial.hint
        let message = "hoopx denied \(denial.subject) (\(denial.code.rawValue), \(denial.rule)): \(hint)"
        status = refusal.status
        let contentType: String
        switch dialect {
        case .anthropic:
            contentType = "application/json"
            let errorType = refusal.status == .forbidden ? "permission_error" : Self.errorType(refusal.status)
            body = """
                {"type":"error","error":{"type":"\(errorType)","message":\(Self.json(message))},\
                "hoopx":{"code":"\(denial.code.rawValue)","rule":\(Self.json(denial.rule)),\
                "layer":"\(denial.layer.rawValue)","hint":\(Self.json(hint))}}
                """
        case .aws:
            contentType = "application/json"
            body = #"{"__type":"\#(Self.awsErrorType(status))","message":\#(Self.json(message))}"#
        case .plain:
            contentType = "text/plain; charset=utf-8"
            body = message + "\n"
        }
        var headers: HTTPHeaders = [
            "Content-Type": contentType, "Content-Length": String(body.utf8.count),
            "X-Hoopx-Denied": denial.code.rawValue,
        ]
        if case .aws = dialect { headers.add(name: "x-amzn-ErrorType", value: Self.awsErrorType(status)) }
        // A client that asks again gets the same answer. Only a broken upstream may work the next time.
        if denial.code != .upstreamFailed { headers.add(name: "x-should-retry", value: "false") }
        self.headers = headers
    }

    /// The error types of the Claude API for the statuses that hoopx answers with.
    private static func errorType(_ status: HTTPResponseStatus) -> String {
        status.code < 500 || status == .notImplemented ? "invalid_request_error" : "api_error"
    }

    /// The errors that AWS's services have in common, for the same statuses.
    private static func awsErrorType(_ status: HTTPResponseStatus) -> String {
        if status == .forbidden { return "AccessDeniedException" }
        return status.code < 500 || status == .notImplemented ? "ValidationException" : "InternalServerException"
    }

    /// A JSON string (RFC 8259, 7), also safe in a terminal.
    private static func json(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\u{0}"..."\u{1f}", "\u{7f}": result += "\\u" + Hexadecimal.text(of: UInt16(scalar.value))
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
