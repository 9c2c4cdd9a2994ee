import HoopxCore
import HoopxOutbound
import HoopxTestSupport
import NIOHTTP1
import Testing

@testable import HoopxCredentials

struct WebIdentitySourceTests {
    private static let token = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZ2VudCJ9.c2lnbmF0dXJlLW9mLXRoZS10ZXN0"
    private static let now = Timestamp(microseconds: 1_800_000_000_000_000)

    private func run(
        duration: Duration = .seconds(3600), audience: String? = nil,
        identity: ScriptedIdentity = ScriptedIdentity { _ in token },
        _ respond: @escaping LoopbackHTTPServer.Responder,
        _ body: (WebIdentitySource, LoopbackHTTPServer) async throws -> Void
    ) async throws {
        let server = try await LoopbackHTTPServer(respond: respond)
        try await LoopbackClient.run { client in
            var source = try WebIdentitySource(
                roleARN: "arn:aws:iam::123456789012:role/agent", scope: .init(region: "us-east-1", service: "bedrock"),
                sessionName: "agent", duration: duration, endpoint: ControlURL(server.url + "/"), audience: audience,
                identity: identity, client: client.control, now: { Self.now })
            source.client = client.patient()
            try await body(source, server)
        }
        await server.close()
    }

    private static func credentials(
        keyID: String = "ASIAEXAMPLEEXAMPLE00", token: String = "session/token+==",
        expiration: String = "2027-01-15T09:00:00Z"
    ) -> [ResponseStep] {
        .answer(
            """
            <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
              <AssumeRoleWithWebIdentityResult><SubjectFromWebIdentityToken>agent</SubjectFromWebIdentityToken>
                <Credentials><AccessKeyId>\(keyID)</AccessKeyId><SecretAccessKey>secret/key+</SecretAccessKey>
                  <SessionToken>\(token)</SessionToken><Expiration>\(expiration)</Expiration></Credentials>
              </AssumeRoleWithWebIdentityResult>
            </AssumeRoleWithWebIdentityResponse>
            """, type: "text/xml")
    }

    private static func refusal(_ code: String, _ message: String, _ status: HTTPResponseStatus) -> [ResponseStep] {
        .answer(
            "<ErrorResponse><Error><Type>Sender</Type><Code>\(code)</Code><Message>\(message)</Message></Error>"
                + "<RequestId>1</RequestId></ErrorResponse>", status: status, type: "text/xml")
    }

