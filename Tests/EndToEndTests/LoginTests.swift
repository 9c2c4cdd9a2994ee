import Foundation
import HoopxTestSupport
import Testing

/// `hoopx login`, `hoopx whoami` and `hoopx logout` with a provider on loopback.
@Suite struct LoginTests {
    @Test(arguments: Account.all)
    func aPersonLogsInIsWhoTheProviderSaysAndLogsOut(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let provider = try await fixture.provider()
            let options = try fixture.identityOptions(provider)
            let login = try fixture.start(["login"] + options)
            let code = try await provider.userCode()
            try await eventually("the code on stderr") { login.stderr.contains(code) }
            #expect(login.stderr.contains("\(provider.issuer)/device\n"))
            try provider.approve(code)
            let end = try await login.finish()
            #expect(end.exit == .status(0), "\(end)")
            #expect(end.stdout == "", "\(end)")
            #expect(end.stderr.hasSuffix("hoopx: logged in to \(provider.issuer) as alice@example.com\n"), "\(end)")
            #expect(!end.stderr.contains("\u{1b}"), "no QR code without a terminal: \(end)")

            let page = try await fixture.start(["whoami"] + options).finish()
            #expect(page.exit == .status(0) && page.stderr == "", "\(page)")
            #expect(page.stdout.contains("Groups    engineering, on-call\n"), "\(page)")
            let who = try Whoami(try await fixture.start(["whoami", "--json"] + options).finish())
            #expect(who.kind == "user" && who.subject == "alice" && who.issuer == provider.issuer && who.verified)
            #expect(who.email == "alice@example.com" && who.groups == ["engineering", "on-call"])
            #expect(who.verification?.method == "device_authorization" && who.verification?.algorithm == "ES256")
            #expect(who.verification?.key_id == provider.signer.id)

            let logout = try await fixture.start(["logout"] + options).finish()
            #expect(logout.exit == .status(0) && logout.stdout == "", "\(logout)")
            #expect(provider.liveLoginCount == 0)
            let nobody = try await fixture.start(["whoami", "--json"] + options).finish()
            #expect(nobody.exit == .status(1) && nobody.stdout == "", "\(nobody)")
            #expect(nobody.stderr.contains("nobody is logged in") && nobody.stderr.contains("hint: hoopx login"))
        }
    }

    @Test func aKeptLoginServesWhileTheProviderIsAway() async throws {
        try await HoopxFixture.run { fixture in
            let provider = try await fixture.provider { $0.script = .approve(subject: "alice") }
            let options = try fixture.identityOptions(provider)
            #expect(try await fixture.start(["login"] + options).finish().exit == .status(0))
            await provider.close()
            let who = try Whoami(try await fixture.start(["whoami", "--json"] + options).finish())
            #expect(who.subject == "alice" && who.verified)
            let again = try await fixture.start(["login"] + options).finish()
            #expect(again.exit == .status(0) && again.stderr.contains("already logged in"), "\(again)")
            let forced = try await fixture.start(["login", "--force"] + options).finish()
            #expect(forced.exit == .status(125), "\(forced)")
            let logout = try await fixture.start(["logout"] + options).finish()
            #expect(logout.exit == .status(1) && logout.stderr.contains("revoking"), "\(logout)")
            #expect(try await fixture.start(["whoami"] + options).finish().exit == .status(1))
        }
    }

    @Test func theIssuerCanBeGivenOnTheCommandLine() async throws {
        try await HoopxFixture.run { fixture in
            let provider = try await fixture.provider { $0.script = .approve(subject: "alice") }
            let options = ["--issuer", provider.issuer, "--client-id", "hoopx"]
            #expect(try await fixture.start(["login"] + options).finish().exit == .status(0))
            #expect(try await fixture.start(["whoami"] + options).finish().exit == .status(0))
            let alone = try await fixture.start(["login", "--issuer", provider.issuer]).finish()
            #expect(alone.exit == .status(64), "\(alone)")
            let none = try await fixture.start(["login"]).finish()
            #expect(none.exit == .status(64) && none.stderr.contains("identity.issuer"), "\(none)")
        }
    }

    @Test func processesThatRefreshAtOnceDoNotLogThePersonOut() async throws {
        try await HoopxFixture.run { fixture in
            // Less than a run wants to have before it: each start refreshes, with a refresh token for a single use.
            let provider = try await fixture.provider {
                $0.script = .approve(subject: "alice")
                $0.idTokenLifetime = 20
            }
            let options = try fixture.identityOptions(provider)
            #expect(try await fixture.start(["login"] + options).finish().exit == .status(0))
            let processes = try (0..<6).map { _ in try fixture.start(["whoami"] + options) }
            for process in processes {
                let end = try await process.finish()
                #expect(end.exit == .status(0), "\(end)")
            }
            #expect(provider.requests(to: .token).count == 7)
            #expect(provider.liveLoginCount == 1)
        }
    }

    @Test func allLoginsAreEndedWhoeverTheyAreAt() async throws {
        try await HoopxFixture.run { fixture in
            let none = try await fixture.start(["logout", "--all"]).finish()
            #expect(none.exit == .status(0) && none.stderr == "hoopx: nobody is logged in\n", "\(none)")
            var providers: [LoopbackIdentityProvider] = []
            for _ in 0..<3 { providers.append(try await fixture.provider { $0.script = .approve(subject: "alice") }) }
            for provider in providers {
                let options = ["--issuer", provider.issuer, "--client-id", "hoopx"]
                #expect(try await fixture.start(["login"] + options).finish().exit == .status(0))
                #expect(provider.liveLoginCount == 1)
            }
            // One that cannot be opened, and one whose provider is away.
            let broken = String(repeating: "0f", count: 32) + ".sealed"
            try fixture.directory.file("state/hoopx/identity/" + broken, "no login")
            await providers[2].close()
            let wrong = try await fixture.start(["logout", "--all", "--client-id", "hoopx"]).finish()
            #expect(wrong.exit == .status(64), "\(wrong)")
            let logout = try await fixture.start(["logout", "--all"]).finish()
            #expect(logout.exit == .status(1) && logout.stdout == "", "\(logout)")
            for provider in providers.prefix(2) {
                #expect(provider.liveLoginCount == 0)
                #expect(logout.stderr.contains("hoopx: logged out of \(provider.issuer)\n"), "\(logout)")
            }
            #expect(logout.stderr.contains("error: revoking the login at \(providers[2].issuer): "), "\(logout)")
            #expect(logout.stderr.contains("hoopx: logged out of a provider that nobody knows any more"), "\(logout)")
            let left = fixture.directory.contents(of: "state/hoopx/identity").filter { !$0.hasSuffix(".lock") }
            #expect(left == [])
        }
    }

    @Test func aRefusedLoginAndAPageInsteadOfAnAnswerAreOneClearErrorEach() async throws {
        try await HoopxFixture.run { fixture in
            let provider = try await fixture.provider { $0.script = .deny() }
            let options = try fixture.identityOptions(provider)
            let denied = try await fixture.start(["login"] + options).finish()
            #expect(denied.exit == .status(125), "\(denied)")
            #expect(
                denied.stderr.contains(
                    "hoopx: error: logging in to \(provider.issuer): the login was refused at the provider: access_denied"
                ),
                "\(denied)")
            provider.setFault(.html(), at: .deviceAuthorization)
            let page = try await fixture.start(["login"] + options).finish()
            #expect(page.exit == .status(125), "\(page)")
            #expect(page.stderr.contains("text/html") && !page.stderr.contains("Please sign in"), "\(page)")
            #expect(page.stderr.count { $0 == "\n" } <= 2, "\(page)")
        }
    }

    @Test func aDeprovisionedPersonIsToldWhyALoginIsNeeded() async throws {
        try await HoopxFixture.run { fixture in
            let provider = try await fixture.provider {
                $0.script = .approve(subject: "alice")
                $0.idTokenLifetime = 20
            }
            let options = try fixture.identityOptions(provider)
            #expect(try await fixture.start(["login"] + options).finish().exit == .status(0))
            provider.deprovision("alice")
            let who = try await fixture.start(["whoami"] + options).finish()
            #expect(who.exit == .status(1) && who.stderr.contains("invalid_grant"), "\(who)")
        }
    }

    @Test func withoutAProviderItIsTheLocalUserForWhomNobodyVouches() async throws {
        try await HoopxFixture.run { fixture in
            let who = try Whoami(try await fixture.start(["whoami", "--json"]).finish())
            #expect(who.kind == "local_user" && who.subject == String(fixture.account.uid))
            #expect(!who.verified && who.verification == nil && who.issuer == nil)
            let page = try await fixture.start(["whoami"]).finish()
            #expect(page.stdout.contains("Verified  no: nobody vouches for the name\n"), "\(page)")
        }
    }

    @Test func noTokenIsInAnyOutputOrFile() async throws {
        try await HoopxFixture.run { fixture in
            let provider = try await fixture.provider { $0.script = .approve(subject: "alice") }
            let options = try fixture.identityOptions(provider)
            var texts: [String] = []
            for verb in [["login"], ["whoami"], ["whoami", "--json"]] {
                let end = try await fixture.start(verb + options).finish()
                texts.append(end.stdout + end.stderr)
            }
            for path in fixture.directory.contents() {
                let data = FileManager.default.contents(atPath: fixture.directory.path + "/" + path)
                if let data { texts.append(String(decoding: data, as: UTF8.self)) }
            }
            let form = try #require(provider.requests(to: .token).first?.text)
            let secrets = form.split(separator: "&").filter {
                $0.hasPrefix("device_code=") || $0.hasPrefix("code_verifier=")
            }
            .compactMap { $0.split(separator: "=").last }
            #expect(secrets.count == 2)
            for text in texts {
                // Every JWT begins like this.
                #expect(!text.contains("eyJ"))
                for secret in secrets { #expect(!text.contains(secret)) }
            }
        }
    }

    // MARK: on a terminal

    @Test func onATerminalTheAddressIsAQRCodeTooAndCtrlCEndsItAtOnce() async throws {
        try await HoopxFixture.run { fixture in
            let provider = try await fixture.provider()
            let options = try fixture.identityOptions(provider)
            let (terminal, login) = try fixture.terminal([HoopxFixture.hoopx, "login"] + options, rows: 40)
            try await terminal.waitFor("waiting for your confirmation")
            #expect(terminal.text.contains("▀") && terminal.text.contains("\u{1b}[30;107m"), "\(terminal.text)")
            terminal.type("\u{3}")
            #expect(try await login.exit(within: .seconds(20)) == .status(130))
            try await terminal.waitFor("\nhoopx: the login was given up: nothing has changed")
            #expect(try await fixture.start(["whoami"] + options).finish().exit == .status(1))
        }
    }

    @Test(arguments: [
        (["--no-qr"], "C.UTF-8", 80, 40), ([], "C", 80, 40), ([], "C.UTF-8", 30, 40), ([], "C.UTF-8", 80, 10),
    ])
    func noQRCodeIsDrawnWhereItIsNotWantedOrCannotBeShown(
        _ flags: [String], _ locale: String, _ columns: Int, _ rows: Int
    ) async throws {
        try await HoopxFixture.run { fixture in
            let provider = try await fixture.provider()
            let (terminal, login) = try fixture.terminal(
                [HoopxFixture.hoopx, "login"] + flags + (try fixture.identityOptions(provider)),
                environment: ["LANG": locale], columns: UInt16(columns), rows: UInt16(rows))
            try await terminal.waitFor("waiting for your")
            #expect(!terminal.text.contains("\u{1b}"), "\(terminal.text)")
            try provider.approve(try await provider.userCode())
            #expect(try await login.exit() == .status(0))
        }
    }

    @Test func aRunAtATerminalLogsInFirstAndGoesOn() async throws {
        try await HoopxFixture.run { fixture in
            let provider = try await fixture.provider()
            let options = try fixture.identityOptions(provider)
            let (terminal, run) = try fixture.terminal(
                [HoopxFixture.hoopx, "run"] + options + ["--", "/bin/echo", "the command ran"], rows: 40)
            try await terminal.waitFor("waiting for your")
            #expect(!terminal.text.contains("the command ran"))
            // A job that was stopped and goes on.
            run.send(SIGCONT)
            try provider.approve(try await provider.userCode())
            try await terminal.waitFor("the command ran")
            #expect(try await run.exit() == .status(0))
            let principal = try await fixture.newestSession().principal
            #expect(principal.subject == "alice" && principal.verified)
        }
    }

    @Test func aSignalFromElsewhereEndsALoginToo() async throws {
        try await HoopxFixture.run { fixture in
            let provider = try await fixture.provider()
            let login = try fixture.start(["login"] + (try fixture.identityOptions(provider)))
            try await eventually("the login to wait") { login.stderr.contains("waiting for your") }
            login.send(SIGTERM)
            let end = try await login.finish(within: .seconds(20))
            #expect(end.exit == .status(143) && end.stderr.contains("given up"), "\(end)")
        }
    }

    @Test func aBrowserIsOpenedOnlyWhenAskedForAndWithoutSecrets() async throws {
        try await HoopxFixture.run { fixture in
            let provider = try await fixture.provider { $0.script = .approve(subject: "alice") }
            let options = try fixture.identityOptions(provider)
            let programs = try fixture.directory.directory("programs")
            let report = fixture.directory.path + "/work/browser"
            try fixture.directory.file(
                "programs/xdg-open", "#!/bin/sh\n{ echo \"$1\"; env; } > \(report).new && mv \(report).new \(report)\n",
                mode: 0o755)
            let environment = ["PATH": programs + ":/usr/bin:/bin"]
            let silent = try await fixture.start(["login"] + options, environment: environment).finish()
            #expect(silent.exit == .status(0), "\(silent)")
            #expect(!FileManager.default.fileExists(atPath: report))
            let login = try await fixture.start(["login", "--open", "--force"] + options, environment: environment)
                .finish()
            #expect(login.exit == .status(0), "\(login)")
            try await eventually("the browser") { FileManager.default.fileExists(atPath: report) }
            let lines = try String(contentsOfFile: report, encoding: .utf8)
            #expect(lines.hasPrefix("\(provider.issuer)/device?user_code="), "\(lines)")
            #expect(lines.contains("HOME=") && !lines.contains(fixture.apiKey) && !lines.contains("HOOPX_TEST_MARK"))
        }
    }
}

