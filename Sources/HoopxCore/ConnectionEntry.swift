/// How a target's requests reach a connection.
public enum ConnectionEntry: String, Hashable, Sendable, CaseIterable {
    /// TLS to the connection's hosts is terminated with the run CA.
    case intercept
    /// The target is given a plain-HTTP base URL on loopback.
    case baseURL = "base_url"
}
