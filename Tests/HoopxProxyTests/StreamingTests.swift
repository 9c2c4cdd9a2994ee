import Glibc
import HoopxLinux
import HoopxTestSupport
import NIOCore
import Synchronization
import Testing

@testable import HoopxProxy

/// Bytes pass as they come, at the pace of the slower side.
@Suite(.serialized)
struct StreamingTests {
    @Test func eachEventOfAStreamArrivesBeforeTheNextIsSent() async throws {
        let gate = EventGate()
        let server = try await LoopbackHTTPServer { _ in
            [.head(.ok, ["content-type": "text/event-stream"])]
                + (1...20).flatMap { [.text("data: \($0)\n\n"), .gate(gate)] } + [.end(nil)]
        }
        try await run(server) { fixture, client in
            client.send(fixture.request("POST /", "x-api-key: \(fixture.held)", body: "x"))
            for number in 1...20 {
                try await client.until("event \(number)") { $0.contains("data: \(number)\n\n") }
                #expect(!client.text.contains("data: \(number + 1)\n\n"))
                gate.open()
            }
            let response = try await client.response()
            #expect(response.body == (1...20).map { "data: \($0)\n\n" }.joined())
        }
    }

    @Test func aResponseOfAGibibytePassesInConstantMemory() async throws {
        let size = 1 << 30
        let server = try await LoopbackHTTPServer { _ in
            [.head(.ok, ["content-length": String(size)]), .filling(size), .end(nil)]
        }
        try await run(server) { fixture, client in
            client.countOnly()
            let before = Self.residentBytes
            var peak = before
            client.send(fixture.request("GET /"))
            try await eventually("a gibibyte, of which came \(client.total)") {
                peak = max(peak, Self.residentBytes)
                return client.total >= size
            }
            #expect(peak - before < 32 << 20, "grew by \((peak - before) >> 20) MiB")
        }
    }

    @Test func aRequestOfAGibibytePassesInConstantMemory() async throws {
        let size = 1 << 30
        let server = try await LoopbackHTTPServer { .answer(String($0.bodyByteCount)) }
        try await run(server) { fixture, client in
            let before = Self.residentBytes
            var peak = before
            client.send(fixture.request("POST /", "x-api-key: \(fixture.held)", "Content-Length: \(size)"))
            let piece = ByteBuffer(repeating: 0x61, count: 1 << 20)
            for _ in 0..<1024 {
                try await client.send(piece)
                peak = max(peak, Self.residentBytes)
            }
            let response = try await client.response()
            #expect(response.body == String(size))
            // The server of the test keeps the first 4 MiB.
            #expect(peak - before < 40 << 20, "grew by \((peak - before) >> 20) MiB")
        }
    }

    @Test func aClientThatDoesNotReadHoldsTheUpstreamBack() async throws {
        let size = 256 << 20
        let server = try await LoopbackHTTPServer { _ in
            [.head(.ok, ["content-length": String(size)]), .filling(size), .end(nil)]
        }
        try await run(server) { fixture, client in
            client.countOnly()
            client.send(fixture.request("GET /"))
            try await eventually("the response to begin") { client.total > 0 }
            try await client.pause()
            let before = Self.residentBytes
            // What is under way settles in the buffers of the kernel and of the proxy, and nothing more comes.
            var last = -1
            try await eventually("the stream to stop") {
                try await Task.sleep(for: .milliseconds(100))
                defer { last = client.total }
                return last == client.total
            }
            #expect(Self.residentBytes - before < 32 << 20)
            try await client.resume()
            try await eventually("the rest") { client.total >= size }
        }
    }

