import HoopxTestSupport
import NIOCore
import Testing

@testable import HoopxProxy

/// A body is taken in before it goes on, unless it is long or slow.
struct BodyCollectionTests {
    private func run(
        deadlines: Deadlines = Deadlines(), early: @escaping LoopbackHTTPServer.EarlyResponder = { _ in nil },
        respond: @escaping LoopbackHTTPServer.Responder = { .answer(String($0.bodyByteCount)) },
        _ body: (ProxyFixture, TestClient, LoopbackHTTPServer) async throws -> Void
    ) async throws {
        let server = try await LoopbackHTTPServer(early: early, respond: respond)
        let connection = ProxyFixture.Connection(entry: .baseURL, upstream: server.url)
        try await ProxyFixture.run([connection], deadlines: deadlines) { fixture in
            try await body(fixture, try await fixture.connect(to: "127.0.0.1:\(try fixture.basePort)"), server)
        }
        await server.close()
    }

    @Test func aShortBodyGoesOnWhole() async throws {
        let patient = Deadlines(wholeBody: .hours(1))
        try await run(deadlines: patient) { fixture, client, server in
            client.send(fixture.request("POST /", "x-api-key: \(fixture.held)", "Content-Length: 6") + "abc")
            try await Task.sleep(for: .milliseconds(20))
            #expect(server.connectionCount == 0)
            let response = try await client.exchange("def")
            #expect(response.status == 200 && server.requests.first?.text == "abcdef")
            #expect(server.requests.first?.headers["content-length"] == ["6"])
            #expect(try fixture.recorded().requests.first?.requestBytes == 6)
        }
    }

    @Test func aBodyInChunksKeepsItsFramingAndItsTrailers() async throws {
        try await run { fixture, client, server in
            let head = fixture.request("POST /", "x-api-key: \(fixture.held)", "Transfer-Encoding: chunked")
            let response = try await client.exchange(head + "3\r\nabc\r\n3\r\ndef\r\n0\r\nx-sum: 42\r\n\r\n")
            #expect(response.status == 200)
            let request = try #require(server.requests.first)
            #expect(request.text == "abcdef" && request.headers["content-length"] == [])
            #expect(request.trailers?["x-sum"] == ["42"])
        }
    }

    @Test(arguments: [BodyMemory.largestWhole, BodyMemory.largestWhole + 1, 5 << 20])
    func aLongBodyGoesOnAsAStream(size: Int) async throws {
        try await run(deadlines: Deadlines(wholeBody: .hours(1))) { fixture, client, server in
            client.send(fixture.request("POST /", "x-api-key: \(fixture.held)", "Content-Length: \(size)"))
            var left = size
            while left > 0 {
                let piece = min(left, 300_000)
                try await client.send(ByteBuffer(repeating: 0x61, count: piece))
                left -= piece
            }
            let response = try await client.response()
            #expect(response.body == String(size))
            let request = try #require(server.requests.first)
            #expect(request.headers["content-length"] == [String(size)] && request.headers["expect"] == [])
            #expect(request.body.allSatisfy { $0 == 0x61 })
            #expect(try fixture.recorded().requests.first?.requestBytes == Int64(size))
            let next = try await client.exchange(fixture.request("POST /", "x-api-key: \(fixture.held)", body: "x"))
            #expect(next.body == "1")
        }
    }

    @Test func theOrderOfALongBodysBytesHolds() async throws {
        let bytes = (0..<(3 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 11) }
        try await run { fixture, client, server in
            client.send(fixture.request("POST /", "x-api-key: \(fixture.held)", "Content-Length: \(bytes.count)"))
            for start in stride(from: 0, to: bytes.count, by: 70_001) {
                try await client.send(ByteBuffer(bytes: bytes[start..<min(start + 70_001, bytes.count)]))
            }
            let response = try await client.response()
            #expect(response.status == 200 && server.requests.first?.body == bytes)
        }
    }

    @Test func anAnswerToASlowBodyComesBeforeItIsWhole() async throws {
        let early: LoopbackHTTPServer.EarlyResponder = { _ in .answer("no", status: .payloadTooLarge) }
        try await run(deadlines: Deadlines(wholeBody: .milliseconds(10)), early: early) { fixture, client, _ in
            client.send(fixture.request("POST /", "x-api-key: \(fixture.held)", "Content-Length: 100") + "abc")
            let response = try await client.response()
            #expect(response.status == 413)
        }
    }

    @Test func hoopxGivesTheLeaveToSendABody() async throws {
        try await run(deadlines: Deadlines(wholeBody: .hours(1))) { fixture, client, server in
            client.send(
                fixture.request("POST /", "x-api-key: \(fixture.held)", "Expect: 100-continue", "Content-Length: 3"))
            try await client.until("the leave") { $0 == "HTTP/1.1 100 Continue\r\n\r\n" }
            #expect(server.connectionCount == 0)
            client.send("abc")
            try await client.until("the answer") { $0.hasSuffix("\r\n\r\n3") }
            #expect(server.requests.first?.headers["expect"] == [])
        }
    }

    @Test func aRequestThatFollowsASlowOneIsAnsweredAfterIt() async throws {
        try await run(deadlines: Deadlines(wholeBody: .milliseconds(10))) { fixture, client, server in
            client.send(fixture.request("POST /1", "x-api-key: \(fixture.held)", "Content-Length: 4") + "ab")
            try await eventually("the stream") { server.connectionCount == 1 }
            client.send("cd" + fixture.request("POST /2", "x-api-key: \(fixture.held)", body: "xyz"))
            for count in [4, 3] {
                let response = try await client.response()
                #expect(response.body == String(count))
            }
            #expect(server.requests.map(\.text) == ["abcd", "xyz"])
        }
    }

    @Test func whereTheMemoryForBodiesIsTakenBodiesGoOnAsStreams() throws {
        let memory = BodyMemory(limit: 4)
        let collector = BodyCollector(in: memory, allocator: ByteBufferAllocator(), isSigned: false)
        try collector.append(ByteBuffer(string: "abcd"))
        #expect(throws: BodyCollector.Overflow.memory) { try collector.append(ByteBuffer(string: "e")) }
        #expect(collector.digest == nil && collector.uninspectedLength == 4)
        #expect(String(buffer: collector.takeUninspected()) == "abcd" && collector.uninspectedLength == 0)
        collector.replace(with: ByteBuffer(string: "[MASKED]"))
        #expect(collector.length == 8)
        #expect(collector.next().map { String(buffer: $0) } == "[MASKED]")
    }
}
