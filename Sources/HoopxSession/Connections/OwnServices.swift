import HoopxConfiguration
import HoopxCore
import HoopxOutbound

/// The services of this machine that hoopx itself talks to. What it sends there is a credential or gets one, and in the
/// clear nothing but the port says who listens; with TLS, authorities do that may lie where the target can read their
/// keys, such as a developer's own. So no server of the target may be there.
struct OwnServices {
    let configuration: Configuration
    /// hoopx's own.
    let environment: [String: String]

    /// - Parameters:
    ///   - upstreams: where connections' requests go.
    ///   - proxies: of hoopx's environment.
    func ports(upstreams: [UpstreamURL], proxies: ProxyEnvironment) -> Set<UInt16> {
        let urls = (texts.compactMap { UpstreamURL($0) } + upstreams).map(\.destination)
        return Set((urls + proxies.addresses).filter(\.host.isThisMachine).map(\.port))
    }

    private var texts: [String] {
        let identity = [
            configuration.identity.issuer, environment["ACTIONS_ID_TOKEN_REQUEST_URL"].map(Self.withoutQuery),
        ]
        return identity.compactMap(\.self) + configuration.connections.flatMap { Self.urls(of: $0.credential?.source) }
    }

    private static func urls(of source: CredentialConfiguration.Source?) -> [String] {
        switch source {
        case .anthropicFederation(let federation): [federation.tokenURL].compactMap(\.self)
        case .googleFederation(let federation):
            [federation.tokenURL, federation.impersonationURL].compactMap(\.self)
        case .vault(let vault, _): [vault.address]
        case .awsWebIdentity(let role): [role.stsEndpoint].compactMap(\.self)
        case .environment, .file, .command, .client, nil: []
        }
    }

    private static func withoutQuery(_ url: String) -> String { String(url.prefix { $0 != "?" }) }
}

extension Configuration {
    /// Every file that names the authorities of a service.
    var authorityFiles: [String] {
        let credentials = connections.map { connection -> String? in
            if case .vault(let vault, _)? = connection.credential?.source { vault.ca } else { nil }
        }
        return ([identity.ca] + connections.map(\.upstreamCA) + credentials).compactMap(\.self)
    }
}
