import NIOCore
import NIOHTTP1
import Testing

@testable import HoopxProxy

/// How a response is framed for the client, whatever the upstream did.
struct ResponseWriterTests {
    typealias Case = (HTTPMethod, UInt, HTTPHeaders, HTTPVersion, ResponseWriter.Framing)

    private static let chunked: HTTPHeaders = ["transfer-encoding": "chunked"]
    private static let fixed: HTTPHeaders = ["content-length": "3"]

    @Test(
        arguments: [
            (.GET, 200, fixed, .http1_1, .length), (.GET, 200, chunked, .http1_1, .chunked),
            (.GET, 200, [:], .http1_1, .chunked), (.GET, 200, chunked, .http1_0, .untilClose),
            (.GET, 200, fixed, .http1_0, .length), (.HEAD, 200, chunked, .http1_1, .none),
            (.HEAD, 200, fixed, .http1_1, .none), (.GET, 204, chunked, .http1_1, .none),
            (.GET, 304, fixed, .http1_1, .none), (.POST, 103, [:], .http1_1, .none),
            (.POST, 500, fixed, .http1_1, .length),
        ] as [Case])
    func theFramingIsTheClients(
        method: HTTPMethod, status: UInt, headers: HTTPHeaders, version: HTTPVersion, expected: ResponseWriter.Framing
    ) {
        let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: Int(status)), headers: headers)
        #expect(ResponseWriter.framing(of: head, answering: method, for: version) == expected)
    }

    @Test func aHeadABodyAndAnEndThatComeTogetherAreOneWrite() {
        var writer = ResponseWriter(allocator: ByteBufferAllocator())
        writer.writeHead(
            .init(version: .http1_1, status: .ok, headers: ["a": "b", "Connection": "x"]), framing: .chunked,
            closes: true)
        #expect(writer.writeBody(ByteBuffer(string: "abc")) == [])
        #expect(writer.writeBody(ByteBuffer()) == [])
        writer.writeEnd(["t": "u"])
        let text = writer.take().map { String(buffer: $0) }
        #expect(
            text == "HTTP/1.1 200 OK\r\na: b\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                + "3\r\nabc\r\n0\r\nt: u\r\n\r\n")
        #expect(writer.take() == nil)
    }
}
