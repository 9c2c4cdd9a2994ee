import NIOHTTP1
import Synchronization

/// RabbitMQ's management API, as far as Vault's engine for it goes: users come and go.
public final class LoopbackRabbit: Sendable {
    private let names = RabbitUsers()
    private let server: LoopbackHTTPServer

    /// - Parameters:
    ///   - ttl: of a user, in seconds.
    ///   - maximum: the greatest age to which it can be prolonged.
    public init(_ bao: OpenBaoServer, ttl: Int, maximum: Int) async throws {
        let names = names
        server = try await LoopbackHTTPServer { request in
            let parts = request.path.split(separator: "/").map(String.init)
            if parts.count == 3, parts[1] == "users" {
                if request.method == .PUT { names.all.withLock { _ = $0.insert(parts[2]) } }
                if request.method == .DELETE { names.all.withLock { _ = $0.remove(parts[2]) } }
            }
            return .answer("", status: request.method == .PUT ? .created : .noContent)
        }
        try await bao.root("POST", "sys/mounts/rabbitmq", ["type": "rabbitmq"])
        try await bao.root(
            "POST", "rabbitmq/config/connection",
            ["connection_uri": server.url, "username": "admin", "password": "x", "verify_connection": false])
        try await bao.root("POST", "rabbitmq/config/lease", ["ttl": ttl, "max_ttl": maximum])
        try await bao.root("POST", "rabbitmq/roles/reader", ["vhosts": #"{"/": {"write": ".*", "read": ".*"}}"#])
    }

    public var users: Set<String> { names.all.withLock { $0 } }

    public func close() async { await server.close() }
}

private final class RabbitUsers: Sendable {
    let all = Mutex<Set<String>>([])
}
