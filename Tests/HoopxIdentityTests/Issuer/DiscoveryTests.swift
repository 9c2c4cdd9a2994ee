import HoopxCore
import HoopxJSON
import HoopxOutbound
import HoopxTestSupport
import NIOHTTP1
import Testing

@testable import HoopxIdentity

struct DiscoveryTests {
    private func fault(_ issuer: Issuer) async -> HoopxError? {
        do {
            _ = try await issuer.metadata()
            return nil
        } catch {
            return error
        }
    }

    @Test func theDocumentIsFetchedOnceForAll() async throws {
        try await TestIssuer.run { server in
            let issuer = try server.issuer()
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<16 { group.addTask { try await issuer.metadata().issuer } }
                for try await found in group { #expect(found == server.url) }
            }
            #expect(server.count(TestIssuer.discoveryPath) == 1)
        }
    }

    @Test func everyEndpointIsRead() async throws {
        try await TestIssuer.run { server in
            var document = server.discovery
            document["device_authorization_endpoint"] = .string(server.url + "/device?x=1")
            document["revocation_endpoint"] = "https://127.0.0.1/revoke"
            document["authorization_endpoint"] = .null
            document["code_challenge_methods_supported"] = ["plain", "S256"]
            server.answer(TestIssuer.discoveryPath, .answer(JSONValue.object(document).json))
            let metadata = try await server.issuer().metadata()
            #expect(metadata.issuer == server.url)
            #expect(metadata.jwksURI.description == server.url + "/keys")
            #expect(metadata.tokenEndpoint?.description == server.url + "/token")
            #expect(metadata.deviceAuthorizationEndpoint?.description == server.url + "/device")
            #expect(metadata.revocationEndpoint?.description == "https://127.0.0.1/revoke")
            #expect(metadata.authorizationEndpoint == nil)
            #expect(metadata.codeChallengeMethods == ["plain", "S256"])
        }
    }

    @Test func aSlashAtTheEndIsPartOfTheName() async throws {
        try await TestIssuer.run { server in
            let url = server.url + "/realms/a/"
            var document = server.discovery
            document["issuer"] = .string(url)
            server.answer("/realms/a" + TestIssuer.discoveryPath, .answer(JSONValue.object(document).json))
            #expect(try await server.issuer(url).metadata().issuer == url)
            let other = await fault(try server.issuer(server.url + "/realms/a"))
            #expect(other?.found == #"it is the document of issuer "\#(url)", expected "\#(server.url)/realms/a""#)
        }
    }

    @Test(arguments: [
        "http://login.example.com", "http://10.0.0.1", "http://[2001:db8::1]", "http://localhost.example.com",
        "http://128.0.0.1:80/x",
    ])
    func plainHTTPIsForThisMachineOnly(url: String) async throws {
        try await TestIssuer.run { server in
            let error = #expect(throws: HoopxError.self) { try server.issuer(url) }
            #expect(error?.kind == .usage)
            #expect(error?.description.contains("\"\(url)\": expected https, found plain http") == true)
        }
    }

    @Test(arguments: [
        "http://localhost:1", "http://127.0.0.1", "http://127.9.8.7:80/x", "http://[::1]:8080",
        "https://login.example.com", "https://login.example.com:8443/realms/a/",
    ])
    func theseAreIssuers(url: String) async throws {
        try await TestIssuer.run { server in
            let issuer = try server.issuer(url)
            #expect(issuer.url == url)
        }
    }

    @Test(arguments: [
        "", "login.example.com", "https://", "ftp://a.example.com", "https://a.example.com/?x=1",
        "https://a.example.com?", "https://a.example.com/#x", "https://user:hunter2@a.example.com", "https://a b/",
        "https://ä.example.com", "https://a.example.com/" + String(repeating: "x", count: 1_024),
    ])
    func theseAreNone(url: String) async throws {
        try await TestIssuer.run { server in
            let error = #expect(throws: HoopxError.self) { try server.issuer(url) }
            #expect(error?.kind == .usage)
        }
    }

