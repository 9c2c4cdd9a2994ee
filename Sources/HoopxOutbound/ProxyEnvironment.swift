import Foundation
import HoopxCore

/// The proxy variables of hoopx's own environment: the way out that a company prescribes.
///
/// As curl reads them, with lower case first. Loopback is never asked of a proxy.
public struct ProxyEnvironment: Sendable {
    /// An HTTP proxy that is asked for connections with CONNECT, and for plain HTTP with whole URLs.
    public struct CompanyProxy: Sendable {
        public let address: Destination
        /// The value of Proxy-Authorization.
        public let authorization: Secret?
    }

    private let forTLS: CompanyProxy?
    private let forPlain: CompanyProxy?
    private let exceptions: [ProxyException]

    /// - Throws: a usage error where a variable is no `http://[user:password@]host[:port]`.
    public init(_ environment: [String: String]) throws(HoopxError) {
        forTLS = try Self.proxy(["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"], in: environment)
        forPlain = try Self.proxy(["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"], in: environment)
        let list = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
        exceptions = list.split { $0 == "," || $0 == " " }.compactMap { ProxyException(String($0)) }
    }

    /// Where the proxies are.
    public var addresses: [Destination] { [forTLS, forPlain].compactMap { $0?.address } }

    /// The proxy for a destination, or nil for the direct way.
    public func proxy(for destination: Destination, isTLS: Bool) -> CompanyProxy? {
        switch destination.host {
        case .address(let address) where address.isLoopback: return nil
        case .name(let name) where name.description == "localhost": return nil
        default: break
        }
        if exceptions.contains(where: { $0.covers(destination) }) { return nil }
        return isTLS ? forTLS : forPlain
    }

    private static func proxy(
        _ names: [String], in environment: [String: String]
    ) throws(HoopxError) -> CompanyProxy? {
        guard let name = names.first(where: { environment[$0].map { !$0.isEmpty } ?? false }),
            let text = environment[name]
        else { return nil }
        guard let proxy = parse(text) else {
            // The value may hold a password, so it is not shown.
            throw HoopxError(
                .usage, doing: "reading the environment variable \(name)", found: "it is not the URL of an HTTP proxy",
                hint: "set it to http://host:port, or unset it")
        }
        return proxy
    }

    private static func parse(_ text: String) -> CompanyProxy? {
        var rest = Substring(text)
        if let scheme = text.range(of: "://") {
            guard text[..<scheme.lowerBound].lowercased() == "http" else { return nil }
            rest = text[scheme.upperBound...]
        }
        if rest.hasSuffix("/") { rest.removeLast() }
        var authorization: Secret?
        if let at = rest.lastIndex(of: "@") {
            guard let user = String(rest[..<at]).removingPercentEncoding else { return nil }
            authorization = Secret("Basic " + Data(user.utf8).base64EncodedString())
            rest = rest[rest.index(after: at)...]
        }
        guard let address = Destination(authority: String(rest), defaultPort: 80) else { return nil }
        return CompanyProxy(address: address, authorization: authorization)
    }
}
