import Foundation
import HoopxTestSupport
import Testing

/// A session of a CI job or a service: its platform vouches for it, and nobody logs in.
@Suite struct WorkloadIdentityTests {
    /// Runs a command that shows what it was given of the platform's secrets.
    private func run(
        _ fixture: HoopxFixture, _ identity: String, options: [String] = [], environment: [String: String?]
    ) async throws -> FinishedProcess {
        let configuration = try fixture.configuration("version: 1\nidentity: {\(identity)}")
        let command = ["sh", "-c", "env; cat \"$TOKEN_FILE\" 2>&1; exit 7"]
        return try await fixture.start(
            ["run", "--config", configuration] + options + ["--"] + command, environment: environment
        ).finish()
    }

    private func provider(_ fixture: HoopxFixture) async throws -> LoopbackIdentityProvider {
        let provider = try await LoopbackIdentityProvider()
        fixture.scope.atEnd { await provider.close() }
        return provider
    }

    @Test(arguments: Account.all)
    func aJobOfGitHubActionsIsKnownByItsRunAndCannotTakeTheIdentityItself(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let provider = try await provider(fixture)
            let end = try await run(
                fixture, "issuer: '\(provider.issuer)', claims: {job: job_workflow_ref}",
                environment: provider.jobEnvironment)
            #expect(end.exit == .status(7), "\(end)")
            #expect(end.stderr == "", "\(end)")
            #expect(!end.stdout.contains("ACTIONS_ID_TOKEN"), "\(end)")
            #expect(!end.stdout.contains(try #require(provider.jobEnvironment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"])))

            let principal = try await fixture.newestSession().principal
            #expect(principal.kind == "workload" && principal.verified)
            #expect(principal.subject == "repo:octo-org/octo-repo:ref:refs/heads/main")
            #expect(principal.issuer == provider.issuer)
            #expect(principal.claims["repository"] == "octo-org/octo-repo")
            #expect(principal.claims["run_id"] == "8123456789")
            #expect(principal.claims["job"]?.hasPrefix("octo-org/octo-repo/.github/workflows/agents.yml") == true)
            #expect(principal.verification?.method == "github_actions")
            #expect(principal.verification?.keyId == provider.signer.id)
            let asked = try #require(provider.requests(to: .jobIdentity).first)
            #expect(asked.uri.hasSuffix("&audience=hoopx"), "\(asked.uri)")
        }
    }

    @Test func aJobOfGitLabIsKnownByTheTokenThatItWasGiven() async throws {
        try await HoopxFixture.run { fixture in
            let provider = try await provider(fixture)
            let token = try provider.mint(["sub": "project_path:a/b:ref_type:branch:ref:main", "project_path": "a/b"])
            let environment = ["GITLAB_CI": "true", "CI_SERVER_URL": provider.issuer, "HOOPX_ID_TOKEN": token]
            let end = try await run(fixture, "provider: auto", environment: environment)
            #expect(end.exit == .status(7), "\(end)")
            #expect(!end.stdout.contains(token), "\(end)")
            let principal = try await fixture.newestSession().principal
            #expect(principal.kind == "workload" && principal.claims == ["project_path": "a/b"])
            #expect(principal.verification?.method == "gitlab_ci")
        }
    }

    @Test(arguments: Account.all) func aTokenInAFileIsReadAndHiddenFromTheCommand(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let provider = try await provider(fixture)
            let token = try provider.mint([
                "sub": "system:serviceaccount:agents:runner",
                "kubernetes.io": ["namespace": "agents", "pod": ["name": "runner-1"]],
            ])
            let path = try fixture.directory.file("token", token)
            let end = try await run(
                fixture, "provider: file, issuer: '\(provider.issuer)', token_file: '\(path)'",
                environment: ["TOKEN_FILE": path])
            #expect(end.exit == .status(7), "\(end)")
            #expect(!end.stdout.contains(token) && end.stdout.contains("Permission denied"), "\(end)")
            let principal = try await fixture.newestSession().principal
            #expect(principal.claims == ["namespace": "agents", "pod": "runner-1"])
            #expect(principal.verification?.method == "token_file")
        }
    }

    @Test func theCommandLineChoosesAnotherProvider() async throws {
        try await HoopxFixture.run { fixture in
            let provider = try await provider(fixture)
            let identity = "issuer: '\(provider.issuer)', token_variable: JOB_TOKEN"
            let environment = provider.jobEnvironment.merging(["JOB_TOKEN": try provider.mint()]) { $1 }
            let variable = try await run(fixture, identity, options: ["--identity", "env"], environment: environment)
            #expect(variable.exit == .status(7) && !variable.stdout.contains("eyJ"), "\(variable)")
            #expect(try await fixture.newestSession().principal.verification?.method == "token_variable")
            let local = try await run(fixture, identity, options: ["--identity", "local"], environment: environment)
            #expect(local.exit == .status(7) && !local.stdout.contains("eyJ"), "\(local)")
            #expect(try await fixture.newestSession().principal.verified == false)
            let unknown = try await run(fixture, identity, options: ["--identity", "me"], environment: environment)
            #expect(unknown.exit == .status(64), "\(unknown)")
        }
    }

    /// Nothing runs for somebody whom nobody vouches for, and no message repeats the token.
    @Test(arguments: [
        ("aud", "expected the audience hoopx"), ("exp", "expired"), ("iss", "issuer"),
    ])
    func aTokenThatDoesNotVerifyRunsNothing(claim: String, found: String) async throws {
        try await HoopxFixture.run { fixture in
            let provider = try await provider(fixture)
            let token = try provider.mint([claim: claim == "exp" ? .integer(1_000_000_000) : .string("other")])
            let end = try await run(
                fixture, "provider: env, issuer: '\(provider.issuer)', token_variable: JOB_TOKEN",
                environment: ["JOB_TOKEN": token])
            #expect(end.exit == .status(125), "\(end)")
            #expect(end.stdout == "" && end.stderr.contains("hoopx: error: "), "\(end)")
            #expect(end.stderr.contains(found) && end.stderr.contains(provider.issuer), "\(end)")
            for part in token.split(separator: ".") { #expect(!end.stderr.contains(part)) }
            #expect(try await fixture.sessions().isEmpty)
        }
    }

    @Test func aJobWithoutPermissionToAskForItsIdentityIsToldSo() async throws {
        try await HoopxFixture.run { fixture in
            let end = try await run(fixture, "provider: github", environment: ["GITHUB_ACTIONS": "true"])
            #expect(end.exit == .status(125), "\(end)")
            #expect(end.stderr.contains("id-token: write"), "\(end)")
        }
    }
}
