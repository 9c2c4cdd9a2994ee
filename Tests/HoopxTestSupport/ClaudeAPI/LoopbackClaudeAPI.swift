import NIOHTTP1
import NIOSSL

/// A Claude API on loopback: what the real clients need of it, answered by a model that is a function.
///
/// It takes exactly one credential and answers 401 to a `/v1` request that brings another, so that a test of hoopx
/// passes only where the real credential was injected.
public final class LoopbackClaudeAPI: Sendable {
    public typealias Model = @Sendable (MessagesRequest) -> ModelReply

    /// The header and value that a request must bring.
    public enum Credential: Sendable {
        case apiKey(String)
        case bearer(String)
        /// Takes any request.
        case any
    }

    public let server: LoopbackHTTPServer

    /// - Parameters:
    ///   - tls: serves TLS with this context, else plain HTTP.
    ///   - port: 0 for any free one.
    public init(
        tls: NIOSSLContext? = nil, port: Int = 0, credential: Credential,
        model: @escaping Model = ModelReply.conversation
    ) async throws {
        let routes = ClaudeRoutes(credential: credential, model: model)
        server = try await LoopbackHTTPServer(tls: tls, port: port, respond: routes.answer)
    }

    public var url: String { server.url }
    public var requests: [ReceivedRequest] { server.requests }
    /// The requests for a message, without the count_tokens and batches beside them.
    public var messageRequests: [ReceivedRequest] { requests.filter { $0.path.hasSuffix("/v1/messages") } }

    public func close() async { await server.close() }
}
