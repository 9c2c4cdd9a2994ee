import HoopxCore
import HoopxPolicy

/// The way on which requests came in, which decides what is asked of them.
enum Entrance: Sendable {
    /// To a host of the connection, over TLS that the run's authority terminates, or without TLS.
    case host(NamedConnection, isTLS: Bool)
    /// To the loopback port that the connection's base URL names.
    case baseURL(NamedConnection)
    /// Plain HTTP to a host that may be reached as it is.
    case tunnel(rule: String)
    /// To a place that is denied, and accepted only to say so.
    case denied(Denial)
    /// To the explicit proxy: each request names its host itself.
    case explicitProxy

    /// How a person finds the entrance in the configuration.
    var rule: String {
        switch self {
        case .host(let connection, _), .baseURL(let connection): "connections.\(connection.name)"
        case .tunnel(let rule): "egress.tunnel \(rule)"
        case .denied(let denial): denial.rule
        case .explicitProxy: "egress"
        }
    }

    var connection: NamedConnection? {
        switch self {
        case .host(let connection, _), .baseURL(let connection): connection
        case .tunnel, .denied, .explicitProxy: nil
        }
    }
}