/// What `hoopx whoami --json` writes.
private struct Whoami: Decodable {
    struct Verification: Decodable {
        let method: String
        let algorithm: String
        let key_id: String?
        let expires_at: String
    }
    let kind: String
    let name: String
    let subject: String
    let issuer: String?
    let email: String?
    let groups: [String]
    let claims: [String: String]
    let verified: Bool
    let verification: Verification?

    init(_ run: FinishedProcess) throws {
        #expect(run.exit == .status(0) && run.stderr == "", "\(run)")
        self = try JSONDecoder().decode(Whoami.self, from: Data(run.stdout.utf8))
    }
}

extension HoopxFixture {
    /// A provider that is asked every second.
    fileprivate func provider(
        _ change: @Sendable (inout ProviderSettings) -> Void = { _ in }
    ) async throws -> LoopbackIdentityProvider {
        var settings = ProviderSettings()
        settings.pollInterval = 1
        change(&settings)
        let provider = try await LoopbackIdentityProvider(settings: settings)
        scope.atEnd { await provider.close() }
        return provider
    }

    fileprivate func identityOptions(_ provider: LoopbackIdentityProvider) throws -> [String] {
        [
            "--config",
            try configuration(
                """
                version: 1
                identity:
                  issuer: \(provider.issuer)
                  client_id: hoopx
                """),
        ]
    }

    /// A terminal of this size with a program on it.
    fileprivate func terminal(
        _ program: [String], environment more: [String: String?] = [:], columns: UInt16 = 80, rows: UInt16
    ) throws -> (PseudoTerminal, RunningProcess) {
        let terminal = try PseudoTerminal(columns: columns, rows: rows, account: account)
        var environment = environment
        for (name, value) in more { environment[name] = value }
        let process = try terminal.start(
            program, environment: environment, directory: workDirectory, account: account)
        scope.atEnd { process.send(SIGKILL) }
        return (terminal, process)
    }
}
