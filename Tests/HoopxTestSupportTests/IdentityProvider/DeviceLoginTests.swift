import HoopxTestSupport
import Testing

/// RFC 8628 as the loopback provider has it.
@Suite struct DeviceLoginTests {
    @Test func aLoginIsPendingUntilThePersonHasDecidedOnThePage() async throws {
        let clock = TestClock()
        try await withProvider(clock: clock) { questions in
            let code = try await questions.start()
            #expect(try await questions.poll(code.device).error == "authorization_pending")
            // As a person types it.
            let typed = code.user.lowercased().replacing("-", with: " ")
            let page = try await questions.post(
                .devicePage, ["user_code": typed, "user": "alice", "action": "approve"])
            #expect(page.status == 200)
            clock.advance(by: 5)
            let tokens = try await questions.poll(code.device)
            #expect(tokens.status == 200)
            #expect(tokens.body["id_token"] != nil)
            #expect(tokens.body["token_type"] == "Bearer")
        }
    }

    @Test func thePageTakesNoUnknownCodeAndNoUserWhoMayNotLogIn() async throws {
        try await withProvider { questions in
            let code = try await questions.start()
            let unknown = try await questions.post(
                .devicePage, ["user_code": "BBBB-BBBB", "user": "alice", "action": "approve"])
            #expect(unknown.status == 400)
            questions.provider.deprovision("alice")
            let gone = try await questions.post(
                .devicePage, ["user_code": code.user, "user": "alice", "action": "approve"])
            #expect(gone.status == 403)
            #expect(try await questions.poll(code.device).error == "authorization_pending")
        }
    }

    @Test func aPollThatComesTooEarlyAddsFiveSecondsToTheInterval() async throws {
        let clock = TestClock()
        try await withProvider(clock: clock) { questions in
            let code = try await questions.start()
            #expect(try await questions.poll(code.device).error == "authorization_pending")
            clock.advance(by: 4.9)
            #expect(try await questions.poll(code.device).error == "slow_down")
            clock.advance(by: 9.9)
            #expect(try await questions.poll(code.device).error == "slow_down")
            clock.advance(by: 15)
            #expect(try await questions.poll(code.device).error == "authorization_pending")
        }
    }

    @Test func slowDownCanBeOrdered() async throws {
        try await withProvider({ ($0.slowDowns, $0.enforcesInterval) = (1, false) }) { questions in
            let code = try await questions.start()
            #expect(try await questions.poll(code.device).error == "slow_down")
            #expect(try await questions.poll(code.device).error == "authorization_pending")
        }
    }

    @Test func aDeniedLoginGetsNoToken() async throws {
        try await withProvider { questions in
            let code = try await questions.start()
            try questions.provider.deny(code.user)
            #expect(try await questions.poll(code.device).error == "access_denied")
        }
    }

    @Test func aLoginEndsWithItsTime() async throws {
        let clock = TestClock()
        try await withProvider(clock: clock) { questions in
            let code = try await questions.start()
            clock.advance(by: 600)
            #expect(throws: TestSupportError.self) { try questions.provider.approve(code.user) }
            #expect(try await questions.poll(code.device).error == "expired_token")
            let other = try await questions.start()
            try questions.provider.expire(other.user)
            #expect(try await questions.poll(other.device).error == "expired_token")
        }
    }

    @Test func aDeviceCodeIsGoodOnceAndForItsClientOnly() async throws {
        let clients = [ProviderClient("hoopx"), ProviderClient("other")]
        try await withProvider(clients: clients, { $0.enforcesInterval = false }) { questions in
            let code = try await questions.start()
            try questions.provider.approve(code.user)
            #expect(try await questions.poll(code.device, client: "other").error == "invalid_grant")
            #expect(try await questions.poll("unknown").error == "invalid_grant")
            #expect(try await questions.poll(code.device).status == 200)
            #expect(try await questions.poll(code.device).error == "invalid_grant")
        }
    }

    @Test func scriptsPlayThePerson() async throws {
        try await withProvider({ $0.enforcesInterval = false }) { questions in
            questions.provider.configure { $0.script = .approve(subject: "alice", afterPolls: 2) }
            let code = try await questions.start()
            #expect(try await questions.poll(code.device).error == "authorization_pending")
            #expect(try await questions.poll(code.device).error == "authorization_pending")
            #expect(try await questions.poll(code.device).status == 200)
            questions.provider.configure { $0.script = .deny() }
            #expect(try await questions.poll(questions.start().device).error == "access_denied")
        }
    }

    @Test(arguments: [nil, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl", "short"])
    func aLoginWithAChallengeGetsNoTokenForAnotherVerifier(_ verifier: String?) async throws {
        try await withProvider({ $0.enforcesInterval = false }) { questions in
            let code = try await questions.start(challenge: OAuthQuestions.challenge)
            try questions.provider.approve(code.user)
            #expect(try await questions.poll(code.device, verifier: verifier).error == "invalid_grant")
            #expect(try await questions.poll(code.device, verifier: OAuthQuestions.verifier).status == 200)
        }
    }

    @Test func aVerifierWithoutAChallengeIsRefused() async throws {
        try await withProvider { questions in
            let code = try await questions.start()
            try questions.provider.approve(code.user)
            #expect(try await questions.poll(code.device, verifier: OAuthQuestions.verifier).error == "invalid_grant")
        }
    }

    @Test func theChallengeIsAnSHA256AndWhereItIsRequiredNotLeftOut() async throws {
        try await withProvider({ $0.requiresPKCE = true }) { questions in
            let without = try await questions.post(.deviceAuthorization, ["client_id": "hoopx", "scope": "openid"])
            #expect(without.error == "invalid_request")
            let plain = try await questions.post(
                .deviceAuthorization,
                [
                    "client_id": "hoopx", "code_challenge": OAuthQuestions.challenge,
                    "code_challenge_method": "plain",
                ])
            #expect(plain.error == "invalid_request")
            let short = try await questions.post(
                .deviceAuthorization,
                ["client_id": "hoopx", "code_challenge": "abcd", "code_challenge_method": "S256"])
            #expect(short.error == "invalid_request")
        }
    }

    @Test func theIntervalAndTheCompleteURICanBeLeftOut() async throws {
        try await withProvider({ ($0.announcesInterval, $0.sendsCompleteURI) = (false, false) }) { questions in
            let answer = try await questions.post(.deviceAuthorization, ["client_id": "hoopx", "scope": "openid"])
            #expect(answer.body["interval"] == nil)
            #expect(answer.body["verification_uri_complete"] == nil)
            #expect(answer.body["verification_uri"]?.string == questions.provider.issuer + "/device")
        }
    }
}
