import HoopxCore
import HoopxTestSupport
import NIOHTTP1
import Testing

@testable import HoopxCredentials

/// What a Vault says that no test can make a real one say, and what none should say.
struct VaultServerTests {
    private static let jwt = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZ2VudCJ9.c2lnbmF0dXJlLW9mLXRoZS10ZXN0"
    private static let vaultToken = "hvs.CAESIJ-token-of-the-vault"
    private static let login = [ResponseStep].answer(
        #"{"auth":{"client_token":"\#(vaultToken)","lease_duration":60,"renewable":true}}"#)

    private func run(
        namespace: String? = nil, _ respond: @escaping LoopbackHTTPServer.Responder,
        _ body: (VaultSource, LoopbackHTTPServer) async throws -> Void
    ) async throws {
        let server = try await LoopbackHTTPServer(respond: respond)
        try await LoopbackClient.run { client in
            try await body(
                VaultSource(
                    address: server.url + "/below/", namespace: namespace, authMount: "team/jwt", role: "agent",
                    path: "secret/data/key", field: "token", header: .bearer, audience: nil,
                    identity: ScriptedIdentity { _ in Self.jwt }, client: client.patient()), server)
        }
        await server.close()
    }

    @Test func requestsAreThoseOfVaultsAPI() async throws {
        try await run(
            namespace: "team",
            {
                switch $0.path {
                case "/below/v1/auth/team/jwt/login": Self.login
                case "/below/v1/secret/data/key": .answer(#"{"data":{"data":{"token":"s3cret"},"metadata":{}}}"#)
                default: .answer("", status: .noContent)
                }
            }
        ) { source, server in
            let lease = try await source.lease()
            #expect(lease.token.withValue { $0 } == "s3cret")
            #expect(
                server.requests.map(\.line) == [
                    "POST /below/v1/auth/team/jwt/login", "GET /below/v1/secret/data/key",
                    "PUT /below/v1/auth/token/revoke-self",
                ])
            let token = server.requests.map { $0.headers["x-vault-token"] }
            #expect(token == [[], [Self.vaultToken], [Self.vaultToken]])
            for request in server.requests {
                #expect(
                    request.headers["x-vault-namespace"] == ["team"] && request.headers["x-vault-request"] == ["true"])
            }
        }
    }

    @Test(arguments: [412, 429, 472, 473, 500, 502, 503])
    func aServerThatIsNotTheActiveOneIsAskedAgain(status: Int) async throws {
        let answers = Answers([
            .answer(#"{"errors":["not now"]}"#, status: .init(statusCode: status)), Self.login,
            .answer(#"{"data":{"token":"s3cret"}}"#),
        ])
        try await run({ _ in answers.next() }) { source, _ in
            let lease = try await source.lease()
            #expect(lease.token.withValue { $0 } == "s3cret")
        }
    }

    @Test func aServerThatSendsElsewhereIsNotFollowed() async throws {
        try await run({ _ in
            .answer("", status: .temporaryRedirect, headers: ["location": "http://127.0.0.1:1/"])
        }) { source, server in
            let error = await #expect(throws: HoopxError.self) { try await source.lease() }
            #expect(error?.hint?.contains("set address to the server that is active") ?? false)
            #expect(server.requests.count == 1)
        }
    }

    @Test func whatTheServerRepeatsOfATokenIsNotShown() async throws {
        try await run({ _ in
            .answer(#"{"errors":["bad jwt \#(Self.jwt)", "second"]}"#, status: .badRequest)
        }) { source, _ in
            let error = await #expect(throws: HoopxError.self) { try await source.lease() }
            #expect(error?.found == "it answered with status 400: bad jwt ***; second")
        }
        try await run({ request in
            request.method == .POST
                ? Self.login : .answer(#"{"errors":["\#(Self.vaultToken) may not"]}"#, status: .forbidden)
        }) { source, _ in
            let error = await #expect(throws: HoopxError.self) { try await source.lease() }
            #expect(error?.found == "it answered with status 403: *** may not")
        }
    }

    @Test(arguments: [
        "<html>", "[]", #"{"auth":null}"#, #"{"auth":{"client_token":"a b","lease_duration":1,"renewable":true}}"#,
        #"{"auth":{"client_token":"","lease_duration":1,"renewable":true}}"#,
        #"{"auth":{"client_token":"x\r\nX-Other: 1","lease_duration":1,"renewable":true}}"#, #"{"data":{}}"#,
    ])
    func anAnswerWithoutATokenIsNoLogin(body: String) async throws {
        try await run({ _ in .answer(body) }) { source, server in
            let error = await #expect(throws: HoopxError.self) { try await source.lease() }
            #expect(error?.doing.hasPrefix("logging in to ") ?? false)
            #expect(server.requests.count == 1)
        }
    }

    @Test func aTermOfAbsurdLengthOverflowsNothing() async throws {
        let huge = [ResponseStep].answer(
            #"{"auth":{"client_token":"x","lease_duration":9223372036854775807,"renewable":false}}"#)
        try await run({ request in
            request.method == .POST
                ? huge
                : .answer(#"{"lease_id":"a/b","lease_duration":9223372036854775807,"data":{"token":"x"}}"#)
        }) { source, _ in
            let lease = try await source.lease()
            let expiresAt = try #require(lease.expiresAt)
            #expect(expiresAt > .now && expiresAt < .now + .seconds(366 * 86_400))
        }
    }

    @Test(arguments: [0, -5])
    func aLeaseThatIsOverAtOnceIsNone(seconds: Int) async throws {
        try await run({ request in
            switch request.method {
            case .POST: Self.login
            case .GET: .answer(#"{"lease_id":"a/b","lease_duration":\#(seconds),"data":{"token":"x"}}"#)
            default: .answer("", status: .noContent)
            }
        }) { source, server in
            let error = await #expect(throws: HoopxError.self) { try await source.lease() }
            #expect(error?.found == "its lease is over at once")
            #expect(server.requests.last?.path == "/below/v1/auth/token/revoke-self")
        }
    }

    @Test(arguments: ["/secret/a", "secret/a/", "secret//a", "v1/secret/a", "secret/../sys", "", "a\nb"])
    func whatCannotBeAPathIsRefused(path: String) async throws {
        try await LoopbackClient.run { client in
            #expect(throws: HoopxError.self) {
                try VaultSource(
                    address: "https://vault.example.com", role: "r", path: path, field: "f",
                    identity: ScriptedIdentity { _ in "" }, client: client.control)
            }
        }
    }
}