    @Test func theTokenIsExchangedForCredentialsThatAreRenewedFiveMinutesBeforeTheirEnd() async throws {
        try await run({ _ in Self.credentials() }) { source, server in
            let before = ContinuousClock.now
            let lease = try await source.lease()
            guard case .aws(let credentials) = lease.material else {
                Issue.record("not AWS's")
                return
            }
            #expect(credentials.accessKeyID == "ASIAEXAMPLEEXAMPLE00")
            #expect(credentials.secretKey.withValue { $0 } == "secret/key+")
            #expect(credentials.sessionToken.withValue { $0 } == "session/token+==")
            // An hour by the server's word: 2027-01-15T08:00:00Z is now.
            let expiresAt = try #require(lease.expiresAt)
            let refreshAt = try #require(lease.refreshAt)
            #expect(expiresAt >= before + .seconds(3570) && expiresAt < .now + .seconds(3570))
            #expect(expiresAt - refreshAt == .seconds(270))
            #expect(source.injection == .signature(.init(region: "us-east-1", service: "bedrock")))
            let request = try #require(server.requests.first)
            #expect(request.line == "POST /")
            #expect(request.headers["content-type"] == ["application/x-www-form-urlencoded"])
            #expect(
                Set(request.text.split(separator: "&")) == [
                    "Action=AssumeRoleWithWebIdentity", "Version=2011-06-15", "DurationSeconds=3600",
                    "RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fagent", "RoleSessionName=agent",
                    "WebIdentityToken=\(Self.token)",
                ])
        }
    }

    @Test(arguments: [nil, "sts.amazonaws.com"])
    func theTokenIsForTheConfiguredAudience(audience: String?) async throws {
        let identity = ScriptedIdentity { _ in Self.token }
        try await run(audience: audience, identity: identity, { _ in Self.credentials() }) { source, _ in
            _ = try await source.lease()
            #expect(identity.audiences == [audience])
        }
    }

    @Test func aClockThatIsBehindDoesNotMakeCredentialsLastLonger() async throws {
        try await run({ _ in Self.credentials(expiration: "2027-02-15T09:00:00.123456Z") }) { source, _ in
            let lease = try await source.lease()
            let expiresAt = try #require(lease.expiresAt)
            #expect(expiresAt < .now + .seconds(3600))
        }
    }

    @Test func aPassingTroubleIsTriedAgain() async throws {
        let answers = Answers([
            .answer("busy", status: .serviceUnavailable), Self.refusal("IDPCommunicationError", "later", .badRequest),
            Self.credentials(),
        ])
        try await run({ _ in answers.next() }) { source, server in
            _ = try await source.lease()
            #expect(server.requests.count == 3)
        }
    }

    @Test(arguments: [
        ("AccessDenied", HTTPResponseStatus.forbidden, "trust policy"),
        ("InvalidIdentityToken", .badRequest, "OIDC identity provider"),
        ("ExpiredTokenException", .badRequest, "clock"),
        ("ValidationError", .badRequest, "role_arn"),
    ])
    func aRefusalSaysWhyAndWhatToDoWithoutTheToken(
        code: String, status: HTTPResponseStatus, hint: String
    ) async throws {
        try await run({ _ in Self.refusal(code, "no: \(Self.token) &lt;\u{1b}", status) }) { source, server in
            let error = await #expect(throws: HoopxError.self) { try await source.lease() }
            #expect(error?.found == "it refused with \(code): no: *** <")
            #expect(error?.hint?.contains(hint) ?? false)
            #expect(error?.doing.contains("arn:aws:iam::123456789012:role/agent") ?? false)
            #expect(server.requests.count == 1)
        }
    }

    @Test(arguments: [
        (HTTPResponseStatus.ok, "<html>login</html>"), (.ok, "{}"), (.badRequest, "<html/>"), (.ok, ""),
        (.movedPermanently, ""),
    ])
    func anAnswerThatIsNotSTSsIsRefused(status: HTTPResponseStatus, body: String) async throws {
        try await run({ _ in .answer(body, status: status, type: "text/html") }) { source, _ in
            let error = await #expect(throws: HoopxError.self) { try await source.lease() }
            #expect(error?.hint == "see that sts_endpoint leads to AWS STS", "\(error?.description ?? "")")
        }
    }

    @Test func credentialsThatCouldForgeAHeaderOrHaveExpiredAreRefused() async throws {
        for answer in [
            Self.credentials(keyID: "ASIA, Signature=00000"), Self.credentials(token: "a\r\nb: c"),
            Self.credentials(token: ""), Self.credentials(expiration: "2027-01-15T08:00:10Z"),
            Self.credentials(expiration: "soon"),
        ] {
            try await run({ _ in answer }) { source, _ in
                await #expect(throws: HoopxError.self) { try await source.lease() }
            }
        }
    }

    @Test func withoutAnIdentityNothingIsAsked() async throws {
        let identity = ScriptedIdentity { _ in Self.token }
        identity.end()
        try await run(identity: identity, { _ in Self.credentials() }) { source, server in
            let error = await #expect(throws: HoopxError.self) { try await source.lease() }
            #expect(error?.found == "the identity has ended")
            #expect(server.connectionCount == 0)
        }
    }

    @Test func theEndpointIsTheRegionsAndWhatIsNoRegionIsRefused() async throws {
        try await LoopbackClient.run { client in
            for region in ["us-east-1.evil.example", "US", "", "a/b", "us east"] {
                #expect(throws: HoopxError.self) {
                    try WebIdentitySource(
                        roleARN: "a", scope: .init(region: region, service: "s3"), sessionName: "x",
                        identity: ScriptedIdentity { _ in "" }, client: client.control)
                }
            }
        }
    }

    @Test(arguments: [("alice@example.com", "alice@example.com"), ("repo:o/r ä", "repo-o-r---"), ("", "hoopx")])
    func aSessionNameHasOnlyWhatSTSTakes(text: String, name: String) {
        #expect(WebIdentitySource.sessionName(from: text) == name)
        #expect(WebIdentitySource.sessionName(from: String(repeating: text, count: 50)).utf8.count <= 64)
    }

    @Test func motoGivesCredentialsOfARole() async throws {
        let moto = try await MotoServer()
        defer { moto.stop() }
        let role = try await moto.makeRole("agent")
        try await LoopbackClient.run { client in
            let source = try WebIdentitySource(
                roleARN: role, scope: .init(region: "us-east-1", service: "bedrock"), sessionName: "agent",
                duration: .seconds(900), endpoint: ControlURL(moto.url), identity: ScriptedIdentity { _ in Self.token },
                client: client.control)
            let lease = try await source.lease()
            guard case .aws(let credentials) = lease.material else {
                Issue.record("not AWS's")
                return
            }
            #expect(credentials.accessKeyID.hasPrefix("ASIA"))
            let expiresAt = try #require(lease.expiresAt)
            #expect(expiresAt > .now + .seconds(800) && expiresAt < .now + .seconds(900))
        }
    }
}
