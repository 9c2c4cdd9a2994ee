import Foundation
import HoopxCore
import HoopxTestSupport
import NIOHTTP1
import Testing

@testable import HoopxCredentials

/// Against a real OpenBao.
struct VaultSourceTests {
    private struct Setting {
        let bao: OpenBaoServer
        let tokens: TestIdentityToken
        let client: LoopbackClient
        let identity: ScriptedIdentity

        func source(
            path: String, field: String = "token", role: String = "agent", mount: String = "jwt",
            namespace: String? = nil, audience: String? = nil
        ) throws -> VaultSource {
            try VaultSource(
                address: bao.url, namespace: namespace, authMount: mount, role: role, path: path, field: field,
                header: .bearer, audience: audience, identity: identity, client: client.patient())
        }

        /// How many tokens there are, those of root's not counted.
        func tokenCount() async throws -> Int {
            let answer = try await bao.ask("LIST", "auth/token/accessors")
            let keys = try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any]
            return ((keys?["data"] as? [String: Any])?["keys"] as? [String] ?? []).count - 1
        }
    }

    private func run(tokenTTL: String = "1h", _ body: (Setting) async throws -> Void) async throws {
        let bao = try await OpenBaoServer()
        defer { bao.stop() }
        let tokens = TestIdentityToken()
        try await bao.root("POST", "sys/auth/jwt", ["type": "jwt"])
        try await bao.root(
            "POST", "auth/jwt/config",
            ["jwt_validation_pubkeys": [tokens.publicKeyPEM], "bound_issuer": tokens.issuer])
        let rules = """
            path "secret/data/agent/*" { capabilities = ["read"] }
            path "rabbitmq/creds/*" { capabilities = ["read"] }
            """
        try await bao.root("POST", "sys/policies/acl/agent", ["policy": rules])
        try await bao.root(
            "POST", "auth/jwt/role/agent",
            [
                "role_type": "jwt", "user_claim": "sub", "bound_audiences": ["vault"], "bound_subject": "agent",
                "token_policies": ["agent"], "token_ttl": tokenTTL,
            ])
        try await LoopbackClient.run { client in
            let identity = ScriptedIdentity { try tokens.make(subject: "agent", audience: $0 ?? "vault") }
            try await body(Setting(bao: bao, tokens: tokens, client: client, identity: identity))
        }
    }

    @Test func aKeptSecretIsReadWithALoginThatEndsAtOnce() async throws {
        try await run { setting in
            try await setting.bao.root(
                "POST", "secret/data/agent/key%20one", ["data": ["token": "kept-secret", "n": "x"]])
            let source = try setting.source(path: "secret/data/agent/key one")
            let lease = try await source.lease()
            #expect(lease.token.withValue { $0 } == "kept-secret")
            let refreshAt = try #require(lease.refreshAt)
            #expect(refreshAt > .now + .seconds(290) && refreshAt < .now + .seconds(301))
            #expect(try await setting.tokenCount() == 0, "no login is left")
            // A new version is there at the next lease.
            try await setting.bao.root("POST", "secret/data/agent/key%20one", ["data": ["token": "second"]])
            #expect(try await source.renew(lease) == nil)
            let second = try await source.lease()
            #expect(second.token.withValue { $0 } == "second")
            let isRevoked = try await source.revoke(lease)
            #expect(!isRevoked, "what Vault keeps stays good")
        }
    }

    @Test func aSecretThatVaultMakesIsProlongedAndRevoked() async throws {
        try await run { setting in
            let rabbit = try await LoopbackRabbit(setting.bao, ttl: 120, maximum: 3600)
            let source = try setting.source(path: "rabbitmq/creds/reader", field: "password")
            let lease = try await source.lease()
            #expect(rabbit.users.count == 1)
            #expect(lease.token.withValue { !$0.isEmpty })
            let expiresAt = try #require(lease.expiresAt)
            let refreshAt = try #require(lease.refreshAt)
            #expect(expiresAt > .now + .seconds(100) && expiresAt <= .now + .seconds(110))
            #expect(expiresAt - refreshAt == .seconds(40))

            try await eventually("a second to be gained") { ContinuousClock.now > expiresAt - .seconds(108) }
            let renewed = try #require(try await source.renew(lease))
            #expect(renewed.id == lease.id && rabbit.users.count == 1)
            #expect(renewed.token.withValue { $0 } == lease.token.withValue { $0 })
            let laterEnd = try #require(renewed.expiresAt)
            #expect(laterEnd > expiresAt)

            let isRevoked = try await source.revoke(renewed)
            #expect(isRevoked)
            try await eventually("Vault to take the user away") { rabbit.users.isEmpty }
            #expect(try await setting.tokenCount() == 0)
            let isRevokedAgain = try await source.revoke(renewed)
            #expect(!isRevokedAgain)
            await rabbit.close()
        }
    }

    @Test func aSecretEndsWithTheLoginThatItWasMadeFor() async throws {
        try await run(tokenTTL: "60s") { setting in
            let rabbit = try await LoopbackRabbit(setting.bao, ttl: 3600, maximum: 7200)
            let source = try setting.source(path: "rabbitmq/creds/reader", field: "password")
            let lease = try await source.lease()
            let expiresAt = try #require(lease.expiresAt)
            #expect(expiresAt <= .now + .seconds(60))
            await rabbit.close()
        }
    }

    @Test func whatCannotBeProlongedFurtherIsGotAnew() async throws {
        try await run { setting in
            let rabbit = try await LoopbackRabbit(setting.bao, ttl: 60, maximum: 60)
            let source = try setting.source(path: "rabbitmq/creds/reader", field: "password")
            let lease = try await source.lease()
            #expect(try await source.renew(lease) == nil, "the lease has its greatest age")
            let second = try await source.lease()
            try await setting.bao.root("PUT", "sys/leases/revoke-force/rabbitmq")
            #expect(try await source.renew(second) == nil, "the lease was revoked by somebody else")
            await rabbit.close()
        }
    }

    @Test func anIdentityThatHasEndedProlongsNothing() async throws {
        try await run { setting in
            let rabbit = try await LoopbackRabbit(setting.bao, ttl: 120, maximum: 3600)
            let source = try setting.source(path: "rabbitmq/creds/reader", field: "password")
            let lease = try await source.lease()
            setting.identity.end()
            let error = await #expect(throws: HoopxError.self) { try await source.renew(lease) }
            #expect(error?.found == "the identity has ended")
            await #expect(throws: HoopxError.self) { try await source.lease() }
            let isRevoked = try await source.revoke(lease)
            #expect(isRevoked, "it is revoked all the same")
            try await eventually("Vault to take the user away") { rabbit.users.isEmpty }
            await rabbit.close()
        }
    }

    @Test func theTokenIsForTheConfiguredAudience() async throws {
        try await run { setting in
            try await setting.bao.root("POST", "secret/data/agent/a", ["data": ["token": "x"]])
            _ = try await setting.source(path: "secret/data/agent/a", audience: "vault").lease()
            let error = await #expect(throws: HoopxError.self) {
                try await setting.source(path: "secret/data/agent/a", audience: "other").lease()
            }
            #expect(error?.doing == "logging in to \(setting.bao.url) at auth/jwt")
            #expect(error?.found.contains("status 400") ?? false, "\(error?.found ?? "")")
            #expect(error?.hint?.contains("bound_audiences") ?? false)
            #expect(setting.identity.audiences == ["vault", "other"])
        }
    }

    @Test func eachRefusalSaysWhatIsMissing() async throws {
        try await run { setting in
            let bao = setting.bao
            try await bao.root(
                "POST", "secret/data/agent/a", ["data": ["number": 1, "blank": "a b"] as [String: any Sendable]])
            for (make, status, hint) in [
                ({ try setting.source(path: "secret/data/agent/a", role: "nobody") }, "400", "the role nobody"),
                ({ try setting.source(path: "secret/data/agent/a", mount: "nowhere") }, "403", "the role agent"),
                (
                    { try setting.source(path: "secret/data/other") }, "403",
                    "policies must allow read on secret/data/other"
                ),
                ({ try setting.source(path: "secret/data/agent/none") }, "404", "see that it is there"),
                ({ try setting.source(path: "secret/data/agent/a", namespace: "ns") }, "404", ""),
                ({ try setting.source(path: "secret/data/agent/a") }, "it has no field token", "field"),
                ({ try setting.source(path: "secret/data/agent/a", field: "number") }, "is not a text", ""),
                ({ try setting.source(path: "secret/data/agent/a", field: "blank") }, "blanks", ""),
            ] as [(() throws -> VaultSource, String, String)] {
                let error = await #expect(throws: HoopxError.self) { try await make().lease() }
                let text = "\(error?.description ?? "") \(error?.hint ?? "")"
                #expect(text.contains(status) && (hint.isEmpty || text.contains(hint)), "\(text)")
                #expect(!text.contains("eyJ"))
            }
            #expect(try await setting.tokenCount() == 0, "what failed leaves no login behind")
        }
    }

    @Test func aSealedServerIsSaidToBeSealed() async throws {
        try await run { setting in
            try await setting.bao.root("PUT", "sys/seal")
            let error = await #expect(throws: HoopxError.self) {
                try await setting.source(path: "secret/data/agent/a").lease()
            }
            #expect(error?.found.contains("503") ?? false, "\(error?.found ?? "")")
            #expect(error?.hint == "see that the server is unsealed")
        }
    }
}
