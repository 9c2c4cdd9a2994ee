import HoopxCore
import HoopxTestSupport
import Testing

@testable import HoopxProxy

/// A connection whose client brings its own OAuth token: that passes, and nothing else.
struct ClientTokenTests {
    static let token = "sk-ant-oat01-" + String(repeating: "Ab3_-x9Z", count: 10) + "AA"

    private func run(_ body: (ProxyFixture, TestClient, LoopbackHTTPServer) async throws -> Void) async throws {
        let server = try await LoopbackHTTPServer { _ in .answer("{}") }
        let connection = ProxyFixture.Connection(entry: .baseURL, upstream: server.url, passesClientToken: true)
        try await ProxyFixture.run([connection]) { fixture in
            let client = try await fixture.connect(to: "127.0.0.1:\(try fixture.basePort)")
            try await body(fixture, client, server)
        }
        await server.close()
    }

    @Test(arguments: [
        "Authorization: Bearer TOKEN", "authorization:  bearer   TOKEN ",
        "Authorization: Bearer TOKEN\r\nx-api-key: PLACEHOLDER", "Authorization: Bearer TOKEN\r\nx-api-key:",
    ])
    func theClientsTokenPassesAlone(field: String) async throws {
        try await run { fixture, client, server in
            let field = field.replacing("TOKEN", with: Self.token).replacing("PLACEHOLDER", with: fixture.held)
            let response = try await client.exchange(fixture.request("POST /v1/messages", field, body: "x"))
            #expect(response.status == 200, "\(response.body)")
            let headers = try #require(server.requests.first?.headers)
            #expect(headers["authorization"] == ["Bearer \(Self.token)"])
            #expect(headers["x-api-key"] == [])
        }
    }

    @Test func theTokenIsRecordedByAHashThatTellsNothing() async throws {
        try await run { fixture, client, _ in
            let tokens = [Self.token, Self.token, Self.token.replacing("AA", with: "AB")]
            for token in tokens {
                let field = "Authorization: Bearer \(token)"
                #expect(try await client.exchange(fixture.request("POST /", field, body: "x")).status == 200)
            }
            let records = try fixture.recorded().requests
            #expect(records.allSatisfy { $0.credential == .clientToken && $0.lease == nil })
            let hashes = records.compactMap(\.clientToken)
            #expect(hashes.count == 3 && hashes[0] == hashes[1] && hashes[1] != hashes[2])
            #expect(hashes.allSatisfy { $0.utf8.count == 16 && $0.allSatisfy(\.isHexDigit) })
            // Without this session's key nobody computes it.
            #expect(TokenFingerprint().of(Secret(Self.token)) != hashes[0])
            #expect(!"\(records)".contains("sk-ant-oat"))
        }
    }

    @Test(arguments: [
        "x-api-key: sk-ant-api03-attacker", "Authorization: Bearer sk-ant-api03-attacker-0123456789abcdef",
        "Authorization: Bearer TOKEN\r\nx-api-key: sk-ant-api03-attacker", "x-api-key: TOKEN",
        "Authorization: Bearer TOKEN\r\nAuthorization: Bearer TOKEN", "Authorization: Basic TOKEN",
        "Authorization: TOKEN", "Authorization: Bearer sk-ant-oat01-attacker",
        "Authorization: Bearer sk-ant-oatxx-attacker-attacker-attacker", "Authorization: Bearer TOKEN attacker",
        "Authorization: Bearer TOKEN\r\nx-auth-token: attacker",
    ])
    func anythingElseIsRefusedWithTheReason(field: String) async throws {
        try await run { fixture, client, server in
            let field = field.replacing("TOKEN", with: Self.token)
            let response = try await client.exchange(fixture.request("POST /", field, body: "x"))
            #expect(response.status == 403)
            #expect(response.header("x-hoopx-denied") == "foreign_credential")
            #expect(response.body.contains("an API key could be anybody's"), "\(response.body)")
            #expect(!response.body.contains("attacker") && !response.body.contains(Self.token))
            #expect(server.requests.isEmpty)
            let record = try #require(try fixture.recorded().requests.first)
            #expect(record.credential == .refused && record.clientToken == nil)
        }
    }

    @Test func aTokenInTheQueryIsRefused() async throws {
        try await run { fixture, client, server in
            let response = try await client.exchange(fixture.request("GET /?access_token=\(Self.token)"))
            #expect(response.header("x-hoopx-denied") == "foreign_credential")
            #expect(server.requests.isEmpty)
        }
    }

    @Test func aRequestWithoutATokenIsTreatedAsOneWithoutACredential() async throws {
        try await run { fixture, client, server in
            for field in ["x-api-key:", "x-api-key: \(fixture.held)"] {
                #expect(try await client.exchange(fixture.request("GET /", field)).status == 200)
                let refused = try await client.exchange(fixture.request("POST /", field, body: "x"))
                #expect(refused.header("x-hoopx-denied") == "credential_missing")
                #expect(refused.body.contains("log in with the client"), "\(refused.body)")
            }
            #expect(server.requests.allSatisfy { $0.headers["authorization"] + $0.headers["x-api-key"] == [] })
            #expect(try fixture.recorded().requests.map(\.credential) == [.absent, .refused, .absent, .refused])
        }
    }

    @Test func elsewhereTheClientsTokenIsForeign() async throws {
        let server = try await LoopbackHTTPServer { _ in .answer("{}") }
        let connection = ProxyFixture.Connection(entry: .baseURL, upstream: server.url)
        try await ProxyFixture.run([connection]) { fixture in
            let client = try await fixture.connect(to: "127.0.0.1:\(try fixture.basePort)")
            let response = try await client.exchange(
                fixture.request("POST /", "Authorization: Bearer \(Self.token)", body: "x"))
            #expect(response.header("x-hoopx-denied") == "foreign_credential")
            #expect(server.requests.isEmpty)
        }
        await server.close()
    }
}
