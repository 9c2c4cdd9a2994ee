import HoopxCore
import HoopxOutbound
import HoopxTestSupport
import Testing

@testable import HoopxCredentials

@Suite struct GoogleFederationSourceTests {
    private static let provider =
        "//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/pool/providers/oidc"
    private static let account = "agent@acme.iam.gserviceaccount.com"
    private let workload = TestWorkload()

    @Test func anIDTokenIsExchangedForAGoogleToken() async throws {
        try await withService { service, source in
            let start = ContinuousClock.now
            let lease = try await source.lease()
            #expect([lease.token.withValue { $0 }] == service.federatedTokens)
            #expect(service.requests.count == 1)
            let end = try #require(lease.expiresAt) - start
            #expect((.seconds(3_569)...(.seconds(3_569) + (ContinuousClock.now - start))).contains(end))
            #expect(source.injection == .header(.bearer))
        }
    }

    @Test func aServiceAccountsTokenIsGotWithIt() async throws {
        let scopes = [
            "https://www.googleapis.com/auth/cloud-platform", "https://www.googleapis.com/auth/userinfo.email",
        ]
        try await withService(account: Self.account, scopes: scopes) { service, source in
            let start = ContinuousClock.now
            let lease = try await source.lease()
            #expect([lease.token.withValue { $0 }] == service.accountTokens)
            #expect(service.requests.count == 2)
            let end = try #require(lease.expiresAt) - start
            #expect(abs(end / .seconds(1) - 3_570) < 2 + (ContinuousClock.now - start) / .seconds(1))
        }
    }

    @Test func scopesOfTheFederatedIdentityAreAskedForDirectly() async throws {
        try await withService(scopes: ["scope-a", "scope-b"]) { service, source in
            let token = try await source.lease().token.withValue { $0 }
            #expect(service.federatedTokens == [token])
        }
    }

