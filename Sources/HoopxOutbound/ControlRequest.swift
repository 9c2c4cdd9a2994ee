import AsyncHTTPClient
import HoopxCore
import NIOCore
import NIOHTTP1

/// Where a control request goes: an http or https URL with its whole path and query.
public struct ControlURL: Hashable, Sendable, CustomStringConvertible {
    public let isTLS: Bool
    public let destination: Destination
    private let origin: UpstreamURL
    /// With the query.
    private let target: String

    /// - Returns: nil for another scheme, user information, a fragment, and for what is not visible ASCII.
    public init?(_ text: String) {
        let mark = text.firstIndex(of: "?") ?? text.endIndex
        guard let url = UpstreamURL(String(text[..<mark])) else { return nil }
        let query = text[mark...]
        guard query.utf8.allSatisfy({ (0x21...0x7e).contains($0) && !"#\\".utf8.contains($0) }) else { return nil }
        isTLS = url.isTLS
        destination = url.destination
        origin = UpstreamURL(isTLS: url.isTLS, destination: url.destination)
        // UpstreamURL drops a slash at the end, which is part of what a server is asked for.
        let path = text[..<mark].drop { $0 != ":" }.dropFirst(3).drop { $0 != "/" }
        target = (path.isEmpty ? "/" : String(path)) + query
    }

    /// Whether nobody on the network can read what goes there: https, or http that does not leave this machine.
    public var isConfidential: Bool { isTLS || destination.host.isThisMachine }

    /// Without the query, which can hold what nobody else may see.
    public var description: String { origin.description + target.prefix { $0 != "?" } }

    var absolute: String { origin.description + target }
}

/// A request to the control plane.
public struct ControlRequest: Sendable {
    public enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
    }

    public let method: Method
    public let url: ControlURL
    /// Header fields beside Host and Content-Length; their values can be secret.
    public let fields: [(name: String, value: Secret)]
    public let body: Body?

    public enum Body: Sendable {
        /// Can be secret as a whole.
        case text(Secret)
        /// Nothing in it is secret, and whoever asks verifies a signature of the answer: it may go over plain HTTP.
        case open([UInt8])
    }

    public init(_ method: Method, _ url: ControlURL, fields: [(name: String, value: Secret)] = [], body: Secret? = nil)
    {
        self.init(method, url, fields: fields, body: body.map(Body.text))
    }

    public init(_ method: Method, _ url: ControlURL, fields: [(name: String, value: Secret)], body: Body?) {
        self.method = method
        self.url = url
        self.fields = fields
        self.body = body
    }

    var mayBeRead: Bool { if case .open = body { true } else { false } }

    /// A form (application/x-www-form-urlencoded), as OAuth's endpoints take it.
    public static func form(
        _ url: ControlURL, _ parameters: [(name: String, value: Secret)], fields: [(name: String, value: Secret)] = []
    ) -> ControlRequest {
        let body = parameters.map { parameter in
            parameter.value.withValue {
                PercentEncoding.encode(parameter.name.utf8) + "=" + PercentEncoding.encode($0.utf8)
            }
        }.joined(separator: "&")
        let form = [
            ("Content-Type", Secret("application/x-www-form-urlencoded")), ("Accept", Secret("application/json")),
        ]
        return ControlRequest(.post, url, fields: form + fields, body: Secret(body))
    }

    var forLibrary: HTTPClientRequest {
        var request = HTTPClientRequest(url: url.absolute)
        request.method = HTTPMethod(rawValue: method.rawValue)
        for field in fields { field.value.withValue { request.headers.add(name: field.name, value: $0) } }
        request.headers.replaceOrAdd(name: "User-Agent", value: "hoopx")
        switch body {
        case .text(let text): text.withValue { request.body = .bytes(ByteBuffer(string: $0)) }
        case .open(let bytes): request.body = .bytes(ByteBuffer(bytes: bytes))
        case nil: break
        }
        return request
    }
}

/// What the control plane answered.
public struct ControlResponse: Sendable {
    public let status: Int
    public let fields: [(name: String, value: String)]
    public let body: [UInt8]

    public init(status: Int, fields: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// The first value of a header field, whatever the case of its name.
    public func field(_ name: String) -> String? {
        let name = name.lowercased()
        return fields.first { $0.name.lowercased() == name }?.value
    }
}