    @Test func anUpstreamThatDoesNotReadHoldsTheClientBack() async throws {
        let upstream = try SilentListener()
        let connection = ProxyFixture.Connection(entry: .baseURL, upstream: "http://127.0.0.1:\(upstream.port)")
        try await ProxyFixture.run([connection]) { fixture in
            let client = try await fixture.connect(to: "127.0.0.1:\(try fixture.basePort)")
            client.send(fixture.request("POST /", "x-api-key: \(fixture.held)", "Content-Length: \(1 << 30)"))
            let sent = SentPieces()
            let sending = Task {
                let piece = ByteBuffer(repeating: 0x61, count: SentPieces.size)
                while (try? await client.send(piece)) != nil { sent.count.add(1, ordering: .acquiringAndReleasing) }
            }
            var last = -1
            try await eventually("the client to be held back") {
                try await Task.sleep(for: .milliseconds(200))
                defer { last = sent.value }
                return last > 0 && last == sent.value
            }
            // What the kernel's buffers of two connections take.
            #expect(last * SentPieces.size < 48 << 20, "\((last * SentPieces.size) >> 20) MiB")
            await client.close()
            await sending.value
        }
    }

    @Test func aClientThatGoesAwayEndsTheUpstreamsAnswer() async throws {
        let gate = EventGate()
        let server = try await LoopbackHTTPServer { _ in
            [.head(.ok, ["content-type": "text/event-stream"]), .text("data: 1\n\n"), .gate(gate), .end(nil)]
        }
        try await run(server) { fixture, client in
            client.send(fixture.request("POST /", "x-api-key: \(fixture.held)", body: "x"))
            try await client.until("the first event") { $0.contains("data: 1") }
            await client.close()
            try await eventually("the upstream's connection to be closed") { server.brokenAnswers == 1 }
            try await eventually("the record's end") { try fixture.recorded().requests.first?.duration != nil }
        }
    }

    @Test func anUpstreamThatBreaksOffBreaksTheResponseOff() async throws {
        let server = try await LoopbackHTTPServer { _ in
            [.head(.ok, ["transfer-encoding": "chunked"]), .text("data: 1\n\n"), .abort]
        }
        try await run(server) { fixture, client in
            client.send(fixture.request("POST /", "x-api-key: \(fixture.held)", body: "x"))
            try await client.untilClosed()
            #expect(client.text.contains("data: 1"))
            #expect(!client.text.hasSuffix("0\r\n\r\n"))
            #expect(fixture.denials.map(\.code) == [.upstreamFailed])
        }
    }

    @Test func anUpstreamThatAnswersNothingIsABadGateway() async throws {
        let server = try await LoopbackHTTPServer { _ in [.abort] }
        try await run(server) { fixture, client in
            let response = try await client.exchange(fixture.request("POST /", "x-api-key: \(fixture.held)", body: "x"))
            #expect(response.status == 502)
            #expect(response.header("x-hoopx-denied") == "upstream_failed")
            #expect(response.header("x-should-retry") == nil)
        }
    }

    private func run(
        _ server: LoopbackHTTPServer, _ body: (ProxyFixture, TestClient) async throws -> Void
    ) async throws {
        let connection = ProxyFixture.Connection(entry: .baseURL, upstream: server.url)
        try await ProxyFixture.run([connection]) { fixture in
            try await body(fixture, try await fixture.connect(to: "127.0.0.1:\(try fixture.basePort)"))
        }
        await server.close()
    }

    /// Of this process, which holds the server, the proxy and the client.
    private static var residentBytes: Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, 128, file) != nil else { return 0 }
        let fields = String(decoding: line.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(separator: " ")
        return (Int(fields[1]) ?? 0) * 4096
    }
}

private final class SentPieces: Sendable {
    static let size = 256 << 10
    let count = Atomic<Int>(0)
    var value: Int { count.load(ordering: .acquiring) }
}

/// A listener whose connections nobody accepts: the kernel completes them, and nothing is ever read.
private final class SilentListener: Sendable {
    let port: UInt16
    private let socket: OwnedDescriptor

    init() throws {
        let socket = OwnedDescriptor(Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                bind(socket.raw, name, length) == 0 && listen(socket.raw, 8) == 0
                    && getsockname(socket.raw, name, &length) == 0
            }
        }
        try #require(isListening)
        port = UInt16(bigEndian: address.sin_port)
        self.socket = socket
    }
}
