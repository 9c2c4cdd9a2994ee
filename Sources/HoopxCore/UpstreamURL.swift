/// Where a connection's requests are sent: the scheme, host, port and path prefix of an http or https URL.
public struct UpstreamURL: Hashable, Sendable, CustomStringConvertible {
    public let isTLS: Bool
    public let destination: Destination
    /// Put in front of each request's path: empty, or `/` and more without a slash at its end.
    public let pathPrefix: String

    public init(isTLS: Bool, destination: Destination, pathPrefix: String = "") {
        self.isTLS = isTLS
        self.destination = destination
        self.pathPrefix = pathPrefix
    }

    /// - Returns: nil for another scheme, for user information, a query or a fragment (a credential does not belong into
    ///   a URL, and the others would be lost), and for what is not visible ASCII: it would stand in a request line.
    public init?(_ text: String) {
        let rest: Substring
        if text.hasPrefix("https://") {
            isTLS = true
            rest = text.dropFirst(8)
        } else if text.hasPrefix("http://") {
            isTLS = false
            rest = text.dropFirst(7)
        } else {
            return nil
        }
        guard rest.utf8.allSatisfy({ (0x21...0x7e).contains($0) && !"@?#\\".utf8.contains($0) }) else { return nil }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        guard let pattern = HostPattern(String(rest[..<slash]), defaultPort: isTLS ? 443 : 80),
            case .exact(let host) = pattern.host
        else { return nil }
        destination = Destination(host: host, port: pattern.port)
        var prefix = rest[slash...]
        while prefix.hasSuffix("/") { prefix.removeLast() }
        pathPrefix = String(prefix)
    }

    /// The value of a Host header for it: the port only where it is not the scheme's own.
    public var authority: String {
        let text = destination.description
        let isDefault = destination.port == (isTLS ? 443 : 80)
        return isDefault ? String(text.dropLast(String(destination.port).utf8.count + 1)) : text
    }

    public var description: String { (isTLS ? "https://" : "http://") + authority + pathPrefix }
}
