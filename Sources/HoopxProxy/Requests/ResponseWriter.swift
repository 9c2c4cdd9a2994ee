import NIOCore
import NIOHTTP1

/// Puts responses on the wire. Small parts are gathered, so that a head, a body and an end that arrive together leave
/// in one write; large ones are passed on as they are.
struct ResponseWriter {
    /// How the client learns where a response ends.
    enum Framing: Equatable {
        case none, length, chunked, untilClose
    }

    private var gathered: ByteBuffer
    private(set) var framing = Framing.none

    /// Copying this much costs less than a write of its own.
    private static let gatheringLimit = 16 * 1024

    init(allocator: ByteBufferAllocator) { gathered = allocator.buffer(capacity: 2048) }

    /// How a response is framed for a client (RFC 9112, 6.3), whatever way its upstream framed it.
    static func framing(
        of head: HTTPResponseHead, answering method: HTTPMethod, for version: HTTPVersion
    ) -> Framing {
        let code = head.status.code
        if method == .HEAD || code < 200 || code == 204 || code == 304 { return .none }
        if head.headers.contains(name: "content-length") { return .length }
        return version == .http1_1 ? .chunked : .untilClose
    }

    mutating func writeHead(_ head: HTTPResponseHead, framing: Framing, closes: Bool) {
        self.framing = framing
        gathered.writeStaticString("HTTP/1.1 ")
        gathered.writeString(String(head.status.code))
        gathered.writeStaticString(" ")
        gathered.writeString(head.status.reasonPhrase)
        gathered.writeStaticString("\r\n")
        for (name, value) in head.headers where !Self.isHopByHop(name) { write(name, value) }
        if framing == .chunked { gathered.writeStaticString("Transfer-Encoding: chunked\r\n") }
        if closes { gathered.writeStaticString("Connection: close\r\n") }
        gathered.writeStaticString("\r\n")
    }

    /// - Returns: what must be written now, in order.
    mutating func writeBody(_ body: ByteBuffer) -> [ByteBuffer] {
        guard body.readableBytes > 0 else { return [] }
        if framing == .chunked {
            gathered.writeString(String(body.readableBytes, radix: 16))
            gathered.writeStaticString("\r\n")
        }
        if gathered.readableBytes + body.readableBytes <= Self.gatheringLimit {
            gathered.writeImmutableBuffer(body)
            if framing == .chunked { gathered.writeStaticString("\r\n") }
            return []
        }
        let before = take()
        if framing == .chunked { gathered.writeStaticString("\r\n") }
        return [before, body].compactMap { $0 }
    }

    /// - Returns: what must be written now, in order.
    mutating func writeBody(_ bytes: UnsafeRawBufferPointer) -> [ByteBuffer] {
        let isSmall = gathered.readableBytes + bytes.count <= Self.gatheringLimit
        guard isSmall, !bytes.isEmpty else { return writeBody(ByteBuffer(bytes: bytes)) }
        if framing == .chunked {
            gathered.writeString(String(bytes.count, radix: 16))
            gathered.writeStaticString("\r\n")
        }
        gathered.writeBytes(bytes)
        if framing == .chunked { gathered.writeStaticString("\r\n") }
        return []
    }

    mutating func writeEnd(_ trailers: HTTPHeaders?) {
        guard framing == .chunked else { return }
        gathered.writeStaticString("0\r\n")
        for (name, value) in trailers ?? [:] where !Self.isHopByHop(name) { write(name, value) }
        gathered.writeStaticString("\r\n")
    }

    /// What was gathered, if anything.
    mutating func take() -> ByteBuffer? {
        guard gathered.readableBytes > 0 else { return nil }
        let full = gathered
        gathered.clear(minimumCapacity: 2048)
        return full
    }

    private mutating func write(_ name: String, _ value: String) {
        gathered.writeString(name)
        gathered.writeStaticString(": ")
        gathered.writeString(value)
        gathered.writeStaticString("\r\n")
    }

    private static func isHopByHop(_ name: String) -> Bool {
        switch HeaderRole(name) {
        case .transferEncoding, .connection, .upgrade, .hopByHop: true
        case .host, .contentLength, .credential, .cookie, .endToEnd: false
        }
    }
}
