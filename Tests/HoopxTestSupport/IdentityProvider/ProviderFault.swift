import NIOCore
import NIOHTTP1

/// An address of the loopback identity provider.
public enum ProviderEndpoint: String, CaseIterable, Sendable {
    case discovery = "/.well-known/openid-configuration"
    case keys = "/keys"
    case deviceAuthorization = "/device_authorization"
    case token = "/token"
    case revocation = "/revoke"
    /// Where a person enters the user code.
    case devicePage = "/device"
    /// What GitHub Actions asks for a job's identity.
    case jobIdentity = "/job-identity"
}

/// What an endpoint does instead of answering, or before it does.
public struct ProviderFault: Sendable {
    enum Kind: Sendable {
        case before([ResponseStep])
        case instead([ResponseStep])
        case dropAfterWork
    }
    let kind: Kind

    /// The right answer, later.
    public static func delay(_ time: TimeAmount) -> ProviderFault { .init(kind: .before([.pause(time)])) }

    /// The right answer, when the gate is open.
    public static func hold(_ gate: EventGate) -> ProviderFault { .init(kind: .before([.gate(gate)])) }

    public static func status(
        _ status: HTTPResponseStatus, _ body: String = "", type: String = "application/json", headers: HTTPHeaders = [:]
    ) -> ProviderFault {
        .init(kind: .instead(.answer(body, status: status, type: type, headers: headers)))
    }

    /// A page, as a captive portal or a proxy's error answers.
    public static func html(_ status: HTTPResponseStatus = .ok) -> ProviderFault {
        .status(status, "<!doctype html><title>Sign in</title><p>Please sign in to the network.", type: "text/html")
    }

    /// A body of so many bytes, with its length announced or without.
    public static func huge(_ bytes: Int, announced: Bool = true) -> ProviderFault {
        var headers: HTTPHeaders = ["content-type": "application/json"]
        if announced { headers.add(name: "content-length", value: String(bytes)) }
        return .init(kind: .instead([.head(.ok, headers), .filling(bytes), .end(nil)]))
    }

    public static func redirect(to location: String, status: HTTPResponseStatus = .found) -> ProviderFault {
        .status(status, headers: ["location": location])
    }

    /// The head of an answer, and then nothing more until the gate is open.
    public static func stall(_ gate: EventGate) -> ProviderFault {
        let headers: HTTPHeaders = ["content-type": "application/json", "content-length": "1000"]
        return .init(kind: .instead([.head(.ok, headers), .text("{"), .gate(gate), .abort]))
    }

    /// The connection closes without an answer, and nothing was done.
    public static let drop = ProviderFault(kind: .instead([.abort]))

    /// The request is carried out and the connection closes without an answer: a refresh token is rotated, and the
    /// client never sees the new one.
    public static let dropAnswer = ProviderFault(kind: .dropAfterWork)
}
