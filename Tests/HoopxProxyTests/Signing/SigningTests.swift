import Foundation
import HoopxCore
import HoopxTestSupport
import NIOCore
import Testing

@testable import HoopxProxy

/// Requests of a connection whose credential is a signature.
struct SigningTests {
    private func run(
        _ source: AWSSource = AWSSource(), early: @escaping LoopbackHTTPServer.EarlyResponder = { _ in nil },
        respond: @escaping LoopbackHTTPServer.Responder = { _ in .answer("{}") },
        _ body: (ProxyFixture, TestClient, LoopbackHTTPServer) async throws -> Void
    ) async throws {
        let server = try await LoopbackHTTPServer(early: early, respond: respond)
        let connection = ProxyFixture.Connection(
            dialect: .aws, entry: .baseURL, upstream: server.url + "/gate", source: source)
        try await ProxyFixture.run([connection]) { fixture in
            let client = try await fixture.connect(to: "127.0.0.1:\(try fixture.basePort)")
            try await body(fixture, client, server)
        }
        await server.close()
    }

    @Test func theClientsSignatureIsReplacedByOneThatHolds() async throws {
        try await run { fixture, client, server in
            let response = try await client.exchange(
                fixture.request(
                    "POST /model/a%3A0/invoke?b=2&a=1", "Authorization: \(fixture.clientSignature)",
                    "X-Amz-Date: 20200101T000000Z", "X-Amz-Security-Token: \(fixture.held)",
                    "X-Amz-Content-SHA256: UNSIGNED-PAYLOAD", "Content-Type: application/json",
                    "amz-sdk-invocation-id: 1", body: #"{"a":1}"#))
            #expect(response.status == 200, "\(response.body)")
            let request = try #require(server.requests.first)
            #expect(request.line == "POST /gate/model/a%3A0/invoke?a=1&b=2" && request.text == #"{"a":1}"#)
            #expect(request.headers["x-amz-security-token"] == [AWSSource.token])
            #expect(request.headers["x-amz-date"].count == 1 && request.headers["x-amz-date"] != ["20200101T000000Z"])
            #expect(!request.headers.description.contains(fixture.held))
            #expect(try await Botocore.opinion(of: request) == "ok")
            let record = try #require(try fixture.recorded().requests.first)
            #expect(record.credential == .injected && record.requestBytes == 7 && record.status == 200)
        }
    }

    @Test func aChunkedBodyIsSentWithItsLength() async throws {
        try await run { fixture, client, server in
            client.send(
                fixture.request("POST /", "Authorization: Bearer \(fixture.held)", "Transfer-Encoding: chunked"))
            client.send("3\r\nabc\r\n")
            try await Task.sleep(for: .milliseconds(5))
            #expect(server.connectionCount == 0, "nothing goes on before the body is whole")
            let response = try await client.exchange("4\r\ndefg\r\n0\r\nX-Trailer: 1\r\n\r\n")
            #expect(response.status == 200)
            let request = try #require(server.requests.first)
            #expect(request.text == "abcdefg" && request.headers["content-length"] == ["7"])
            #expect(request.headers["transfer-encoding"] == [] && (request.trailers ?? [:]).isEmpty)
            #expect(try await Botocore.opinion(of: request) == "ok")
        }
    }

    @Test(arguments: ["GET", "DELETE", "POST"])
    func aRequestWithoutABodyIsSignedAtOnce(method: String) async throws {
        try await run { fixture, client, server in
            let response = try await client.exchange(
                fixture.request("\(method) /a//b", "Authorization: \(fixture.clientSignature)"))
            #expect(response.status == 200)
            #expect(try await Botocore.opinion(of: try #require(server.requests.first)) == "ok")
        }
    }

    @Test func hoopxGivesTheLeaveThatAClientWaitsFor() async throws {
        try await run { fixture, client, server in
            client.send(
                fixture.request(
                    "POST /", "Authorization: \(fixture.clientSignature)", "Expect: 100-continue", "Content-Length: 4"))
            try await client.until("the leave") { $0 == "HTTP/1.1 100 Continue\r\n\r\n" }
            #expect(server.requests.isEmpty)
            client.send("body")
            try await client.until("the answer") { $0.contains("HTTP/1.1 200 OK") && $0.hasSuffix("{}") }
            let request = try #require(server.requests.first)
            #expect(request.text == "body" && request.headers["expect"] == [])
        }
    }

    @Test func requestsThatFollowOnTheConnectionKeepTheirOrder() async throws {
        try await run(AWSSource(), respond: { .answer($0.text) }) { fixture, client, server in
            let signature = "Authorization: \(fixture.clientSignature)"
            client.send(
                (1...5).map { fixture.request("POST /\($0)", signature, body: "body \($0)") }.joined()
                    + fixture.request("GET /6", signature))
            for number in 1...5 {
                let response = try await client.response()
                #expect(response.body == "body \(number)")
            }
            _ = try await client.response()
            #expect(server.requests.map(\.path) == (1...6).map { "/gate/\($0)" })
        }
    }

    @Test func theLargestBodyPassesAndIsSigned() async throws {
        try await run(AWSSource(), respond: { .answer(String($0.bodyByteCount)) }) { fixture, client, server in
            let size = BodyMemory.largestBody
            client.send(
                fixture.request("POST /", "Authorization: \(fixture.clientSignature)", "Content-Length: \(size)"))
            let piece = ByteBuffer(repeating: 0x61, count: 1 << 20)
            for _ in 0..<(size >> 20) { try await client.send(piece) }
            let response = try await client.response()
            #expect(response.body == String(size))
            // The connection serves on.
            let next = try await client.exchange(
                fixture.request("POST /", "Authorization: \(fixture.clientSignature)", body: "x"))
            #expect(next.body == "1")
        }
    }

    @Test(arguments: [true, false])
    func aLargerBodyIsRefusedWithAHint(isChunked: Bool) async throws {
        try await run { fixture, client, server in
            let signature = "Authorization: \(fixture.clientSignature)"
            let size = BodyMemory.largestBody + 1
            if isChunked {
                client.send(fixture.request("POST /", signature, "Transfer-Encoding: chunked"))
                client.send(String(size, radix: 16) + "\r\n")
                let piece = ByteBuffer(repeating: 0x61, count: 1 << 20)
                for _ in 0..<(size >> 20) { try await client.send(piece) }
                client.send("a\r\n0\r\n\r\n")
            } else {
                client.send(fixture.request("POST /", signature, "Content-Length: \(size)"))
            }
            let response = try await client.response()
            #expect(response.status == 413 && response.header("x-hoopx-denied") == "body_too_large")
            #expect(response.header("x-amzn-errortype") == "ValidationException")
            #expect(response.body.hasPrefix(#"{"__type":"ValidationException","message":"hoopx denied POST /"#))
            #expect(response.body.contains("32 MiB"))
            #expect(server.connectionCount == 0)
            #expect(fixture.denials.map(\.code) == [.bodyTooLarge])
        }
    }

    @Test(arguments: [
        "X-Amz-Content-SHA256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "X-Amz-Content-SHA256: STREAMING-UNSIGNED-PAYLOAD-TRAILER", "Content-Encoding: gzip, aws-chunked",
    ])
    func aBodyThatTheClientSignsInPiecesIsRefused(field: String) async throws {
        try await run { fixture, client, server in
            let response = try await client.exchange(
                fixture.request("PUT /key", "Authorization: \(fixture.clientSignature)", field, body: "4\r\nabcd\r\n"))
            #expect(response.status == 501 && response.header("x-hoopx-denied") == "signed_stream_refused")
            #expect(response.body.contains("AWS_REQUEST_CHECKSUM_CALCULATION=when_required"))
            #expect(server.requests.isEmpty)
            let next = try await client.exchange(fixture.request("GET /"))
            #expect(next.status == 200, "the refusal leaves the connection usable")
        }
    }

    @Test(arguments: [
        "Authorization: AWS4-HMAC-SHA256 Credential=AKIAATTACKER/20261126/us-east-1/bedrock/aws4_request, Signature=0",
        "Authorization: AWS4-HMAC-SHA256 Credential=PLACEHOLDER/a, Credential=AKIAATTACKER/a",
        "Authorization: AWS4-HMAC-SHA256 Credential=PLACEHOLDERx/20261126/us-east-1/bedrock/aws4_request",
        "Authorization: AWS4-HMAC-SHA256 Signature=PLACEHOLDER",
        "Authorization: SIGNATURE\r\nX-Amz-Security-Token: AKIAATTACKER",
    ])
    func aSignatureOfTheTargetsOwnIsRefused(field: String) async throws {
        try await run { fixture, client, server in
            let field = field.replacing("PLACEHOLDER", with: fixture.held)
                .replacing("SIGNATURE", with: fixture.clientSignature)
            let response = try await client.exchange(fixture.request("POST /", field, body: "x"))
            #expect(response.status == 403 && response.header("x-hoopx-denied") == "foreign_credential")
            #expect(!response.body.contains("ATTACKER") && server.requests.isEmpty)
        }
    }

    @Test func aPresignedURLOfThePlaceholderIsSignedAnewAndAForeignOneRefused() async throws {
        try await run { fixture, client, server in
            func target(_ key: String) -> String {
                "GET /key?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=\(key)%2F20261126%2Fus-east-1%2Fs3%2F"
                    + "aws4_request&X-Amz-Date=20261126T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host"
                    + "&x-id=GetObject&X-Amz-Signature=00"
            }
            let ours = try await client.exchange(fixture.request(target(fixture.held)))
            #expect(ours.status == 200)
            #expect(server.requests.map(\.uri) == ["/gate/key?x-id=GetObject"])
            #expect(try await Botocore.opinion(of: try #require(server.requests.first)) == "ok")
            let foreign = try await client.exchange(fixture.request(target("AKIAATTACKER")))
            #expect(foreign.header("x-hoopx-denied") == "foreign_credential" && server.requests.count == 1)
        }
    }

    @Test func anAnswerThatComesBeforeTheBodyHasGoneIsPassedOn() async throws {
        let early: LoopbackHTTPServer.EarlyResponder = { head in
            head.method == .PUT ? .answer("no", status: .forbidden, headers: ["connection": "close"]) : nil
        }
        try await run(AWSSource(), early: early) { fixture, client, server in
            let size = BodyMemory.largestBody
            client.send(
                fixture.request("PUT /", "Authorization: \(fixture.clientSignature)", "Content-Length: \(size)"))
            let piece = ByteBuffer(repeating: 0x61, count: 1 << 20)
            for _ in 0..<(size >> 20) { try await client.send(piece) }
            let response = try await client.response()
            #expect(response.status == 403 && response.body == "no")
            // What the upstream did not read belongs to no other request.
            let next = try await client.exchange(
                fixture.request("POST /", "Authorization: \(fixture.clientSignature)", body: "x"))
            #expect(next.status == 200 && server.connectionCount == 2)
        }
    }

    @Test func eventsOfAnAnswerArriveOneByOne() async throws {
        let gate = EventGate()
        let respond: LoopbackHTTPServer.Responder = { _ in
            [.head(.ok, ["content-type": "application/vnd.amazon.eventstream"])]
                + (1...5).flatMap { [.bytes([0, 0, UInt8($0), 255] + Array("event \($0);".utf8)), .gate(gate)] }
                + [.end(nil)]
        }
        try await run(AWSSource(), respond: respond) { fixture, client, _ in
            fixture.scope.atEnd { for _ in 1...5 { gate.open() } }
            client.send(fixture.request("POST /", "Authorization: \(fixture.clientSignature)", body: "x"))
            for number in 1...5 {
                try await client.until("event \(number)") { $0.contains("event \(number);") }
                #expect(!client.text.contains("event \(number + 1);"))
                gate.open()
            }
        }
    }

    @Test func bodiesThatWaitForTheirEndShareAMemoryOfOneSize() throws {
        let memory = BodyMemory(limit: 10)
        var first: BodyCollector? = BodyCollector(in: memory, allocator: ByteBufferAllocator(), isSigned: true)
        try first?.append(ByteBuffer(string: "eight888"))
        let second = BodyCollector(in: memory, allocator: ByteBufferAllocator(), isSigned: true)
        #expect(throws: BodyCollector.Overflow.memory) { try second.append(ByteBuffer(string: "abc")) }
        try second.append(ByteBuffer(string: "ab"))
        first = nil
        try second.append(ByteBuffer(string: "cdefghij"))
        #expect(second.length == 10)
    }
}
