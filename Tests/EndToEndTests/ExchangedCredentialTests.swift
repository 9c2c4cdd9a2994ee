import Crypto
import Foundation
import HoopxTestSupport
import Testing

/// Credentials that hoopx gets during the run: what a command prints, and what an ID token is exchanged for.
@Suite struct ExchangedCredentialTests {
    @Test func aCommandsOutputIsTheCredentialAndTheTargetCannotSeeIt() async throws {
        try await HoopxFixture.run { fixture in
            let server = try await fixture.httpServer { .answer("\($0.headers["authorization"])") }
            let secret = "hunter2-\(UUID().uuidString)"
            let program = try program(
                in: fixture, #"echo "{\"token\": \"$GIVEN_SECRET\", \"expires_at\": $(($(date +%s) + 600))}""#)
            let run = try await fixture.shell(
                """
                for i in 1 2; do
                    curl -sS -m 60 https://artifacts.example.com/ -H "Authorization: Bearer $ARTIFACT_TOKEN" > answer
                    wc -c < answer
                    rm answer
                done
                """, configuration: configuration(in: fixture, server, [program, "--json"]),
                environment: ["GIVEN_SECRET": secret])
            let length = "[\"Bearer \(secret)\"]".utf8.count
            #expect(run.stdout == "\(length)\n\(length)\n", "\(run)")
            let session = try await fixture.newestSession()
            let leases = try #require(session.leases)
            #expect(leases.map(\.source) == ["the command \(program)"])
            #expect(session.requests?.map(\.lease) == [leases.first?.id, leases.first?.id])
            try expectNothing(of: secret, in: fixture)
        }
    }

    @Test func whatACommandComplainsOfIsTheUsersToKnowAndNotTheTargets() async throws {
        try await HoopxFixture.run { fixture in
            let server = try await fixture.httpServer { _ in .answer("reached") }
            let program = try program(
                in: fixture, "echo hunter2-0123456789; echo 'run corp-login first, not hunter2-0123456789' >&2; exit 7")
            let run = try await fixture.shell(
                "curl -sS -m 60 https://artifacts.example.com/ -H \"Authorization: Bearer $ARTIFACT_TOKEN\"",
                configuration: configuration(in: fixture, server, [program]))
            #expect(run.stdout.contains("credential_unavailable"), "\(run)")
            #expect(!run.stdout.contains("corp-login"), "\(run)")
            #expect(run.stderr.contains("it exited with status 7, and says: run corp-login first"), "\(run)")
            #expect(!"\(run)".contains("hunter2"))
            #expect(server.requests.isEmpty)
        }
    }

    @Test func aJobsIDTokenIsExchangedForATokenOfTheClaudeAPI() async throws {
        try await HoopxFixture.run { fixture in
            let provider = try await LoopbackIdentityProvider()
            fixture.scope.atEnd { await provider.close() }
            let federation = try await federation(provider, in: fixture)
            let api = try await fixture.httpServer { request in
                let isRight =
                    request.headers["authorization"] == ["Bearer \(federation.tokens.last ?? "")"]
                    && request.headers["x-api-key"].isEmpty
                return .answer(isRight ? "welcome" : "wrong", status: isRight ? .ok : .unauthorized)
            }
            let run = try await fixture.shell(
                """
                for i in 1 2; do
                    curl -sS -m 60 \(Question.url) -H "x-api-key: $ANTHROPIC_API_KEY" -H 'anthropic-beta: context-1m' -d '{}'
                done
                env
                """, configuration: configuration(in: fixture, api, provider, federation),
                environment: provider.jobEnvironment.merging(["ANTHROPIC_ORGANIZATION_ID": "org-1"]) { $1 })
            #expect(run.stdout.hasPrefix("welcomewelcome"), "\(run)")
            let flags = api.requests.map { request in
                request.headers["anthropic-beta"].joined(separator: ",").replacingOccurrences(of: " ", with: "")
            }
            #expect(flags == ["context-1m,oauth-2025-04-20", "context-1m,oauth-2025-04-20"])
            #expect(federation.tokens.count == 1)
            let session = try await fixture.newestSession()
            #expect(session.leases?.map(\.source) == ["the token exchange with \(federation.url)/v1/oauth/token"])
            let assertions = federation.requests.flatMap {
                $0.text.split(separator: "\"").filter { $0.hasPrefix("eyJ") }
            }
            #expect(!assertions.isEmpty)
            for secret in federation.tokens + assertions.map(String.init) {
                #expect(!"\(run)".contains(secret))
                try expectNothing(of: secret, in: fixture)
            }
        }
    }

    @Test func aRefusedExchangeIsTheDenialsReason() async throws {
        try await HoopxFixture.run { fixture in
            let provider = try await LoopbackIdentityProvider()
            fixture.scope.atEnd { await provider.close() }
            let federation = try await federation(provider, in: fixture)
            federation.answerNext { request in
                .answer(
                    #"{"error": "invalid_grant", "error_description": "no rule for "#
                        + request.text.replacingOccurrences(of: "\"", with: "'") + #""}"#, status: .unauthorized)
            }
            let api = try await fixture.httpServer { _ in .answer("reached") }
            let run = try await fixture.shell(
                "curl -sS -m 60 \(Question.url) -H \"x-api-key: $ANTHROPIC_API_KEY\" -d '{}'",
                configuration: configuration(in: fixture, api, provider, federation),
                environment: provider.jobEnvironment.merging(["ANTHROPIC_ORGANIZATION_ID": "org-1"]) { $1 })
            #expect(run.stdout.contains("credential_unavailable"), "\(run)")
            #expect(run.stderr.contains("refused it with HTTP status 401: invalid_grant: no rule for"), "\(run)")
            #expect(!"\(run)".contains("eyJ"))
            #expect(api.requests.isEmpty)
        }
    }

    @Test func aJobsIDTokenIsExchangedForAServiceAccountsTokenOfGoogleCloud() async throws {
        try await HoopxFixture.run { fixture in
            let provider = try await LoopbackIdentityProvider()
            fixture.scope.atEnd { await provider.close() }
            let scope = "https://www.googleapis.com/auth/cloud-platform"
            let pool = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/github"
            let google = try await LoopbackGoogleFederation(
                audience: pool, serviceAccount: "agent@p.iam.gserviceaccount.com", scopes: [scope]
            ) { Self.refusal(of: $0, by: provider, audience: pool) }
            fixture.scope.atEnd { await google.close() }
            let api = try await fixture.httpServer { request in
                let isRight = request.headers["authorization"] == ["Bearer \(google.accountTokens.last ?? "")"]
                return .answer(isRight ? "welcome" : "wrong", status: isRight ? .ok : .unauthorized)
            }
            let run = try await fixture.shell(
                "curl -sS -m 60 https://vertex.example.com/v1 -H \"Authorization: Bearer $VERTEX_TOKEN\" -d '{}'; env",
                configuration: fixture.configuration(
                    """
                    version: 1
                    identity: {provider: github, issuer: "\(provider.issuer)"}
                    connections:
                      vertex:
                        type: http
                        hosts: [vertex.example.com]
                        upstream: \(api.url)
                        credential:
                          source: google_federation
                          audience: "\(pool)"
                          identity_audience: "\(pool)"
                          service_account: agent@p.iam.gserviceaccount.com
                          token_url: \(google.url)/v1/token
                          impersonation_url: \(google.url)
                          placeholder: VERTEX_TOKEN
                    """), environment: provider.jobEnvironment.mapValues { $0 })
            #expect(run.stdout.hasPrefix("welcome"), "\(run)")
            #expect(google.federatedTokens.count == 1 && google.accountTokens.count == 1)
            #expect(try await fixture.newestSession().leases?.count == 1)
            for secret in google.federatedTokens + google.accountTokens {
                #expect(!"\(run)".contains(secret))
                try expectNothing(of: secret, in: fixture)
            }
        }
    }

    private func program(in fixture: HoopxFixture, _ script: String) throws -> String {
        try fixture.directory.file("print-token", "#!/bin/sh\n\(script)\n", mode: 0o700)
    }

    private func configuration(
        in fixture: HoopxFixture, _ server: LoopbackHTTPServer, _ command: [String]
    ) throws -> String {
        try fixture.configuration(
            """
            version: 1
            connections:
              artifacts:
                type: http
                hosts: [artifacts.example.com]
                upstream: \(server.url)
                credential: {source: exec, command: [\(command.joined(separator: ", "))], placeholder: ARTIFACT_TOKEN}
            """)
    }

    /// The rule is configured, the organization comes from the variable of Anthropic's clients.
    private func configuration(
        in fixture: HoopxFixture, _ api: LoopbackHTTPServer, _ provider: LoopbackIdentityProvider,
        _ federation: LoopbackAnthropicFederation
    ) throws -> String {
        try fixture.configuration(
            """
            version: 1
            identity: {provider: github, issuer: "\(provider.issuer)"}
            connections:
              claude:
                type: anthropic
                upstream: \(api.url)
                credential:
                  source: anthropic_federation
                  federation_rule_id: fdrl_01
                  token_url: \(federation.url)
                  audience: https://api.anthropic.com
            """)
    }

    /// Takes what the provider signed for it.
    private func federation(
        _ provider: LoopbackIdentityProvider, in fixture: HoopxFixture
    ) async throws -> LoopbackAnthropicFederation {
        let rule = LoopbackAnthropicFederation.Rule(id: "fdrl_01", organization: "org-1")
        let service = try await LoopbackAnthropicFederation(rule: rule) {
            Self.refusal(of: $0, by: provider, audience: "https://api.anthropic.com")
        }
        fixture.scope.atEnd { await service.close() }
        return service
    }

    /// Why a service would not take an assertion, or nil.
    private static func refusal(
        of assertion: String, by provider: LoopbackIdentityProvider, audience: String
    ) -> String? {
        let parts = assertion.split(separator: ".").map(String.init)
        guard parts.count == 3, let payload = Base64URL.bytes(parts[1]), let signature = Base64URL.bytes(parts[2]),
            let claims = try? JSONSerialization.jsonObject(with: Data(payload)) as? [String: Any]
        else { return "the assertion is no JWT" }
        guard let key = try? P256.Signing.PublicKey(pemRepresentation: provider.signer.publicPEM),
            let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature),
            key.isValidSignature(signature, for: Data("\(parts[0]).\(parts[1])".utf8))
        else { return "the signature does not verify" }
        guard claims["aud"] as? String == audience, claims["iss"] as? String == provider.issuer
        else { return "the issuer or the audience does not match" }
        return nil
    }

    /// Neither the configuration's directory nor the record holds it.
    private func expectNothing(of secret: String, in fixture: HoopxFixture) throws {
        for name in fixture.directory.contents() {
            let contents = FileManager.default.contents(atPath: fixture.directory.path + "/" + name) ?? Data()
            #expect(contents.range(of: Data(secret.utf8)) == nil, "\(name) holds the credential")
        }
    }
}
