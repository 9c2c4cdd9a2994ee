import HoopxCore
import HoopxTestSupport
import NIOCore
import Testing

@testable import HoopxProxy

/// Before the first byte of a request goes upstream, it is on record; where it cannot be, nothing goes.
struct AuditPrecedesEgressTests {
    private func run(
        deadlines: Deadlines = Deadlines(), session: SessionCredential = SessionCredential(),
        answers: Bool = true, _ body: (ProxyFixture, TestClient, ByteWitness) async throws -> Void
    ) async throws {
        let witness = answers ? try await ByteWitness() : try await ByteWitness(answering: nil)
        let connection = ProxyFixture.Connection(entry: .baseURL, upstream: witness.url)
        try await ProxyFixture.run([connection], deadlines: deadlines, session: session) { fixture in
            fixture.scope.atEnd { fixture.store.unblock() }
            try await body(fixture, try await fixture.connect(to: "127.0.0.1:\(try fixture.basePort)"), witness)
        }
        await witness.close()
    }

    /// The record of the connection itself, which waits for nobody, is written before the store is made to wait.
    private func block(_ fixture: ProxyFixture, after client: TestClient) async throws {
        try await eventually("the connection's record") { try fixture.recorded().connections.count == 1 }
        fixture.store.block()
    }

    @Test(arguments: ["GET /", "POST /", "DELETE /"])
    func noByteReachesTheUpstreamBeforeTheRequestIsOnRecord(line: String) async throws {
        try await run { fixture, client, witness in
            try await block(fixture, after: client)
            let body = line.hasPrefix("POST") ? "the body" : nil
            client.send(fixture.request(line, "x-api-key: \(fixture.held)", body: body))
            try await eventually("the connection to the upstream") { witness.connectionCount == 1 }
            try await Task.sleep(for: .milliseconds(50))
            #expect(witness.bytes.isEmpty && client.text.isEmpty)
            fixture.store.unblock()
            let response = try await client.response()
            #expect(response.status == 200 && response.body == "{}")
            #expect(witness.text.hasPrefix("\(line) HTTP/1.1\r\n") && witness.text.hasSuffix(body ?? "\r\n\r\n"))
        }
    }

    @Test func aBodyThatIsNotWholeInTimeGoesOnOnceItsRequestIsOnRecord() async throws {
        try await run(deadlines: Deadlines(wholeBody: .milliseconds(10)), answers: false) { fixture, client, witness in
            try await block(fixture, after: client)
            client.send(fixture.request("POST /", "x-api-key: \(fixture.held)", "Content-Length: 9") + "abc")
            try await eventually("the connection to the upstream") { witness.connectionCount == 1 }
            client.send("def")
            try await Task.sleep(for: .milliseconds(50))
            #expect(witness.bytes.isEmpty)
            fixture.store.unblock()
            try await eventually("the beginning") { witness.text.hasSuffix("\r\n\r\nabcdef") }
            client.send("ghi")
            try await eventually("the rest") { witness.text.hasSuffix("\r\n\r\nabcdefghi") }
        }
    }

    @Test func aRequestThatCannotBeRecordedIsDeniedAndTheRunGoesOn() async throws {
        try await run { fixture, client, witness in
            fixture.store.failFromNowOn()
            let response = try await client.exchange(fixture.request("POST /", "x-api-key: \(fixture.held)", body: "x"))
            #expect(response.status == 503 && response.header("x-hoopx-denied") == "audit_unavailable")
            #expect(response.body.hasPrefix(#"{"type":"error","error":{"type":"api_error""#))
            #expect(response.body.contains("no space left on device"))
            #expect(witness.bytes.isEmpty)
            fixture.store.work()
            try await eventually("the record to work again") {
                let next = try await client.exchange(fixture.request("GET /"))
                return next.status == 200
            }
            // The end of a request is recorded once its answer is on its way.
            try await eventually("the answer's record") { try fixture.recorded().requests.last?.status == 200 }
            #expect(try fixture.recorded().requests.first?.denial == .auditUnavailable)
        }
    }

    @Test func aFailingRecordRefusesWhatWaitedForIt() async throws {
        try await run { fixture, client, witness in
            try await block(fixture, after: client)
            client.send(fixture.request("GET /"))
            try await eventually("the connection to the upstream") { witness.connectionCount == 1 }
            fixture.store.failFromNowOn()
            fixture.store.unblock()
            let response = try await client.response()
            #expect(response.status == 503 && response.header("x-hoopx-denied") == "audit_unavailable")
            #expect(witness.bytes.isEmpty)
        }
    }

