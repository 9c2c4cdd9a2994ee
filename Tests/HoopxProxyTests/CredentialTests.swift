import Foundation
import HoopxCore
import HoopxTestSupport
import Testing

@testable import HoopxProxy

/// Whose credential travels: the connection's, and no other.
struct CredentialTests {
    private func run(
        header: CredentialHeader = .anthropicAPIKey,
        _ body: (ProxyFixture, TestClient, LoopbackHTTPServer) async throws -> Void
    ) async throws {
        let server = try await LoopbackHTTPServer { _ in .answer("{}") }
        let connection = ProxyFixture.Connection(
            entry: .baseURL, upstream: server.url, source: FixedSource(injection: .header(header)))
        try await ProxyFixture.run([connection]) { fixture in
            let client = try await fixture.connect(to: "127.0.0.1:\(try fixture.basePort)")
            try await body(fixture, client, server)
        }
        await server.close()
    }

    @Test(arguments: [
        "x-api-key: PLACEHOLDER", "X-Api-Key:   PLACEHOLDER  ", "Authorization: Bearer PLACEHOLDER",
        "authorization: bearer PLACEHOLDER", "Authorization: Basic BASIC",
        "x-api-key: PLACEHOLDER\r\nAuthorization: Bearer PLACEHOLDER",
        "api-key: PLACEHOLDER", "x-api-key: PLACEHOLDER\r\nCookie: session=1",
    ])
    func thePlaceholderIsReplacedWhereverAClientPutsIt(field: String) async throws {
        try await run { fixture, client, server in
            let field = field.replacing("PLACEHOLDER", with: fixture.held).replacing("BASIC", with: fixture.basic)
            let response = try await client.exchange(fixture.request("POST /", field, body: "x"))
            #expect(response.status == 200, "\(response.body)")
            let headers = try #require(server.requests.first?.headers)
            #expect(headers["x-api-key"] == [ProxyFixture.token])
            for name in ["authorization", "api-key", "cookie"] { #expect(headers[name] == []) }
            #expect(!headers.description.contains(fixture.held))
        }
    }

    @Test(arguments: [
        "x-api-key: sk-ant-attacker", "Authorization: Bearer sk-ant-attacker", "Authorization: Basic YTpi",
        "x-api-key: PLACEHOLDER\r\nAuthorization: Bearer sk-ant-attacker", "x-api-key: PLACEHOLDERx",
        "x-api-key: PLACEHOLDER\r\nx-api-key: sk-ant-attacker", "x-goog-api-key: AIza", "private-token: glpat",
        "x-auth-token: abc", "x-amz-security-token: abc", "Authorization: sk-ant-attacker",
    ])
    func aCredentialThatTheTargetBringsIsRefusedAndNotForwarded(field: String) async throws {
        try await run { fixture, client, server in
            let field = field.replacing("PLACEHOLDER", with: fixture.held)
            let response = try await client.exchange(fixture.request("POST /", field, body: "x"))
            #expect(response.status == 403)
            #expect(response.header("x-hoopx-denied") == "foreign_credential")
            #expect(response.header("x-should-retry") == "false")
            #expect(!response.body.contains("attacker"))
            #expect(server.requests.isEmpty)
            #expect(fixture.denials.map(\.code) == [.foreignCredential])
            let record = try #require(try fixture.recorded().requests.first)
            #expect(record.denial == .foreignCredential && record.credential == .refused && record.status == 403)
        }
    }

    @Test(arguments: ["key", "api_key", "API_KEY", "%61pi_key", "access_token"])
    func aKeyInTheQueryIsRefused(name: String) async throws {
        try await run { fixture, client, server in
            let response = try await client.exchange(fixture.request("GET /v1/models?\(name)=abc"))
            #expect(response.header("x-hoopx-denied") == "foreign_credential")
            let ours = try await client.exchange(fixture.request("GET /v1/models?a=1&\(name)=\(fixture.held)&b=2"))
            #expect(ours.status == 200)
            #expect(server.requests.map(\.uri) == ["/v1/models?a=1&b=2"])
            #expect(server.requests.first?.headers["x-api-key"] == [ProxyFixture.token])
        }
    }

    @Test func aReadWithoutACredentialPassesWithoutOne() async throws {
        try await run { fixture, client, server in
            for method in ["GET", "OPTIONS"] {
                let response = try await client.exchange(fixture.request("\(method) /api/hello"))
                #expect(response.status == 200)
            }
            #expect(server.requests.allSatisfy { $0.headers["x-api-key"] == [] })
        }
    }

    @Test(arguments: ["POST", "PUT", "DELETE", "PATCH", "GET"])
    func aChangeWithoutACredentialIsRefused(method: String) async throws {
        try await run { fixture, client, server in
            let response = try await client.exchange(fixture.request("\(method) /", body: "x"))
            #expect(response.status == 403)
            #expect(response.header("x-hoopx-denied") == "credential_missing")
            #expect(server.requests.isEmpty)
            // The refusal leaves the connection usable.
            let next = try await client.exchange(fixture.request("GET /"))
            #expect(next.status == 200)
        }
    }

    @Test func theConnectionsOwnHeaderTakesThePlaceholderInItsFormat() async throws {
        let header = try #require(CredentialHeader(name: "X-Custom-Secret", format: "key {token};"))
        try await run(header: header) { fixture, client, server in
            let warm = try await client.exchange(fixture.request("POST /", "x-api-key: \(fixture.held)", body: "x"))
            #expect(warm.status == 200)
            let ours = try await client.exchange(
                fixture.request("POST /", "x-custom-secret: key \(fixture.held);", body: "x"))
            #expect(ours.status == 200)
            #expect(
                server.requests.map { $0.headers["x-custom-secret"] } == [
                    ["key \(ProxyFixture.token);"], ["key \(ProxyFixture.token);"],
                ])
            let foreign = try await client.exchange(
                fixture.request("POST /", "x-custom-secret: key stolen;", body: "x"))
            #expect(foreign.header("x-hoopx-denied") == "foreign_credential")
        }
    }

