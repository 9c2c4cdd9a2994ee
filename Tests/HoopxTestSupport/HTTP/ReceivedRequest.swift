import NIOHTTP1

/// A request as a loopback server saw it, for assertions.
public struct ReceivedRequest: Sendable {
    public let method: HTTPMethod
    /// The request target, query included.
    public let uri: String
    public let headers: HTTPHeaders
    /// The first `ReceivedRequest.bodyLimit` bytes; a longer body is counted but not kept.
    public let body: [UInt8]
    public let bodyByteCount: Int
    public let trailers: HTTPHeaders?
    /// Which TCP connection of the server it came on, counted from 0.
    public let connection: Int

    /// 4 MiB.
    public static let bodyLimit = 4 << 20

    public var path: String { String(uri.prefix { $0 != "?" }) }
    public var line: String { "\(method.rawValue) \(uri)" }
    public var text: String { String(decoding: body, as: UTF8.self) }
}
