import HoopxCore
import HoopxOutbound
import HoopxTestSupport
import Testing

@testable import HoopxCredentials

@Suite struct AnthropicFederationSourceTests {
    private static let audience = "https://api.anthropic.com"
    private let workload = TestWorkload()
    private let settings = AnthropicFederationSettings(
        federationRuleID: "fdrl_01", organizationID: "org-1", serviceAccountID: "svac_01", workspaceID: "wrkspc_01")

    @Test func anIDTokenIsExchangedForAShortLivedOne() async throws {
        try await withService { service, source in
            let start = ContinuousClock.now
            let lease = try await source.lease()
            #expect([lease.token.withValue { $0 }] == service.tokens)
            let took = ContinuousClock.now - start
            let due = try #require(lease.refreshAt) - start
            let end = try #require(lease.expiresAt) - start
            #expect((.seconds(3_480)...(.seconds(3_480) + took)).contains(due))
            #expect((.seconds(3_570)...(.seconds(3_570) + took)).contains(end))
            #expect(
                source.injection
                    == .header(.bearer, listed: [.init(name: "anthropic-beta", value: "oauth-2025-04-20")]))
        }
    }

    @Test func whatIsNotConfiguredIsNotSent() async throws {
        let rule = LoopbackAnthropicFederation.Rule(id: "fdrl_01", organization: "org-1")
        let bare = AnthropicFederationSettings(federationRuleID: "fdrl_01", organizationID: "org-1")
        try await withService(rule: rule, settings: bare) { service, source in
            _ = try await source.lease()
            #expect(service.tokens.count == 1)
        }
    }

    @Test func overTLSTheConfiguredAuthorityVouchesForTheService() async throws {
        let authority = try TestCertificateAuthority()
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let ca = try directory.file("ca.pem", try authority.pem)
        let service = try await service(authority: authority)
        try await withControlClient { client in
            let trusting = try source(service, client, caPath: ca)
            let token = try await trusting.lease().token.withValue { $0 }
            #expect(service.tokens == [token])
            let error = await #expect(throws: HoopxError.self) { try await self.source(service, client).lease() }
            #expect(error?.found.contains("cannot be trusted") == true)
        }
        await service.close()
    }

    @Test func theIdentityIsAskedForTheConfiguredAudience() async throws {
        let identity = TestIdentity { [workload] _ in .success((try? workload.token(audience: Self.audience)) ?? "") }
        try await withService(identity: identity) { _, source in _ = try await source.lease() }
        #expect(identity.audiences == [Self.audience])
    }

    @Test func anIdentityThatEndedIsTheReason() async throws {
        let ended = HoopxError(
            .startup, doing: "refreshing the identity", found: "https://login.example.com says: access was withdrawn")
        try await withService(identity: TestIdentity { _ in .failure(ended) }) { service, source in
            let error = await #expect(throws: HoopxError.self) { try await source.lease() }
            #expect(error == ended)
            #expect(service.requests.isEmpty)
        }
    }

    @Test func aRefusalIsFinalAndShownWithoutTheAssertion() async throws {
        let stranger = TestWorkload()
        let identity = TestIdentity { _ in .success((try? stranger.token(audience: Self.audience)) ?? "") }
        try await withService(identity: identity) { service, source in
            let error = await #expect(throws: HoopxError.self) { try await source.lease() }
            #expect(
                error?.found
                    == "\(service.url)/v1/oauth/token refused it with HTTP status 401: invalid_grant: "
                    + "the signature does not verify")
            #expect(error?.hint?.contains("hoopx whoami") == true)
            #expect(service.requests.count == 1)
        }
    }

    @Test(arguments: [400, 401, 403, 503])
    func aServiceThatRepeatsTheAssertionDoesNotGetItShown(status: Int) async throws {
        try await withService(retryDelays: []) { service, source in
            service.answerNext { request in
                let body = request.text.replacing("\"", with: "'")
                let assertion = String(body.split(separator: "'").first { $0.hasPrefix("eyJ") } ?? "")
                let signature = String(assertion.split(separator: ".").last ?? "")
                return .answer(
                    #"{"error": "\#(assertion)", "error_description": "cannot take \#(body), \#(signature)!","#
                        + #" "error_uri": "https://docs.example.com/?a=\#(signature.prefix(20))", "echo": "\#(body)"}"#,
                    status: .init(statusCode: status))
            }
            let error = await #expect(throws: HoopxError.self) { try await source.lease() }
            let text = try #require(error).description
            let sent = try #require(service.requests.first).text
            let assertion = try #require(sent.split(separator: "\"").first { $0.hasPrefix("eyJ") })
            for start in assertion.indices where assertion[start...].count >= 10 {
                #expect(!text.contains(assertion[start...].prefix(10)))
            }
            #expect(text.contains("***: cannot take"))
            #expect(text.utf8.count < 1_200)
        }
    }

    @Test func onlyWhatMayBeShownIsShown() async throws {
        try await withService { service, source in
            service.answerNext { _ in
                .answer(
                    #"{"type": "error", "error": {"type": "x", "message": "hunter2"}, "detail": "hunter2"}"#,
                    status: .forbidden)
            }
            let error = await #expect(throws: HoopxError.self) { try await source.lease() }
            #expect(error?.found == "\(service.url)/v1/oauth/token refused it with HTTP status 403")
        }
    }

    @Test(arguments: [429, 500, 502, 503, 529])
    func whatPassesByItselfIsTriedAgain(status: Int) async throws {
        try await withService { service, source in
            for _ in 0..<2 {
                service.answerNext { _ in .answer("<html>", status: .init(statusCode: status), type: "text/html") }
            }
            let token = try await source.lease().token.withValue { $0 }
            #expect(service.tokens == [token])
            #expect(service.requests.count == 3)
        }
    }

    @Test func aConnectionThatBreaksIsTriedAgain() async throws {
        try await withService { service, source in
            service.answerNext { _ in [.abort] }
            service.answerNext { _ in [.head(.ok, ["content-length": "10"]), .text("{"), .abort] }
            _ = try await source.lease()
            #expect(service.requests.count == 3)
        }
    }

    @Test func afterThreeAttemptsItIsSaidWhatTheServiceSays() async throws {
        try await withService { service, source in
            for _ in 0..<4 {
                service.answerNext { _ in .answer(#"{"error": "overloaded"}"#, status: .init(statusCode: 529)) }
            }
            let error = await #expect(throws: HoopxError.self) { try await source.lease() }
            #expect(error?.found == "\(service.url)/v1/oauth/token answered with HTTP status 529: overloaded")
            #expect(service.requests.count == 3)
        }
    }

    @Test(arguments: [
        (#"{"access_token": "hunter2", "token_type": "Bearer"}"#, "expires_in"),
        (#"{"access_token": "hunter2", "token_type": "Bearer", "expires_in": 0}"#, "expires_in"),
        (#"{"access_token": "hunter2", "token_type": "Bearer", "expires_in": -1}"#, "expires_in"),
        (#"{"access_token": "hunter2", "token_type": "Bearer", "expires_in": "3600"}"#, "something else than the JSON"),
        (#"{"access_token": "hunter2", "token_type": "DPoP", "expires_in": 3600}"#, "token_type"),
        (#"{"access_token": "hunter2", "expires_in": 3600}"#, "token_type"),
        (#"{"token_type": "Bearer", "expires_in": 3600}"#, "access_token"),
        (#"{"access_token": "hunter2\r\nx: y", "token_type": "bearer", "expires_in": 3600}"#, "it holds blanks"),
        (#"{"access_token": "", "token_type": "bearer", "expires_in": 3600}"#, "it is empty"),
        ("<html>hunter2</html>", "something else than the JSON"), ("", "something else than the JSON"),
        (#"["hunter2"]"#, "something else than the JSON"),
        (String(repeating: "[", count: 100_000), "something else than the JSON"),
    ])
    func anAnswerThatIsNoTokenIsRefusedAndNotRepeated(body: String, found: String) async throws {
        try await withService { service, source in
            service.answerNext { _ in .answer(body) }
            let error = await #expect(throws: HoopxError.self) { try await source.lease() }
            #expect(error?.found.contains(found) == true, "\(String(describing: error))")
            #expect(error?.description.contains("hunter2") == false)
            #expect(service.requests.count == 1)
        }
    }

    @Test func aLifetimeBeyondAllMeasureIsAYear() async throws {
        try await withService { service, source in
            service.answerNext { _ in
                .answer(#"{"access_token": "a", "token_type": "bearer", "expires_in": 1e300}"#)
            }
            let end = try #require(try await source.lease().expiresAt)
            #expect(end < .now + .seconds(366 * 86_400))
        }
    }

    @Test func aHugeAnswerAndARedirectAreRefused() async throws {
        try await withService { service, source in
            service.answerNext { _ in
                [.head(.ok, ["content-length": "\(1 << 30)"]), .filling(1 << 30), .end(nil)]
            }
            let huge = await #expect(throws: HoopxError.self) { try await source.lease() }
            #expect(huge?.found.contains("is longer than 1048576 bytes") == true)
            service.answerNext { _ in .answer("", status: .temporaryRedirect, headers: ["location": "/elsewhere"]) }
            let moved = await #expect(throws: HoopxError.self) { try await source.lease() }
            #expect(moved?.found.contains("answered with HTTP status 307") == true)
            #expect(service.requests.map(\.path) == ["/v1/oauth/token", "/v1/oauth/token"])
        }
    }

    @Test func anAssertionThatIsTooLongIsNotSent() async throws {
        let identity = TestIdentity { [workload] _ in
            .success((try? workload.token(audience: Self.audience, padding: 16_384)) ?? "")
        }
        try await withService(identity: identity) { service, source in
            let error = await #expect(throws: HoopxError.self) { try await source.lease() }
            #expect(error?.found == "the ID token is longer than the 16384 bytes that it takes")
            #expect(service.requests.isEmpty)
        }
    }

    @Test(arguments: [
        "http://api.example.com", "ftp://127.0.0.1", "https://user@api.example.com", "https://api.example.com/?x=y", "",
        "http://127.0.0.1.example.com", "https://api.example.com#x",
    ])
    func aBaseURLWhoseTokensOthersCouldReadIsRefused(url: String) async throws {
        try await withControlClient { client in
            let error = #expect(throws: HoopxError.self) {
                try AnthropicFederationSource(
                    settings, baseURL: url, identity: TestIdentity { _ in .success("") }, client: client)
            }
            #expect(error?.kind == .usage)
        }
    }

    @Test func theSDKsVariablesFillWhatIsNotConfigured() {
        let environment = [
            "ANTHROPIC_FEDERATION_RULE_ID": "fdrl_env", "ANTHROPIC_ORGANIZATION_ID": "org-env",
            "ANTHROPIC_SERVICE_ACCOUNT_ID": "", "ANTHROPIC_WORKSPACE_ID": "wrkspc_env",
        ]
        let variables = AnthropicFederationSettings(environment: environment)
        #expect(
            AnthropicFederationSettings(federationRuleID: "fdrl_01", organizationID: nil).completed(by: variables)
                == AnthropicFederationSettings(
                    federationRuleID: "fdrl_01", organizationID: "org-env", workspaceID: "wrkspc_env"))
        #expect(settings.completed(by: variables) == settings)
    }

    @Test func withoutARuleOrAnOrganizationTheErrorSaysWhatToSet() async throws {
        try await withControlClient { client in
            let error = #expect(throws: HoopxError.self) {
                try AnthropicFederationSource(
                    AnthropicFederationSettings(federationRuleID: "fdrl_01", organizationID: nil),
                    identity: TestIdentity { _ in .success("") }, client: client)
            }
            #expect(error?.found == "the source anthropic_federation has no organization_id")
            #expect(error?.hint == "configure it, or set ANTHROPIC_ORGANIZATION_ID")
        }
    }

    private func service(
        authority: TestCertificateAuthority? = nil, rule: LoopbackAnthropicFederation.Rule? = nil
    ) async throws -> LoopbackAnthropicFederation {
        let tls = try authority?.serverContext(for: ["127.0.0.1"])
        let whole = LoopbackAnthropicFederation.Rule(
            id: "fdrl_01", organization: "org-1", serviceAccount: "svac_01", workspace: "wrkspc_01")
        return try await LoopbackAnthropicFederation(tls: tls, rule: rule ?? whole) { [workload] in
            workload.refusal(of: $0, audience: Self.audience)
        }
    }

    private func source(
        _ service: LoopbackAnthropicFederation, _ client: ControlClient, settings: AnthropicFederationSettings? = nil,
        identity: TestIdentity? = nil, caPath: String? = nil,
        retryDelays: [Duration] = [.milliseconds(1), .milliseconds(1)]
    ) throws -> AnthropicFederationSource {
        let own = TestIdentity { [workload] audience in
            .success((try? workload.token(audience: audience ?? "")) ?? "")
        }
        var source = try AnthropicFederationSource(
            settings ?? self.settings, baseURL: service.url + "/", audience: Self.audience, caPath: caPath,
            identity: identity ?? own, client: client)
        source.service.retryDelays = retryDelays
        return source
    }

    private func withService(
        rule: LoopbackAnthropicFederation.Rule? = nil, settings: AnthropicFederationSettings? = nil,
        identity: TestIdentity? = nil, retryDelays: [Duration] = [.milliseconds(1), .milliseconds(1)],
        _ body: (LoopbackAnthropicFederation, AnthropicFederationSource) async throws -> Void
    ) async throws {
        let service = try await service(rule: rule)
        try await withControlClient { client in
            try await body(
                service,
                try source(service, client, settings: settings, identity: identity, retryDelays: retryDelays))
        }
        await service.close()
    }
}
