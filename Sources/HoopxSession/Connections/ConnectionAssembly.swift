import HoopxConfiguration
import HoopxCore
import HoopxPolicy
import HoopxProxy

/// A configured connection, made into what each room needs to know of it.
struct ConnectionAssembly {
    let configuration: ConnectionConfiguration
    /// hoopx's own.
    let environment: [String: String]

    var forPolicy: EgressPolicy.Connection {
        EgressPolicy.Connection(
            name: configuration.name, hosts: configuration.hosts, entry: configuration.entry)
    }

    func forProxy(credential: ConnectionCredential) -> NamedConnection {
        NamedConnection(
            name: configuration.name,
            dialect: dialect,
            upstream: upstream,
            upstreamCA: configuration.upstreamCA,
            credential: credential,
            entry: configuration.entry,
            primaryHost: primaryHost)
    }

    /// - Parameter baseURLPort: hoopx's loopback port for it, where it is entered that way.
    func forEnvironment(baseURLPort: UInt16?) -> SessionEnvironment.Connection {
        let variable = configuration.baseURLVariable
        return SessionEnvironment.Connection(
            secretVariables: configuration.secretVariables,
            placeholderVariables: configuration.credential?.placeholderVariables(in: environment) ?? [],
            settings: configuration.clientSettings,
            baseURLVariable: variable,
            baseURLPort: baseURLPort)
    }

    /// Where the user's own environment sends clients of the Claude API to a gateway, hoopx sends them there, unless
    /// the configuration says otherwise: the target itself cannot reach it.
    private var upstream: UpstreamURL? {
        if let upstream = configuration.upstream { return upstream }
        guard configuration.kind == .anthropic, let variable = configuration.baseURLVariable else { return nil }
        return environment[variable].flatMap { UpstreamURL($0) }
    }

    private var dialect: NamedConnection.Dialect {
        if case .awsWebIdentity = configuration.credential?.source { return .aws }
        return configuration.kind == .anthropic ? .anthropic : .plain
    }

    /// The host that a base URL stands for: the first that is no pattern.
    private var primaryHost: Destination {
        for pattern in configuration.hosts {
            if case .exact(let host) = pattern.host { return Destination(host: host, port: pattern.port) }
        }
        // Patterns alone: the configuration demands an upstream then, which comes first.
        return upstream?.destination ?? Destination(host: .address(.loopback), port: 0)
    }
}
