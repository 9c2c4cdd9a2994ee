import Foundation
import HoopxTestSupport
import Testing

/// `hoopx run` and the login that it needs, makes, keeps fresh, and loses.
@Suite struct RunIdentityTests {
    /// A provider that is asked every second, and a configuration that sends Claude's requests to a server.
    private static func run(
        _ change: @Sendable (inout ProviderSettings) -> Void = { _ in },
        _ body: (HoopxFixture, LoopbackIdentityProvider, _ configuration: String) async throws -> Void
    ) async throws {
        try await HoopxFixture.run { fixture in
            var settings = ProviderSettings()
            settings.pollInterval = 1
            change(&settings)
            let provider = try await LoopbackIdentityProvider(settings: settings)
            fixture.scope.atEnd { await provider.close() }
            let api = try await fixture.claudeAPI()
            let configuration = try fixture.configuration(
                for: api, "identity: {issuer: '\(provider.issuer)', client_id: hoopx}")
            try await body(fixture, provider, configuration)
        }
    }

    @Test func ctrlCAtTheLoginEndsTheRunBeforeItsCommandHasRun() async throws {
        try await Self.run { fixture, provider, configuration in
            let (terminal, run) = try fixture.terminal([
                HoopxFixture.hoopx, "run", "--config", configuration, "--", "/bin/echo", "the command has run",
            ])
            try await terminal.waitFor("waiting for your confirmation")
            terminal.type("\u{3}")
            #expect(try await run.exit(within: .seconds(20)) == .status(130))
            try await terminal.waitFor("hoopx: hint: the command has not run")
            #expect(try await fixture.sessions().isEmpty)
        }
    }

    @Test func withoutATerminalARunThatNeedsALoginEndsAtOnce() async throws {
        try await Self.run { fixture, provider, configuration in
            let end = try await fixture.run(["/bin/echo", "the command has run"], configuration: configuration)
            #expect(end.exit == .status(125) && end.stdout == "", "\(end)")
            #expect(end.stderr.contains("nobody is logged in"), "\(end)")
            #expect(end.stderr.contains("hoopx: hint: log in with hoopx login first"), "\(end)")
            #expect(provider.requests(to: .deviceAuthorization).isEmpty)
            #expect(try await fixture.sessions().isEmpty)
        }
    }

    @Test func aDeprovisionedPersonLosesAccessInARunningSessionAndTheDenialSaysWhy() async throws {
        try await Self.run {
            $0.script = .approve(subject: "alice")
            $0.idTokenLifetime = 20
        } _: { fixture, provider, configuration in
            let login = try await fixture.start(["login", "--config", configuration]).finish()
            #expect(login.exit == .status(0), "\(login)")
            let run = try fixture.start([
                "run", "--config", configuration, "--", "/bin/sh", "-c",
                """
                while :; do
                    answer=$(curl -sS -m 60 \(Question.url) -H "x-api-key: $ANTHROPIC_API_KEY" -d '\(Question.body)')
                    case $answer in *'"hoopx"'*) echo "$answer"; exit ;; *) echo served ;; esac
                    sleep 0.2
                done
                """,
            ])
            try await eventually("a request that is served") { run.stdout.contains("served") }
            provider.deprovision("alice")
            let end = try await run.finish(within: .seconds(60))
            let denial = try #require(end.stdout.split(separator: "\n").last)
            #expect(denial.contains("identity_ended") && denial.contains("invalid_grant"), "\(end)")
            #expect(end.stderr.contains("[identity_ended, identity]"), "\(end)")
            let session = try await fixture.newestSession()
            #expect(session.denials?.map(\.code) == ["identity_ended"])
            #expect(session.requests?.last?.denial == "identity_ended")
        }
    }
}
