/// What becomes of the target's datagram sockets of IPv4 and IPv6, and so of its name lookups.
public enum DatagramTier: Hashable, Sendable, CustomStringConvertible {
    /// A helper process makes them in an empty network namespace. Every resolver works; no packet leaves the machine.
    case namespace
    /// There are none: the machine does not allow user namespaces. glibc then resolves over TCP; what has a resolver of
    /// its own (Go, musl) needs proxy variables.
    case denied(reason: String)

    /// The tier that a run would have here: starts the helper, and lets it go.
    ///
    /// - Parameter namespaceProgram: the path of hoopx-netns.
    public static func probe(namespaceProgram: String) -> DatagramTier {
        do throws(NamespaceHelper.Failure) {
            _ = try NamespaceHelper(program: namespaceProgram)
            return .namespace
        } catch {
            return .denied(reason: error.description)
        }
    }

    /// What the tier needs in the target's environment.
    ///
    /// - Parameters:
    ///   - environment: the environment that it comes on top of.
    ///   - explicitProxyPort: hoopx's port for clients that know that they speak to a proxy.
    /// - Returns: the variables to set.
    public func environment(over environment: [String: String], explicitProxyPort: UInt16) -> [String: String] {
        guard case .denied = self else { return [:] }
        let options = [environment["RES_OPTIONS"], "use-vc"].compactMap { $0 }.joined(separator: " ")
        var variables = ["RES_OPTIONS": options, "NODE_USE_ENV_PROXY": "1"]
        // Not socks5h, which httpx takes for an error.
        let proxy = "http://127.0.0.1:\(explicitProxyPort)"
        for name in ["http_proxy", "https_proxy", "all_proxy"] {
            variables[name] = proxy
            variables[name.uppercased()] = proxy
        }
        for name in ["no_proxy", "NO_PROXY"] { variables[name] = "localhost,127.0.0.1,::1" }
        return variables
    }

    /// The word that hoopx-launch knows it by.
    var argument: String {
        switch self {
        case .namespace: "notify"
        case .denied: "deny"
        }
    }

    public var description: String {
        switch self {
        case .namespace: "datagram sockets live in a network namespace of their own"
        case .denied(let reason): "datagram sockets are denied: \(reason)"
        }
    }
}
