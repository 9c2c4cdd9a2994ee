import Foundation
import HoopxTestSupport
import Testing

/// Credentials that OpenBao and AWS (moto) give for the session's ID token.
@Suite struct VaultAndAWSTests {
    @Test func aKeptSecretOfVaultIsSentAndNotShown() async throws {
        try await HoopxFixture.run { fixture in
            let (provider, bao) = try await services(fixture)
            try await bao.root("POST", "secret/data/agent/api", ["data": ["key": "kept-in-the-vault"]])
            let server = try await fixture.httpServer { .answer("\($0.headers["x-key"])") }
            let run = try await fixture.shell(
                "env; curl -sS -m 60 https://api.example.com/ -H \"Authorization: Bearer $API_KEY\" -d x",
                configuration: configuration(
                    fixture, provider, upstream: server.url,
                    credential: """
                        {source: vault, address: "\(bao.url)", role: agent, path: secret/data/agent/api, field: key,
                         audience: vault, header: X-Key, placeholder: API_KEY}
                        """), environment: environment(provider))
            #expect(run.stdout.hasSuffix(#"["kept-in-the-vault"]"#), "\(run)")
            #expect(run.stdout.ranges(of: "kept-in-the-vault").count == 1)
            let session = try await fixture.newestSession()
            #expect(session.leases?.map(\.source) == ["secret/data/agent/api of \(bao.url)"])
            #expect(session.requests?.map(\.lease) == session.leases?.map(\.id))
        }
    }

    @Test func aSecretThatVaultMadeIsRevokedWithTheSession() async throws {
        try await HoopxFixture.run { fixture in
            let (provider, bao) = try await services(fixture)
            let rabbit = try await LoopbackRabbit(bao, ttl: 600, maximum: 3600)
            fixture.scope.atEnd { await rabbit.close() }
            let server = try await fixture.httpServer { request in
                .answer("\(rabbit.users.count) \(request.headers["authorization"].first?.count ?? 0)")
            }
            let run = try await fixture.shell(
                "curl -sS -m 60 https://api.example.com/ -H \"Authorization: Bearer $API_KEY\" -d x",
                configuration: configuration(
                    fixture, provider, upstream: server.url,
                    credential: """
                        {source: vault, address: "\(bao.url)", role: agent, path: rabbitmq/creds/reader,
                         field: password, audience: vault, placeholder: API_KEY}
                        """), environment: environment(provider))
            #expect(run.exit == .status(0) && run.stdout.hasPrefix("1 ") && !run.stdout.hasSuffix(" 0"), "\(run)")
            try await eventually("Vault to take the user away") { rabbit.users.isEmpty }
            #expect(try await fixture.newestSession().leases?.map(\.ending) == ["revoked"])
        }
    }

    @Test func aSecretThatVaultDoesNotTakeBackIsRecordedAsThat() async throws {
        try await HoopxFixture.run { fixture in
            let (provider, bao) = try await services(fixture)
            let rabbit = try await LoopbackRabbit(bao, ttl: 600, maximum: 3600)
            fixture.scope.atEnd { await rabbit.close() }
            let server = try await fixture.httpServer { _ in .answer("welcome") }
            let configuration = try configuration(
                fixture, provider, upstream: server.url,
                credential: """
                    {source: vault, address: "\(bao.url)", role: agent, path: rabbitmq/creds/reader,
                     field: password, audience: vault, placeholder: API_KEY}
                    """)
            let question = "curl -sS -m 60 https://api.example.com/ -H \"Authorization: Bearer $API_KEY\" -d x; cat"
            let run = try fixture.start(
                ["run", "--config", configuration, "--", "/bin/sh", "-c", question], environment: environment(provider))
            try await eventually("the answer: \(run.stderr)") { run.stdout == "welcome" }
            bao.stop()
            run.closeInput()
            #expect(try await run.finish().exit == .status(0))
            #expect(try await fixture.newestSession().leases?.map(\.ending) == ["revocation_failed"])
        }
    }