    @Test func anotherIssuersDocumentIsRefused() async throws {
        try await TestIssuer.run { server in
            for name: JSONValue in ["https://evil.example.com", .string(server.url + "/"), .null, ["x"]] {
                var document = server.discovery
                document["issuer"] = name
                server.answer(TestIssuer.discoveryPath, .answer(JSONValue.object(document).json))
                let error = await fault(try server.issuer())
                #expect(error?.doing == "reading the discovery document of \(server.url)")
                #expect(
                    error?.found == #"it is the document of issuer \#(ForeignText(name)), expected "\#(server.url)""#)
            }
        }
    }

    @Test(arguments: [
        "http://login.example.com/token", "ftp://127.0.0.1/", "/token", "https://user@a.example.com/", "",
    ])
    func anEndpointThatOthersCouldReadIsRefused(url: String) async throws {
        try await TestIssuer.run { server in
            for name in [
                "jwks_uri", "token_endpoint", "device_authorization_endpoint", "revocation_endpoint",
                "authorization_endpoint",
            ] {
                var document = server.discovery
                document[name] = .string(url)
                server.answer(TestIssuer.discoveryPath, .answer(JSONValue.object(document).json))
                let found = await fault(try server.issuer())?.found
                #expect(
                    found == "expected an https URL, or an http URL of this machine as \(name), found \"\(url)\"")
            }
        }
    }

    @Test func anEndpointOfAnHTTPSIssuerIsHTTPS() throws {
        let issuer = "https://login.example.com"
        let document: JSONValue = ["issuer": .string(issuer), "jwks_uri": "http://127.0.0.1/keys"]
        #expect(throws: DocumentFault(#"expected an https URL as jwks_uri, found "http://127.0.0.1/keys""#)) {
            try IssuerMetadata(document, configured: issuer)
        }
    }

    @Test func anIssuerWithoutKeysIsRefused() async throws {
        try await TestIssuer.run { server in
            server.answer(TestIssuer.discoveryPath, .answer(JSONValue.object(["issuer": .string(server.url)]).json))
            let found = await fault(try server.issuer())?.found
            #expect(found == "expected the URL of its keys (jwks_uri), found none")
        }
    }

    @Test func aRedirectIsNamedAndNotFollowed() async throws {
        try await TestIssuer.run { server in
            for status in [HTTPResponseStatus.movedPermanently, .found, .temporaryRedirect, .permanentRedirect] {
                server.answer(
                    TestIssuer.discoveryPath,
                    .answer("", status: status, headers: ["Location": server.url + "/elsewhere?code=secret"]))
                let found = await fault(try server.issuer())?.found
                #expect(
                    found == "\(server.url)\(TestIssuer.discoveryPath) answered \(status.code), "
                        + "a redirect to \"\(server.url)/elsewhere\", where JSON was expected")
            }
            #expect(server.count("/elsewhere") == 0)
        }
    }

    @Test func aPageIsNoDocument() async throws {
        try await TestIssuer.run { server in
            for type in ["text/html; charset=utf-8", "application/json"] {
                server.answer(TestIssuer.discoveryPath, .answer("\n <!DOCTYPE html><p>log in", type: type))
                let found = await fault(try server.issuer())?.found
                #expect(found?.hasSuffix("answered with an HTML page, where JSON was expected") == true)
            }
            server.answer(TestIssuer.discoveryPath, .answer("{}", type: "Text/HTML"))
            #expect(await fault(try server.issuer())?.found.contains("HTML page") == true)
        }
    }

    @Test(arguments: [
        ("", "it is not JSON (byte 0)"), ("{\"issuer\":", "it is not JSON (byte 10)"),
        (#"{"issuer":"a","issuer":"b"}"#, #"it has the member "issuer" twice"#),
        ("[]", "answered with an empty array, where a JSON object was expected"),
        ("\"x\"", "answered with \"x\", where a JSON object was expected"),
    ])
    func whatIsNoJSONObjectIsRefused(body: String, found: String) async throws {
        try await TestIssuer.run { server in
            server.answer(TestIssuer.discoveryPath, .answer(body))
            let error = await fault(try server.issuer())
            #expect(error?.found.hasSuffix(found) == true)
        }
    }

    @Test(arguments: [HTTPResponseStatus.notFound, .forbidden, .internalServerError, .noContent, .tooManyRequests])
    func anotherStatusIsRefused(status: HTTPResponseStatus) async throws {
        try await TestIssuer.run { server in
            server.answer(TestIssuer.discoveryPath, .answer("", status: status))
            let found = await fault(try server.issuer())?.found
            #expect(
                found == "\(server.url)\(TestIssuer.discoveryPath) answered \(status.code), "
                    + "where 200 with JSON was expected")
        }
    }

    @Test func aHugeDocumentIsCutOff() async throws {
        try await TestIssuer.run { server in
            server.answer(TestIssuer.discoveryPath, [.head(.ok, [:]), .filling(64 << 20), .end(nil)])
            let found = await fault(try server.issuer())?.found
            #expect(
                found == "the answer of \(server.url)\(TestIssuer.discoveryPath) is longer than 262144 bytes, "
                    + "where JSON was expected")
        }
    }

    @Test func aSlowDocumentIsNotWaitedFor() async throws {
        try await TestIssuer.run { server in
            let gate = EventGate()
            // What waits is let go at the end: NIO does not allow a promise to be forgotten.
            defer { for _ in 0..<3 { gate.open() } }
            for steps: [ResponseStep] in [
                [.gate(gate)], [.head(.ok, ["Content-Length": "10"]), .gate(gate)],
                [.head(.ok, ["Content-Length": "10"]), .text("{"), .gate(gate)],
            ] {
                server.answer(TestIssuer.discoveryPath, steps)
                let found = await fault(try server.issuer(deadline: .milliseconds(100)))?.found
                #expect(found?.contains("did not answer within") == true, "\(found ?? "")")
            }
        }
    }

    /// What answers with a certificate of somebody else's is somebody else: a captive portal says nothing of the issuer.
    @Test func anIssuerThatCannotBeTrustedHasNotAnswered() async throws {
        let authority = try TestCertificateAuthority()
        let server = try await LoopbackHTTPServer(tls: try authority.serverContext(for: ["127.0.0.1"])) { _ in
            .answer("{}")
        }
        let client = ControlClient(trust: UpstreamTrust(environment: [:]), proxies: try ProxyEnvironment([:]))
        let connection = IssuerConnection(url: server.url, caPath: nil, client: client, deadline: .seconds(10))
        let url = try #require(ControlURL(server.url + "/keys"))
        do throws(IssuerFailure) {
            _ = try await connection.fetch(.keys, at: url)
            Issue.record("it was believed")
        } catch {
            #expect(error.isOutage && error.error.found.contains("cannot be trusted"))
        }
        await client.shutdown()
        await server.close()
    }

    @Test func aFailedFetchIsNotKept() async throws {
        try await TestIssuer.run { server in
            let issuer = try server.issuer()
            server.answer(TestIssuer.discoveryPath, [.abort])
            #expect(await fault(issuer)?.hint == "check the network and the issuer's URL")
            server.answer(TestIssuer.discoveryPath, .answer(JSONValue.object(server.discovery).json))
            #expect(await fault(issuer) == nil)
        }
    }

    @Test func nobodyListeningIsOneClearError() async throws {
        let port = try await LoopbackHTTPServer { _ in [.abort] }
        await port.close()
        try await TestIssuer.run { server in
            let error = await fault(try server.issuer(port.url))
            #expect(
                error?.description == "reading the discovery document of \(port.url): \(port.url)"
                    + "\(TestIssuer.discoveryPath) cannot be reached: Connection refused, where JSON was expected")
        }
    }
}
