import AsyncHTTPClient
import HoopxCore
import NIOCore
import NIOHTTP1
import NIOSSL
import Synchronization

/// hoopx as a client of the control plane: identity providers, token services, secret stores. Not the target's way.
///
/// Every exchange is bounded in size and time. Redirects are not followed: where a token goes is configured, not told
/// by a server. Plain HTTP is for loopback, and for what anyone may read and nobody can forge. TLS is verified in full,
/// through the company's proxy where hoopx's environment names one. Nothing is opened before the first exchange.
public final class ControlClient: Sendable {
    private let trust: UpstreamTrust
    private let proxies: ProxyEnvironment
    /// One for each authority file and proxy that was needed so far.
    private let clients = Mutex<[Route: HTTPClient]>([:])

    private struct Route: Hashable {
        let caPath: String?
        let proxy: Destination?
    }

    public init(trust: UpstreamTrust, proxies: ProxyEnvironment) {
        HTTPDecoding.prepare()
        self.trust = trust
        self.proxies = proxies
    }

    /// Sends a request and waits for its whole response, whatever its status.
    ///
    /// - Parameters:
    ///   - caPath: a PEM file with the only authorities that may vouch for the server; nil for those of the system.
    ///   - limit: the largest response body, in bytes.
    ///   - deadline: for everything, from the lookup of the name to the response's last byte.
    /// - Throws: why there is no response. Never holds a part of either body.
    public func send(
        _ request: ControlRequest, caPath: String? = nil, limit: Int = 1 << 20, deadline: Duration = .seconds(10)
    ) async throws(ControlFailure) -> ControlResponse {
        let url = request.url
        guard url.isConfidential || request.mayBeRead else {
            throw ControlFailure(request, .refused("plain http is for loopback only"))
        }
        do {
            let client = try client(for: url, caPath: caPath)
            let limitTime = NIODeadline.now() + .nanoseconds(deadline.nanoseconds)
            let response = try await client.execute(request.forLibrary, deadline: limitTime)
            // The deadline of the library ends with the response's head.
            return try await Self.collect(response, limit: limit, until: limitTime)
        } catch {
            throw ControlFailure(request, .init(error, limit: limit, deadline: deadline))
        }
    }

    /// Who lets the client go without `shutdown` does not wait for the end of what is open.
    deinit {
        for client in clients.withLock({ $0.values.map { $0 } }) { client.shutdown { _ in } }
    }

    /// Ends what is open. The client cannot be used afterwards.
    public func shutdown() async {
        let clients = clients.withLock { clients in
            defer { clients = [:] }
            return clients.values.map { $0 }
        }
        for client in clients { try? await client.shutdown() }
    }

    private func client(for url: ControlURL, caPath: String?) throws -> HTTPClient {
        let proxy = proxies.proxy(for: url.destination, isTLS: url.isTLS)
        let route = Route(caPath: caPath, proxy: proxy?.address)
        return try clients.withLock { clients in
            if let known = clients[route] { return known }
            var configuration = HTTPClient.Configuration(
                redirectConfiguration: .disallow, timeout: .init(connect: .seconds(10)), decompression: .disabled)
            configuration.tlsConfiguration = try trust.configuration(caPath: caPath)
            configuration.httpVersion = .http1Only
            // Whoever asks decides whether to ask again.
            configuration.connectionPool.retryConnectionEstablishment = false
            configuration.proxy = proxy.map { proxy in
                .server(
                    host: proxy.address.host.description, port: Int(proxy.address.port),
                    authorization: proxy.authorization?.withValue { value in
                        HTTPClient.Authorization.basic(credentials: String(value.dropFirst("Basic ".count)))
                    })
            }
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            clients[route] = client
            return client
        }
    }

    private static func collect(
        _ response: HTTPClientResponse, limit: Int, until deadline: NIODeadline
    ) async throws -> ControlResponse {
        let body = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            group.addTask { Array(buffer: try await response.body.collect(upTo: limit)) }
            group.addTask {
                try await Task.sleep(for: .nanoseconds((deadline - .now()).nanoseconds))
                throw HTTPClientError.deadlineExceeded
            }
            defer { group.cancelAll() }
            guard let body = try await group.next() else { throw CancellationError() }
            return body
        }
        return ControlResponse(
            status: Int(response.status.code), fields: response.headers.map { ($0.name, $0.value) }, body: body)
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
