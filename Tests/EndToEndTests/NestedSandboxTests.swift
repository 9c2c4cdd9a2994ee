import HoopxTestSupport
import Testing

/// Programs that make a sandbox of their own inside of hoopx's.
@Suite struct NestedSandboxTests {
    /// How a run is started in which commands may nest sandboxes.
    private static func run(
        _ command: [String], in fixture: HoopxFixture, configuration: String
    ) async throws -> FinishedProcess {
        try await fixture.start(["run", "--allow-nested", "--config", configuration, "--"] + command).finish()
    }

    @Test(arguments: Account.all)
    func bubblewrapWorksInsideAndOpensNoWayOut(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let server = try await fixture.httpServer { _ in .answer("allowed") }
            // --unshare-user: as root bwrap would do without, and need privileges that hoopx has taken away.
            let script = """
                curl -sS -m 60 http://127.0.0.1:\(server.port)/; echo " $?"
                curl -sS -m 60 https://denied.example.com/; echo "$?"; echo kept > /dev/shm/file; cat /dev/shm/file
                """
            let run = try await Self.run(
                [
                    Clients.bubblewrap(), "--unshare-user", "--ro-bind", "/", "/", "--dev", "/dev", "--tmpfs",
                    "/dev/shm", "--proc",
                    "/proc",
                    "--unshare-pid", "/bin/sh", "-c", script,
                ], in: fixture,
                configuration: fixture.configuration("version: 1\negress: {tunnel: [\"127.0.0.1:\(server.port)\"]}"))
            #expect(run.stdout == "allowed 0\n6\nkept\n", "\(run)")
            #expect(run.stderr.contains("a lookup of denied.example.com"), "\(run)")
            // A network namespace of its own has no way out at all.
            let alone = try await Self.run(
                [
                    Clients.bubblewrap(), "--unshare-user", "--ro-bind", "/", "/", "--dev", "/dev", "--unshare-net",
                    Clients.curl(),
                    "-sS",
                    "-m", "60", "http://127.0.0.1:\(server.port)/",
                ], in: fixture, configuration: fixture.configuration("version: 1"))
            #expect(alone.exit == .status(7), "\(alone)")
        }
    }

    @Test(arguments: Account.all, [["--unshare-user"], []])
    func withFileRulesASandboxInsideFailsAndTheUserIsToldOfTheSwitch(account: Account, options: [String]) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let run = try await fixture.run(
                [Clients.bubblewrap()] + options + ["--ro-bind", "/", "/", "/bin/true"],
                configuration: fixture.configuration("version: 1"))
            #expect(run.exit == .status(1), "\(run)")
            // Of an ordinary user bwrap makes a user namespace in any case, and then mounts.
            let namespace = options.isEmpty ? "a mount namespace" : "a user namespace"
            let denied = account.uid == 0 ? "\(namespace) by bwrap [namespace" : "a mount by bwrap [mount"
            #expect(run.stderr.contains("hoopx: denied: \(denied)_not_allowed, filesystem.nested]"), "\(run)")
            #expect(run.stderr.contains("--allow-nested"), "\(run)")
        }
    }

    @Test func chromiumShowsAPageFromInsideItsOwnSandbox() async throws {
        try await HoopxFixture.run { fixture in
            let server = try await fixture.httpServer { request in
                let script = "<script>document.title = 'x'; document.write('by a ' + 'script')</script>"
                return [
                    .head(.ok, ["content-type": "text/html"]), .bytes(Array("<p>\(request.path) \(script)</p>".utf8)),
                    .end(nil),
                ]
            }
            // Without --no-sandbox Chromium does not run where it cannot make its sandbox.
            let run = try await Self.run(
                [Clients.chromium(), "--headless", "--disable-gpu", "--dump-dom", "http://site.example.com/page"],
                in: fixture,
                configuration: fixture.configuration(
                    """
                    version: 1
                    connections:
                      site: {type: http, hosts: ["site.example.com:80"], upstream: "\(server.url)"}
                    """))
            #expect(run.stdout.contains("/page") && run.stdout.contains("by a script"), "\(run)")
            #expect(server.requests.contains { $0.path == "/page" })
        }
    }
}
