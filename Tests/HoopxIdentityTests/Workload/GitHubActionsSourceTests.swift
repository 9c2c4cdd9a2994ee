import HoopxCore
import HoopxOutbound
import HoopxTestSupport
import Synchronization
import Testing

@testable import HoopxIdentity

@Suite(.timeLimit(.minutes(1))) struct GitHubActionsSourceTests {
    private static let requestToken = "request-token-of-the-job"

    /// A source against a server that answers by a function, which is told the number of the request.
    private func withSource(
        query: String = "?api-version=2.0", _ answer: @escaping @Sendable (Int) -> [ResponseStep],
        _ body: (GitHubActionsSource, LoopbackHTTPServer) async throws -> Void
    ) async throws {
        let count = Counter()
        let server = try await LoopbackHTTPServer { _ in answer(count.next()) }
        let client = ControlClient(trust: UpstreamTrust(environment: [:]), proxies: try ProxyEnvironment([:]))
        let environment = [
            "ACTIONS_ID_TOKEN_REQUEST_URL": server.url + "/token" + query,
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": Self.requestToken,
        ]
        let source = GitHubActionsSource(environment: environment, client: client, firstPause: .milliseconds(1))
        do {
            try await body(source, server)
        } catch {
            await client.shutdown()
            await server.close()
            throw error
        }
        await client.shutdown()
        await server.close()
    }

    @Test func theJobsTokenIsAskedForWithTheAudience() async throws {
        try await withSource({ _ in .answer(#"{"count": 1, "value": "a.b.c"}"#) }) { source, server in
            #expect(try await source.token(audience: "https://hoopx.example.com/a b&c").text == "a.b.c")
            let request = try #require(server.requests.first)
            #expect(
                request.line
                    == "GET /token?api-version=2.0&audience=https%3A%2F%2Fhoopx.example.com%2Fa%20b%26c")
            #expect(request.headers["authorization"] == ["bearer " + Self.requestToken])
            _ = try await source.token(audience: nil)
            #expect(server.requests.last?.uri == "/token?api-version=2.0")
        }
    }

    @Test func anAudienceBeginsTheQueryWhereThereIsNone() async throws {
        try await withSource(query: "", { _ in .answer(#"{"value": "a.b.c"}"#) }) { source, server in
            _ = try await source.token(audience: "x")
            #expect(server.requests.map(\.uri) == ["/token?audience=x"])
        }
    }

    @Test(arguments: [500, 503, 429])
    func aFaultThatMayPassIsTriedAgain(status: Int) async throws {
        let broken: @Sendable (Int) -> [ResponseStep] = { number in
            number < 3 ? .answer("{}", status: .init(statusCode: status)) : .answer(#"{"value": "a.b.c"}"#)
        }
        try await withSource(broken) { source, server in
            let token = try await source.token(audience: nil)
            #expect(token.text == "a.b.c")
            #expect(server.requests.count == 4)
        }
    }

    @Test func aConnectionThatBreaksIsTriedAgain() async throws {
        try await withSource({ $0 == 0 ? [.abort] : .answer(#"{"value": "a.b.c"}"#) }) { source, server in
            let token = try await source.token(audience: nil)
            #expect(token.text == "a.b.c")
            #expect(server.requests.count == 2)
        }
    }

    @Test func theTriesComeToAnEnd() async throws {
        try await withSource({ _ in .answer("secret answer", status: .serviceUnavailable) }) { source, server in
            let error = await failure(of: source)
            #expect(error?.doing == "getting an ID token from GitHub Actions")
            #expect(error?.found == "\(server.url)/token answered with status 503")
            #expect(server.requests.count == 4)
        }
    }

    @Test func aRefusalIsNotTriedAgainAndSaysWhatAJobNeeds() async throws {
        try await withSource({ _ in .answer("no", status: .forbidden) }) { source, server in
            let error = await failure(of: source)
            #expect(error?.found == "\(server.url)/token answered with status 403")
            #expect(error?.hint?.contains("id-token: write") == true)
            #expect(server.requests.count == 1)
        }
    }

    @Test(arguments: [
        "<html>", "{}", #"{"value": 1}"#, #"{"value": "secret-but-no-token"}"#, "[]", "",
        #"{"value": "a.b.\#(String(repeating: "c", count: 16_384))"}"#, String(repeating: " ", count: 100_000),
        #"{"value": "a.b.c", "more": "\#(String(repeating: "x", count: 32_768))"}"#,
    ])
    func anAnswerThatIsNoTokenIsOneError(body: String) async throws {
        try await withSource({ _ in .answer(body) }) { source, server in
            let error = try #require(await failure(of: source))
            #expect("\(error) \(error.hint ?? "")".contains(server.url))
            #expect(!"\(error) \(error.hint ?? "")".contains("secret"), "no part of what came is shown")
            #expect(!"\(error) \(error.hint ?? "")".contains(Self.requestToken))
            #expect(server.requests.count == 1)
        }
    }

    @Test func aRedirectIsNotFollowed() async throws {
        try await withSource({ _ in .answer("", status: .found, headers: ["location": "/elsewhere"]) }) {
            source, server in
            #expect(await failure(of: source)?.found == "\(server.url)/token answered with status 302")
            #expect(server.requests.count == 1)
        }
    }

    @Test(arguments: ["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"])
    func aJobWithoutThePermissionLearnsOfIt(missing: String) async throws {
        var environment = [
            "ACTIONS_ID_TOKEN_REQUEST_URL": "https://actions.invalid/", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "x",
        ]
        environment[missing] = ""
        let error = await failure(of: try source(environment))
        #expect(error?.found.contains(missing) == true)
        #expect(error?.hint?.contains("permissions: {id-token: write}") == true)
    }

    @Test func plainHTTPIsForLoopbackOnly() async throws {
        let error = await failure(
            of: try source([
                "ACTIONS_ID_TOKEN_REQUEST_URL": "http://actions.example.com/", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "x",
            ]))
        #expect(error?.found == "http://actions.example.com/ was not asked: plain http is for loopback only")
    }

    @Test(arguments: ["ftp://x/", "https://user@x/", "https://x/#fragment", "x"])
    func whatIsNoURLIsNotAsked(url: String) async throws {
        let error = await failure(
            of: try source(["ACTIONS_ID_TOKEN_REQUEST_URL": url, "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "x"]))
        #expect(error?.found == "the variable ACTIONS_ID_TOKEN_REQUEST_URL is no https URL")
    }

    @Test func aRequestTokenThatForgesHeadersIsNotSent() async throws {
        let error = await failure(
            of: try source([
                "ACTIONS_ID_TOKEN_REQUEST_URL": "https://actions.invalid/",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "x\r\nHost: evil",
            ]))
        #expect(error?.found.contains("ACTIONS_ID_TOKEN_REQUEST_TOKEN") == true)
        #expect(error?.found.contains("evil") == false)
    }

    @Test func whatGetsATokenIsSecret() throws {
        let source = try source([:])
        #expect(
            Set(source.secretVariables) == [
                "ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_RUNTIME_TOKEN",
            ])
        #expect(source.method == .gitHubActions && source.choosesAudience)
        #expect(source.defaultIssuer == "https://token.actions.githubusercontent.com")
    }

    /// One whose client is never used for a connection.
    private func source(_ environment: [String: String]) throws -> GitHubActionsSource {
        let client = ControlClient(trust: UpstreamTrust(environment: [:]), proxies: try ProxyEnvironment([:]))
        return GitHubActionsSource(environment: environment, client: client, firstPause: .milliseconds(1))
    }
}

private final class Counter: Sendable {
    private let value = Mutex(0)

    func next() -> Int {
        value.withLock { value in
            defer { value += 1 }
            return value
        }
    }
}
