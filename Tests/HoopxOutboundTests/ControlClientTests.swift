import HoopxCore
import HoopxTestSupport
import NIOSSL
import Testing

@testable import HoopxOutbound

@Suite struct ControlClientTests {
    /// Runs a body with a client and ends it, as a command does.
    private func withClient(
        environment: [String: String] = [:], _ body: (ControlClient) async throws -> Void
    ) async throws {
        let client = ControlClient(
            trust: UpstreamTrust(environment: environment), proxies: try ProxyEnvironment(environment))
        do {
            try await body(client)
        } catch {
            await client.shutdown()
            throw error
        }
        await client.shutdown()
    }

    private func withDirectory(_ body: (TemporaryDirectory) async throws -> Void) async throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        try await body(directory)
    }

    private func failure(
        _ client: ControlClient, _ url: String, caPath: String? = nil, limit: Int = 1 << 20,
        deadline: Duration = .seconds(10)
    ) async throws -> ControlFailure? {
        let request = ControlRequest(.get, try #require(ControlURL(url)))
        do throws(ControlFailure) {
            _ = try await client.send(request, caPath: caPath, limit: limit, deadline: deadline)
            return nil
        } catch {
            return error
        }
    }

    @Test func aFormIsPostedAndTheAnswerComesWhole() async throws {
        let server = try await LoopbackHTTPServer { _ in .answer(#"{"a":1}"#, status: .badRequest) }
        try await withClient { client in
            let url = try #require(ControlURL(server.url + "/token?x=1"))
            let request = ControlRequest.form(url, [("grant type", Secret("a b&c=d")), ("code", Secret("é"))])
            let response = try await client.send(request)
            #expect(response.status == 400)
            #expect(response.field("CONTENT-TYPE") == "application/json")
            #expect(String(decoding: response.body, as: UTF8.self) == #"{"a":1}"#)
        }
        let received = try #require(server.requests.first)
        #expect(received.uri == "/token?x=1")
        #expect(received.headers.first(name: "content-type") == "application/x-www-form-urlencoded")
        #expect(received.text == "grant%20type=a%20b%26c%3Dd&code=%C3%A9")
        await server.close()
    }

    @Test func aRedirectIsNotFollowed() async throws {
        let server = try await LoopbackHTTPServer { request in
            .answer("", status: .found, headers: ["location": "/elsewhere"])
        }
        try await withClient { client in
            let url = try #require(ControlURL(server.url + "/a"))
            let response = try await client.send(ControlRequest(.get, url))
            #expect(response.status == 302)
            #expect(response.field("location") == "/elsewhere")
        }
        #expect(server.requests.map(\.uri) == ["/a"])
        await server.close()
    }

    @Test func plainHTTPIsForLoopbackOnly() async throws {
        try await withClient { client in
            let refused = try await failure(client, "http://login.example.com/token")
            #expect(refused?.reason == .refused("plain http is for loopback only"))
            #expect(refused?.isTransient == false)
        }
    }

    @Test func anAnswerLongerThanTheLimitIsNotRead() async throws {
        let server = try await LoopbackHTTPServer { _ in
            [.head(.ok, ["transfer-encoding": "chunked"]), .filling(3 << 20), .end(nil)]
        }
        try await withClient { client in
            let failure = try await failure(client, server.url + "/", limit: 1_000)
            #expect(failure?.reason == .tooLarge(1_000))
        }
        await server.close()
    }

    /// Before the head, and after it.
    @Test(arguments: [true, false]) func aServerThatDoesNotFinishIsGivenUp(answersHead: Bool) async throws {
        let gate = EventGate()
        let server = try await LoopbackHTTPServer { _ in
            answersHead
                ? [.head(.ok, ["content-length": "4"]), .text("ab"), .gate(gate), .text("cd"), .end(nil)]
                : [.gate(gate), .head(.ok, ["content-length": "0"]), .end(nil)]
        }
        try await withClient { client in
            let failure = try await failure(client, server.url + "/?secret=hunter2", deadline: .milliseconds(200))
            #expect(failure?.reason == .timedOut(.milliseconds(200)))
            #expect(failure?.isTransient == true)
            #expect(failure?.description.contains("hunter2") == false)
        }
        gate.open()
        await server.close()
    }

    @Test func aPortWhereNobodyListensIsSaid() async throws {
        let server = try await LoopbackHTTPServer { _ in .answer("") }
        await server.close()
        try await withClient { client in
            let failure = try #require(try await failure(client, server.url + "/"))
            #expect(failure.description == "\(server.url)/ cannot be reached: Connection refused")
            #expect(failure.isTransient)
        }
    }

    @Test func onlyTheAuthorityThatIsTrustedVouchesForAServer() async throws {
        let authority = try TestCertificateAuthority()
        let server = try await LoopbackHTTPServer(tls: try authority.serverContext(for: ["127.0.0.1"])) { _ in
            .answer("{}")
        }
        try await withDirectory { directory in
            let trusted = try directory.file("trusted.pem", authority.pem)
            let other = try directory.file("other.pem", TestCertificateAuthority().pem)
            try await withClient { client in
                let accepted = try await failure(client, server.url + "/", caPath: trusted)
                #expect(accepted == nil)
                let refused = try await failure(client, server.url + "/", caPath: other)
                guard case .notTrusted? = refused?.reason else {
                    Issue.record("a foreign authority was believed")
                    return
                }
            }
        }
        await server.close()
    }

    @Test func theCompanysProxyIsAskedWithItsPassword() async throws {
        let authority = try TestCertificateAuthority()
        let server = try await LoopbackHTTPServer(tls: try authority.serverContext(for: ["login.example.com"])) { _ in
            .answer("{}")
        }
        let proxy = try await CompanyProxy(
            ports: ["login.example.com:443": server.port], authorization: "Basic dTpw")
        try await withDirectory { directory in
            let ca = try directory.file("ca.pem", authority.pem)
            try await withClient(environment: ["https_proxy": "http://u:p@127.0.0.1:\(proxy.port)"]) { client in
                let failure = try await failure(client, "https://login.example.com/", caPath: ca)
                #expect(failure == nil)
            }
        }
        #expect(proxy.log == ["CONNECT login.example.com:443 200"])
        await proxy.close()
        await server.close()
    }

    @Test(arguments: [
        ("https://a.example/x?y=z", "https://a.example/x"), ("https://a.example:8443/x/", "https://a.example:8443/x/"),
        ("http://127.0.0.1:80", "http://127.0.0.1/"),
    ])
    func aURLIsShownWithoutItsQuery(text: String, shown: String) throws {
        let url = try #require(ControlURL(text))
        #expect(url.description == shown)
    }

    @Test(arguments: [
        "ftp://a.example/", "https://u:p@a.example/", "https://a.example/#f", "https://a.example/?#f", "a",
    ])
    func otherURLsAreNone(text: String) { #expect(ControlURL(text) == nil) }
}