    @Test func aRoleOfVaultThatTheIdentityHasNotIsTheDenialsReason() async throws {
        try await HoopxFixture.run { fixture in
            let (provider, bao) = try await services(fixture)
            let server = try await fixture.httpServer { _ in .answer("reached") }
            let run = try await fixture.shell(
                "curl -sS -m 60 https://api.example.com/ -H \"Authorization: Bearer $API_KEY\" -d x",
                configuration: configuration(
                    fixture, provider, upstream: server.url,
                    credential: """
                        {source: vault, address: "\(bao.url)", role: agent, path: secret/data/agent/api,
                         audience: another, placeholder: API_KEY}
                        """), environment: environment(provider))
            #expect(run.stdout.contains("credential_unavailable") && run.stderr.contains("bound_audiences"), "\(run)")
            #expect(!"\(run)".contains("eyJ") && server.requests.isEmpty)
        }
    }

    @Test func boto3InsideTalksToABedrockThatChecksSignatures() async throws {
        try await HoopxFixture.run { fixture in
            let provider = try await LoopbackIdentityProvider()
            let moto = try await MotoServer()
            fixture.scope.atEnd {
                moto.stop()
                await provider.close()
            }
            let role = try await moto.makeRole("agent")
            // The token exchange is what passes without a signature.
            try await moto.checkSignatures(after: 1)
            let configuration = try configuration(
                fixture, provider, host: "bedrock-runtime.us-east-1.amazonaws.com", upstream: moto.url,
                credential: """
                    {source: aws_web_identity, role_arn: "\(role)", region: us-east-1, sts_endpoint: "\(moto.url)"}
                    """)
            let run = try await fixture.run(
                [
                    try ServicePrograms.python(), try ServicePrograms.client("aws_client.py"), "bedrock",
                    "https://bedrock-runtime.us-east-1.amazonaws.com",
                ], configuration: configuration,
                environment: environment(provider).merging(
                    ["AWS_PROFILE": "company", "AWS_ACCESS_KEY_ID": "AKIAOFTHEUSER", "AWS_SECRET_ACCESS_KEY": "own"]
                ) { $1 })
            #expect(run.stdout == #"{"status": 200}"# + "\n", "\(run)")
            let session = try await fixture.newestSession()
            #expect(session.leases?.map(\.source) == ["AWS STS for the role \(role)"])
            #expect(session.requests?.map(\.credential) == ["injected"])
        }
    }

    /// A job with an identity, and an OpenBao that fetches the keys of its provider.
    private func services(_ fixture: HoopxFixture) async throws -> (LoopbackIdentityProvider, OpenBaoServer) {
        let provider = try await LoopbackIdentityProvider()
        let bao = try await OpenBaoServer()
        fixture.scope.atEnd {
            bao.stop()
            await provider.close()
        }
        try await bao.root("POST", "sys/auth/jwt", ["type": "jwt"])
        try await bao.root("POST", "auth/jwt/config", ["oidc_discovery_url": provider.issuer])
        let rules = """
            path "secret/data/agent/*" { capabilities = ["read"] }
            path "rabbitmq/creds/*" { capabilities = ["read"] }
            """
        try await bao.root("POST", "sys/policies/acl/agent", ["policy": rules])
        try await bao.root(
            "POST", "auth/jwt/role/agent",
            [
                "role_type": "jwt", "user_claim": "sub", "bound_audiences": ["vault"],
                "bound_claims": ["repository": "octo-org/octo-repo"], "token_policies": ["agent"],
            ])
        return (provider, bao)
    }

    private func environment(_ provider: LoopbackIdentityProvider) -> [String: String?] {
        provider.jobEnvironment.mapValues { $0 }
    }

    private func configuration(
        _ fixture: HoopxFixture, _ provider: LoopbackIdentityProvider, host: String = "api.example.com",
        upstream: String, credential: String
    ) throws -> String {
        try fixture.configuration(
            """
            version: 1
            identity: {provider: github, issuer: "\(provider.issuer)"}
            connections:
              api:
                type: http
                hosts: [\(host)]
                upstream: \(upstream)
                credential: \(credential.replacingOccurrences(of: "\n", with: " "))
            """)
    }
}
