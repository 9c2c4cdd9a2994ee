import Foundation
import HoopxTestSupport
import Testing

/// Whole flows of a person's identity with the built binary, beside those of LoginTests.
@Suite struct IdentityFlowTests {
    @Test func aLoginThatNobodyConfirmsInTimeIsGivenUp() async throws {
        try await Self.withProvider { fixture, provider, options in
            let login = try fixture.start(["login"] + options)
            try provider.expire(try await provider.userCode())
            let end = try await login.finish()
            #expect(end.exit == .status(125) && end.stderr.contains("expired"), "\(end)")
        }
    }

    @Test func keysThatWereReplacedAreFetchedOnce() async throws {
        try await Self.withProvider {
            $0.script = .approve(subject: "alice")
            // Less than a run wants to have before it, so that each start refreshes.
            $0.idTokenLifetime = 20
        } _: { fixture, provider, options in
            #expect(try await fixture.start(["login"] + options).finish().exit == .status(0))
            let before = provider.requests(to: .keys).count
            let key = try provider.rotateKeys(to: .es384, keepsOld: false)
            let who = try await fixture.start(["whoami"] + options).finish()
            #expect(who.exit == .status(0), "\(who)")
            #expect(who.stdout.contains("signed with ES384, key \(key.id)\n"), "\(who)")
            #expect(provider.requests(to: .keys).count == before + 1)
        }
    }

    @Test func aSessionOutlivesItsIDTokenAndTheRecordSaysWhoItWas() async throws {
        try await Self.withProvider {
            $0.script = .approve(subject: "alice")
            $0.idTokenLifetime = 20
        } _: { fixture, provider, options in
            #expect(try await fixture.start(["login"] + options).finish().exit == .status(0))
            let run = try fixture.start(["run"] + options + ["--", "/bin/cat"])
            let before = provider.requests(to: .token).count
            // One refresh at the start, and one in the middle of the session at least.
            try await eventually("a refresh in the session: \(run.stderr)") {
                provider.requests(to: .token).count >= before + 2
            }
            run.closeInput()
            let end = try await run.finish()
            #expect(end.exit == .status(0) && end.stderr == "", "\(end)")
            let list = try await fixture.start(["sessions", "list", "--json"]).finish()
            #expect(list.stdout.contains("alice@example.com"), "\(list)")
            #expect(provider.liveLoginCount == 1)
        }
    }

    @Test func aSessionThatEndsInTheMiddleOfARefreshLosesNoLogin() async throws {
        try await Self.withProvider {
            $0.script = .approve(subject: "alice")
            $0.idTokenLifetime = 8
        } _: { fixture, provider, options in
            #expect(try await fixture.start(["login"] + options).finish().exit == .status(0))
            let run = try fixture.start(["run"] + options + ["--", "/bin/sh", "-c", "cat; echo over"])
            try await eventually("the refresh at the start") { provider.requests(to: .token).count == 2 }
            let gate = fixture.gate()
            provider.setFault(.hold(gate), at: .token, times: 1)
            try await eventually("a refresh in the session") { provider.requests(to: .token).count == 3 }
            run.closeInput()
            try await eventually("the command's end") { run.stdout == "over\n" }
            gate.open()
            #expect(try await run.finish().exit == .status(0))
            // The refresh token that it gave is for a single use, and must not be lost.
            let who = try await fixture.start(["whoami"] + options).finish()
            #expect(who.exit == .status(0) && provider.liveLoginCount == 1, "\(who)")
        }
    }

    private static func withProvider(
        _ change: @Sendable (inout ProviderSettings) -> Void = { (_: inout ProviderSettings) in },
        _ body: (HoopxFixture, LoopbackIdentityProvider, [String]) async throws -> Void
    ) async throws {
        try await HoopxFixture.run { fixture in
            var settings = ProviderSettings()
            settings.pollInterval = 1
            change(&settings)
            let provider = try await LoopbackIdentityProvider(settings: settings)
            fixture.scope.atEnd { await provider.close() }
            let configuration = try fixture.configuration(
                """
                version: 1
                identity:
                  issuer: \(provider.issuer)
                  client_id: hoopx
                """)
            try await body(fixture, provider, ["--config", configuration])
        }
    }
}
