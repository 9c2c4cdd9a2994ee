import HoopxTestSupport
import Testing

/// Refresh, revocation and client authentication of the loopback provider.
@Suite struct TokenEndpointTests {
    @Test func aRefreshGivesNewTokensAndEndsTheOldOne() async throws {
        try await withProvider { questions in
            let first = try #require(try await questions.login()["refresh_token"]?.string)
            let answer = try await questions.refresh(first)
            #expect(answer.body["id_token"] != nil)
            let second = try #require(answer.body["refresh_token"]?.string)
            #expect(questions.provider.isLive(refreshToken: second))
            #expect(!questions.provider.isLive(refreshToken: first))
        }
    }

    @Test func aRefreshTokenThatIsUsedAgainEndsTheWholeLogin() async throws {
        try await withProvider { questions in
            let first = try #require(try await questions.login()["refresh_token"]?.string)
            let second = try #require(try await questions.refresh(first).body["refresh_token"]?.string)
            #expect(try await questions.refresh(first).error == "invalid_grant")
            #expect(try await questions.refresh(second).error == "invalid_grant")
            #expect(questions.provider.liveLoginCount == 0)
        }
    }

    @Test func withoutRotationARefreshTokenStays() async throws {
        try await withProvider({ ($0.rotatesRefreshTokens, $0.refreshReturnsIDToken) = (false, false) }) { questions in
            let token = try #require(try await questions.login()["refresh_token"]?.string)
            let answer = try await questions.refresh(token)
            #expect(answer.body["refresh_token"] == nil)
            #expect(answer.body["id_token"] == nil)
            #expect(try await questions.refresh(token).status == 200)
        }
    }

    @Test func aUserWhoLeftGetsNothingMore() async throws {
        try await withProvider { questions in
            let token = try #require(try await questions.login()["refresh_token"]?.string)
            let code = try await questions.start()
            try questions.provider.approve(code.user)
            questions.provider.deprovision("alice")
            #expect(try await questions.refresh(token).error == "invalid_grant")
            #expect(try await questions.poll(code.device).error == "invalid_grant")
        }
    }

    @Test func aRefreshTokenEndsWithItsTime() async throws {
        let clock = TestClock()
        try await withProvider(clock: clock) { questions in
            let token = try #require(try await questions.login()["refresh_token"]?.string)
            clock.advance(by: 86_400)
            #expect(try await questions.refresh(token).error == "invalid_grant")
        }
    }

    @Test func revocationEndsTheLoginAndUnknownTokensAreAsGoodAsRevoked() async throws {
        let clients = [ProviderClient("hoopx"), ProviderClient("other")]
        try await withProvider(clients: clients) { questions in
            let token = try #require(try await questions.login()["refresh_token"]?.string)
            let other = try await questions.post(.revocation, ["client_id": "other", "token": token])
            #expect(other.error == "invalid_grant")
            #expect(questions.provider.isLive(refreshToken: token))
            #expect(try await questions.refresh(token, client: "other").error == "invalid_grant")
            #expect(try await questions.post(.revocation, ["client_id": "hoopx", "token": "x"]).status == 200)
            #expect(try await questions.post(.revocation, ["client_id": "hoopx", "token": token]).status == 200)
            #expect(try await questions.refresh(token).error == "invalid_grant")
            #expect(try await questions.post(.revocation, ["client_id": "hoopx"]).error == "invalid_request")
        }
    }

    @Test func aClientIsKnownAndBringsItsSecretInTheBody() async throws {
        try await withProvider(clients: [ProviderClient("confidential", secret: "s3cret/+=")]) { questions in
            for endpoint in [ProviderEndpoint.deviceAuthorization, .token, .revocation] {
                let grant = ["grant_type": "refresh_token", "token": "x", "refresh_token": "x"] as KeyValuePairs
                let words = grant.flatMap { ["-d", "\($0.key)=\($0.value)"] }
                for client in [["nobody"], ["confidential"], ["confidential", "-d", "client_secret=wrong"]] {
                    let answer = try await questions.ask(
                        endpoint, words + ["-d", "client_id=" + client[0]] + client[1...])
                    #expect(answer.status == 401 && answer.error == "invalid_client", "\(endpoint) \(client)")
                }
                let anonymous = try await questions.ask(endpoint, words)
                #expect(anonymous.error == "invalid_request", "\(endpoint)")
                let basic = try await questions.ask(
                    endpoint, words + ["-d", "client_id=confidential", "-u", "confidential:s3cret/+="])
                #expect(basic.error == "invalid_client", "\(endpoint)")
            }
            let good = try await questions.post(
                .deviceAuthorization,
                ["client_id": "confidential", "client_secret": "s3cret/+=", "scope": "openid"])
            #expect(good.status == 200)
        }
    }

    @Test func otherGrantsMissingAndRepeatedParametersAreRefused() async throws {
        try await withProvider { questions in
            let password = try await questions.post(.token, ["client_id": "hoopx", "grant_type": "password"])
            #expect(password.error == "unsupported_grant_type")
            #expect(try await questions.post(.token, ["client_id": "hoopx"]).error == "invalid_request")
            let codeless = try await questions.post(
                .token, ["client_id": "hoopx", "grant_type": OAuthQuestions.deviceGrant])
            #expect(codeless.error == "invalid_request")
            let repeated = try await questions.post(
                .token, ["client_id": "hoopx", "client_id": "hoopx", "grant_type": "refresh_token"])
            #expect(repeated.error == "invalid_request")
            let json = try await questions.ask(
                .token, ["-H", "content-type: application/json", "-d", #"{"client_id":"hoopx"}"#])
            #expect(json.error == "invalid_request")
            #expect(try await questions.ask(.token, query: "?client_id=hoopx").status == 405)
        }
    }

    @Test func aScopeDecidesWhatComesAndAnUnknownOneIsRefused() async throws {
        try await withProvider { questions in
            let unknown = try await questions.post(.deviceAuthorization, ["client_id": "hoopx", "scope": "openid x"])
            #expect(unknown.error == "invalid_scope")
            let online = try await questions.login(scope: "openid email")
            #expect(online["id_token"] != nil && online["refresh_token"] == nil)
            let plain = try await questions.login(scope: "offline_access")
            let token = try #require(plain["refresh_token"]?.string)
            #expect(plain["id_token"] == nil)
            let wider = try await questions.post(
                .token,
                ["grant_type": "refresh_token", "client_id": "hoopx", "refresh_token": token, "scope": "openid"])
            #expect(wider.error == "invalid_scope")
        }
    }

    @Test func anAnswerThatIsLostHasRotatedTheRefreshToken() async throws {
        try await withProvider { questions in
            let token = try #require(try await questions.login()["refresh_token"]?.string)
            questions.provider.setFault(.dropAnswer, at: .token, times: 1)
            #expect(try await questions.refresh(token).status == 0)
            #expect(!questions.provider.isLive(refreshToken: token))
            #expect(questions.provider.liveLoginCount == 1)
        }
    }
}