    @Test func theSessionsEndRefusesWhatWaitsForTheRecord() async throws {
        try await run { fixture, client, witness in
            try await block(fixture, after: client)
            client.send(fixture.request("POST /", "x-api-key: \(fixture.held)", body: "x"))
            try await eventually("the connection to the upstream") { witness.connectionCount == 1 }
            fixture.session.end(identity: "it was locked")
            fixture.store.unblock()
            let response = try await client.response()
            #expect(response.header("x-hoopx-denied") == "identity_ended")
            #expect(witness.bytes.isEmpty)
        }
    }

    @Test func theCommandsEndBreaksOffWhatWaitsForTheRecordAndDeniesNothing() async throws {
        try await run { fixture, client, witness in
            try await block(fixture, after: client)
            client.send(fixture.request("POST /", "x-api-key: \(fixture.held)", body: "x"))
            try await eventually("the connection to the upstream") { witness.connectionCount == 1 }
            fixture.session.revoke()
            fixture.store.unblock()
            try await client.untilClosed()
            #expect(witness.bytes.isEmpty)
            #expect(fixture.denials.isEmpty)
        }
    }

    @Test func aClientThatLeavesWhileItsRequestWaitsSendsNothing() async throws {
        try await run { fixture, client, witness in
            try await block(fixture, after: client)
            client.send(fixture.request("POST /", "x-api-key: \(fixture.held)", body: "x"))
            try await eventually("the connection to the upstream") { witness.connectionCount == 1 }
            await client.close()
            fixture.store.unblock()
            try await eventually("the record's end") { try fixture.recorded().requests.first?.duration != nil }
            #expect(witness.bytes.isEmpty)
        }
    }

    @Test func aDenialWaitsForNoRecord() async throws {
        try await run { fixture, client, witness in
            try await block(fixture, after: client)
            let response = try await client.exchange(fixture.request("POST /", "x-api-key: other", body: "x"))
            #expect(response.header("x-hoopx-denied") == "foreign_credential")
            #expect(witness.connectionCount == 0)
        }
    }

    @Test func anUpstreamThatClosesWhileTheRecordIsWrittenIsReplaced() async throws {
        let gate = EventGate()
        let server = try await LoopbackHTTPServer { request in
            request.path == "/first" ? .answer("1") + [.gate(gate), .endOutput] : .answer("2")
        }
        let connection = ProxyFixture.Connection(entry: .baseURL, upstream: server.url)
        try await ProxyFixture.run([connection]) { fixture in
            fixture.scope.atEnd { fixture.store.unblock() }
            let client = try await fixture.connect(to: "127.0.0.1:\(try fixture.basePort)")
            let held = "x-api-key: \(fixture.held)"
            let first = try await client.exchange(fixture.request("GET /first", held))
            #expect(first.body == "1")
            try await eventually("the first request's record") {
                try fixture.recorded().requests.first?.duration != nil
            }
            fixture.store.block()
            client.send(fixture.request("POST /", held, body: "x"))
            try await eventually("the record that waits") { fixture.store.waiting.contains { $0.kind == .request } }
            // The request has the kept connection by now, since it has not had to wait for a credential.
            gate.open()
            try await eventually("the end of the kept connection") { server.endedConnectionCount == 1 }
            fixture.store.unblock()
            let second = try await client.response()
            #expect(second.status == 200 && second.body == "2", "nothing of it had passed: \(second.body)")
            #expect(server.connectionCount == 2)
        }
        await server.close()
    }

    @Test func requestsThatFollowEachOtherAreRecordedOneByOne() async throws {
        let server = try await LoopbackHTTPServer { .answer($0.path) }
        let connection = ProxyFixture.Connection(entry: .baseURL, upstream: server.url)
        try await ProxyFixture.run([connection]) { fixture in
            fixture.scope.atEnd { fixture.store.unblock() }
            let client = try await fixture.connect(to: "127.0.0.1:\(try fixture.basePort)")
            try await block(fixture, after: client)
            client.send((1...3).map { fixture.request("GET /\($0)") }.joined())
            for number in 1...3 {
                try await Task.sleep(for: .milliseconds(30))
                #expect(server.requests.count == number - 1)
                if number == 3 { fixture.store.unblock() } else { fixture.store.passOne() }
                let response = try await client.response()
                #expect(response.body == "/\(number)")
            }
        }
        await server.close()
    }
}
