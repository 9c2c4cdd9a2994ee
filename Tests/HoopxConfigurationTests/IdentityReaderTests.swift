import HoopxCore
import Testing

@testable import HoopxConfiguration

@Suite struct IdentityReaderTests {
    private func identity(_ text: String) throws -> IdentityConfiguration {
        try parse("version: 1\nidentity: {\(text)}\n").identity
    }

    @Test func withoutASectionThePlatformDecides() throws {
        let identity = try parse("version: 1\n").identity
        #expect(identity == IdentityConfiguration())
        #expect(identity.provider == .auto)
        #expect(identity.scopes == ["openid", "profile", "email", "offline_access"])
        #expect(identity.groupsClaim == "groups")
        #expect(identity.cache == .sealedFile)
    }

    @Test func everyKeyIsRead() throws {
        let read = try parse(
            """
            version: 1
            identity:
              provider: oidc
              issuer: https://login.example.com/realms/dev
              client_id: hoopx
              client_secret_file: secret
              scopes: [openid, email]
              audience: agents
              groups_claim: realm_access.roles
              group_prefixes: {"/company/": "", "ROLE_": "role:"}
              claims: {team: org.team}
              token_file: /run/token
              token_variable: ID_TOKEN
              cache: secret_service
              ca: ~/ca.pem
            """
        ).identity
        #expect(
            read
                == IdentityConfiguration(
                    provider: .oidc, issuer: "https://login.example.com/realms/dev", clientID: "hoopx",
                    clientSecretFile: "/etc/test/secret", scopes: ["openid", "email"], audience: "agents",
                    groupsClaim: "realm_access.roles",
                    groupPrefixes: [
                        .init(prefix: "/company/", replacement: ""), .init(prefix: "ROLE_", replacement: "role:"),
                    ], claims: ["team": "org.team"], tokenFile: "/run/token", tokenVariable: "ID_TOKEN",
                    cache: .secretService, ca: "/home/ada/ca.pem"))
    }

    @Test func aLoopbackIssuerMayBePlain() throws {
        #expect(try identity("issuer: 'http://127.0.0.1:8080', client_id: a").issuer == "http://127.0.0.1:8080")
    }

    @Test(arguments: [
        (
            "provider: okta",
            "expected one of auto, oidc, github, gitlab, file, env, local for identity.provider, not okta"
        ),
        ("provider: oidc, issuer: 'https://a.example'", "expected the key client_id in identity"),
        ("client_id: hoopx", "expected the key issuer in identity"),
        ("provider: file, issuer: 'https://a.example'", "expected the key token_file in identity"),
        ("issuer: 'http://login.example.com'", "expected an https URL for identity.issuer"),
        (
            "issuer: 'https://u:hunter2@login.example.com'",
            "expected an https URL of host, port and path for identity.issuer"
        ),
        ("scopes: [email]", "expected openid among identity.scopes"),
        (
            "token_variable: 'eyJhbGciOi.x.y'",
            "expected the name of an environment variable for identity.token_variable"
        ),
        ("cache: disk", "expected one of sealed_file, secret_service, memory for identity.cache, not disk"),
        ("isuer: x", "unknown key isuer in identity"),
    ])
    func aWrongSectionIsRefused(text: String, found: String) throws {
        let refusal = try #require(refused("version: 1\nidentity: {\(text)}\n"))
        #expect(refusal.found.drop { $0 != " " }.dropFirst() == found)
        #expect(!refusal.found.contains("hunter2"))
    }

    @Test func theCommandLineReplacesSingleKeys() throws {
        let identity = try identity("issuer: 'https://a.example', client_id: a, groups_claim: g")
        let replaced = identity.replacing(provider: .oidc, clientID: "b")
        #expect(replaced.provider == .oidc)
        #expect(replaced.issuer == "https://a.example")
        #expect(replaced.clientID == "b")
        #expect(replaced.groupsClaim == "g")
    }

    @Test func aClientsSecretGoesToNoOtherIssuerOrClient() throws {
        let identity = try identity("issuer: 'https://a.example', client_id: a, client_secret_file: /secret")
        #expect(identity.replacing(issuer: "https://a.example", clientID: "a").clientSecretFile == "/secret")
        #expect(identity.replacing(provider: .oidc).clientSecretFile == "/secret")
        #expect(identity.replacing(issuer: "https://b.example", clientID: "a").clientSecretFile == nil)
        #expect(identity.replacing(clientID: "b").clientSecretFile == nil)
    }
}