    @Test func aSourceWithoutACredentialSaysWhatIsMissingToTheUserAlone() async throws {
        let server = try await LoopbackHTTPServer { _ in .answer("{}") }
        let connection = ProxyFixture.Connection(entry: .baseURL, upstream: server.url, source: EmptySource())
        try await ProxyFixture.run([connection]) { fixture in
            let client = try await fixture.connect(to: "127.0.0.1:\(try fixture.basePort)")
            let response = try await client.exchange(fixture.request("POST /", "x-api-key: \(fixture.held)", body: "x"))
            #expect(response.status == 502)
            #expect(response.header("x-hoopx-denied") == "credential_unavailable")
            #expect(fixture.denials.last?.hint.contains("the file is gone; put it back") == true)
            #expect(!response.body.contains("the file is gone"), "that is the user's business: \(response.body)")
            #expect(server.requests.isEmpty)
        }
        await server.close()
    }

    @Test func whatCannotBeRecordedDoesNotHappen() async throws {
        try await run { fixture, client, server in
            fixture.store.failFromNowOn()
            fixture.recorder.record(Denial(code: .malformedRequest, layer: .proxy, rule: "", subject: "", hint: ""))
            #expect(throws: (any Error).self) { try fixture.recorder.flush() }
            let response = try await client.exchange(fixture.request("GET /"))
            #expect(response.status == 503)
            #expect(response.header("x-hoopx-denied") == "audit_unavailable")
            #expect(server.requests.isEmpty)
        }
    }

    @Test func aDenialHasTheShapeOfTheClaudeAPI() async throws {
        try await run { fixture, client, _ in
            let response = try await client.exchange(fixture.request("POST /v1/messages", body: "x"))
            #expect(response.header("content-type") == "application/json")
            #expect(
                response.body.hasPrefix(
                    #"{"type":"error","error":{"type":"permission_error","message":"hoopx denied POST /v1/messages"#))
            #expect(
                response.body.contains(#""code":"credential_missing","rule":"connections.api","layer":"credential""#))
        }
    }
}

extension ProxyFixture {
    /// `user:placeholder` in base 64.
    fileprivate var basic: String { Data("user:\(held)".utf8).base64EncodedString() }
}
