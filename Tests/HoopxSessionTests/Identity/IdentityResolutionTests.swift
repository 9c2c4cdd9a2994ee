import Glibc
import HoopxConfiguration
import HoopxCore
import HoopxIdentity
import HoopxLinux
import HoopxOutbound
import HoopxTestSupport
import Testing

@testable import HoopxSession

@Suite(.timeLimit(.minutes(1))) struct IdentityResolutionTests {
    private func resolution(
        _ configuration: IdentityConfiguration, environment: [String: String] = [:]
    ) throws -> IdentityResolution {
        IdentityResolution(
            configuration, environment: environment,
            control: ControlClient(trust: UpstreamTrust(environment: [:]), proxies: try ProxyEnvironment([:])),
            localUser: LocalUser(name: "tester", uid: 1_000, home: nil))
    }

    private func withProvider(
        _ body: (LoopbackIdentityProvider, TemporaryDirectory) async throws -> Void
    ) async throws {
        let provider = try await LoopbackIdentityProvider()
        let directory = try TemporaryDirectory(owner: .current)
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await body(provider, directory))
        } catch {
            outcome = .failure(error)
        }
        directory.remove()
        await provider.close()
        try outcome.get()
    }

    private func established(_ outcome: IdentityResolution.Outcome) throws -> SessionIdentity {
        guard case .established(let identity) = outcome else { throw TestSupportError("\(outcome)") }
        return identity
    }

    @Test func whatHoldsAnIDTokenOrGetsOneIsSecretWhetherItIsUsedOrNot() throws {
        let usual = try resolution(IdentityConfiguration(provider: .local))
        let variables: Set = [
            "ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_RUNTIME_TOKEN", "HOOPX_ID_TOKEN",
        ]
        #expect(Set(usual.secretVariables) == variables)
        #expect(usual.secretFiles == [])
        let configured = try resolution(
            IdentityConfiguration(
                provider: .local, clientSecretFile: "/s/client", tokenFile: "/s/token", tokenVariable: "JOB_TOKEN"))
        #expect(Set(configured.secretVariables) == variables.union(["JOB_TOKEN"]))
        #expect(configured.secretFiles == ["/s/token", "/s/client"])
    }

    /// As a kubelet lays it out: each rotation makes a file of another name.
    @Test func theWholeVolumeOfAProjectedTokenIsSecret() throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        try directory.directory("..one")
        try directory.file("..one/token", "a.b.c")
        let root = directory.path
        try #require(symlink("..one", root + "/..data") == 0 && symlink("..data/token", root + "/token") == 0)
        let resolution = try resolution(IdentityConfiguration(tokenFile: root + "/token"))
        #expect(resolution.secretFiles == [root])
    }

    /// The audience that is configured, else the client's id, else hoopx; and the platform's issuer where the one that is
    /// configured is of people's logins.
    @Test func aJobIsVerifiedByItsPlatformsIssuerForTheRightAudience() async throws {
        try await withProvider { provider, _ in
            for (clientID, audience, expected) in [
                (nil, nil, "hoopx"), ("client-1", nil, "client-1"), ("client-1", "company", "company"),
            ] as [(String?, String?, String)] {
                let environment = [
                    "GITLAB_CI": "true", "CI_SERVER_URL": provider.issuer,
                    "HOOPX_ID_TOKEN": try provider.mint(["aud": .string(expected), "sub": "job"]),
                ]
                let configuration = IdentityConfiguration(
                    issuer: clientID == nil ? nil : "https://login.example.com", clientID: clientID, audience: audience)
                let identity = try established(
                    try await resolution(configuration, environment: environment).resolve())
                #expect(identity.principal.subject == "job" && identity.principal.kind == .workload)
                #expect(identity.principal.issuer == provider.issuer)
            }
        }
    }

    @Test(arguments: [true, false]) func theTokenThatFollowsMustBeOfTheSameSubject(isSame: Bool) async throws {
        try await withProvider { provider, directory in
            let now = Int(Timestamp.now().microseconds / 1_000_000)
            // Over, but by less than clocks may differ: it verifies, and its successor is needed at once.
            let path = try directory.file(
                "token", try provider.mint(["sub": "job", "iat": .integer(now - 300), "exp": .integer(now - 20)]))
            let configuration = IdentityConfiguration(provider: .file, issuer: provider.issuer, tokenFile: path)
            let identity = try established(try await resolution(configuration).resolve())
            let next = try provider.mint(["sub": isSame ? "job" : "another job"])
            try directory.file("token", next)
            let keeper = try #require(identity.keeper)
            if isSame {
                try await keeper.identityToken(audience: nil).withValue { #expect($0 == next) }
            } else {
                let error = await #expect(throws: HoopxError.self) { try await keeper.identityToken(audience: nil) }
                #expect(error?.found == "the file \(path) gives tokens of another subject now")
            }
        }
    }

    @Test func nobodyVouchesForTheLocalUser() async throws {
        let identity = try established(try await resolution(IdentityConfiguration()).resolve())
        #expect(identity.principal.kind == .localUser && identity.principal.name == "tester" && identity.keeper == nil)
    }
}