    @Test func aRefusalIsFinalAndShown() async throws {
        let stranger = TestWorkload()
        let identity = TestIdentity { _ in .success((try? stranger.token(audience: Self.provider)) ?? "") }
        try await withService(identity: identity) { service, source in
            let error = await #expect(throws: HoopxError.self) { try await source.lease() }
            #expect(
                error?.found
                    == "\(service.url)/v1/token refused it with HTTP status 400: invalid_grant: "
                    + "the signature does not verify")
            #expect(service.requests.count == 1)
        }
    }

    @Test func aServiceAccountThatMayNotBeUsedIsShownWithGooglesReason() async throws {
        try await withService(account: Self.account) { service, source in
            service.answerNext { _ in
                .answer(#"{"access_token": "ya29.federated", "expires_in": 3599, "token_type": "Bearer"}"#)
            }
            service.answerNext { request in
                let token = request.headers["authorization"].first ?? ""
                return .answer(
                    #"{"error": {"code": 403, "status": "PERMISSION_DENIED", "message": "#
                        + #""Permission 'iam.serviceAccounts.getAccessToken' denied for \#(token)", "details": ["x"]}}"#,
                    status: .forbidden)
            }
            let error = await #expect(throws: HoopxError.self) { try await source.lease() }
            let found = try #require(error?.found)
            #expect(found.contains("PERMISSION_DENIED: Permission 'iam.serviceAccounts.getAccessToken' denied for"))
            #expect(!found.contains("federated"))
        }
    }

    @Test(arguments: [
        (#"{"accessToken": "hunter2"}"#, "expireTime"),
        (#"{"accessToken": "hunter2", "expireTime": "soon"}"#, "expireTime"),
        (#"{"accessToken": "hunter2", "expireTime": "2020-01-01T00:00:00Z"}"#, "expired at 2020-01-01T00:00:00.000Z"),
        (#"{"expireTime": "2200-01-01T00:00:00Z"}"#, "accessToken"),
        (#"{"accessToken": "hunter2\n", "expireTime": "2200-01-01T00:00:00Z"}"#, ""),
        (#"{"accessToken": "hunter2 b", "expireTime": "2200-01-01T00:00:00Z"}"#, "it holds blanks"),
        ("hunter2", "something else than the JSON"),
    ])
    func anAnswerThatIsNoTokenIsRefusedAndNotRepeated(body: String, found: String) async throws {
        try await withService(account: Self.account) { service, source in
            service.answerNext { _ in
                .answer(#"{"access_token": "ya29.federated", "expires_in": 3599, "token_type": "Bearer"}"#)
            }
            service.answerNext { _ in .answer(body) }
            guard !found.isEmpty else {
                _ = try await source.lease()
                return
            }
            let error = await #expect(throws: HoopxError.self) { try await source.lease() }
            #expect(error?.found.contains(found) == true, "\(String(describing: error))")
            #expect(error?.description.contains("hunter2") == false)
        }
    }

    @Test(arguments: [503, 429])
    func eachOfTheTwoIsTriedAgain(status: Int) async throws {
        try await withService(account: Self.account) { service, source in
            service.answerNext { _ in .answer("", status: .init(statusCode: status)) }
            service.answerNext { _ in
                .answer(#"{"access_token": "ya29.federated", "expires_in": 3599, "token_type": "Bearer"}"#)
            }
            service.answerNext { _ in .answer("", status: .init(statusCode: status)) }
            service.answerNext { _ in
                .answer(#"{"accessToken": "hunter2", "expireTime": "2200-01-01T00:00:00Z"}"#)
            }
            let token = try await source.lease().token.withValue { $0 }
            #expect(token == "hunter2")
            #expect(service.requests.count == 4)
        }
    }

    @Test func anIdentityThatEndedIsTheReason() async throws {
        let ended = HoopxError(.startup, doing: "refreshing the identity", found: "access was withdrawn")
        try await withService(identity: TestIdentity { _ in .failure(ended) }) { service, source in
            let error = await #expect(throws: HoopxError.self) { try await source.lease() }
            #expect(error == ended)
            #expect(service.requests.isEmpty)
        }
    }

    @Test func whatIsNoProviderOrNoSafeURLIsRefusedAtOnce() async throws {
        try await withControlClient { client in
            let identity = TestIdentity { _ in .success("") }
            #expect(throws: HoopxError.self) {
                try GoogleFederationSource(audience: "projects/123", identity: identity, client: client)
            }
            #expect(throws: HoopxError.self) {
                try GoogleFederationSource(
                    audience: Self.provider, tokenURL: "http://sts.example.com/v1/token", identity: identity,
                    client: client)
            }
            #expect(throws: HoopxError.self) {
                try GoogleFederationSource(
                    audience: Self.provider, serviceAccount: "a", impersonationURL: "http://iam.example.com",
                    identity: identity, client: client)
            }
        }
    }

    private func withService(
        account: String? = nil, scopes: [String] = [GoogleFederationSource.cloudPlatform],
        identity: TestIdentity? = nil,
        _ body: (LoopbackGoogleFederation, GoogleFederationSource) async throws -> Void
    ) async throws {
        let service = try await LoopbackGoogleFederation(
            audience: Self.provider, serviceAccount: account, scopes: scopes
        ) { [workload] in workload.refusal(of: $0, audience: Self.provider) }
        let own = TestIdentity { [workload] audience in .success((try? workload.token(audience: audience ?? "")) ?? "")
        }
        try await withControlClient { client in
            var source = try GoogleFederationSource(
                audience: Self.provider, serviceAccount: account, scopes: scopes,
                tokenURL: service.url + "/v1/token", impersonationURL: service.url,
                identityAudience: Self.provider, identity: identity ?? own, client: client)
            source.service.retryDelays = [.milliseconds(1), .milliseconds(1)]
            try await body(service, source)
        }
        await service.close()
    }
}
