import Foundation
import HoopxTestSupport
import Testing

/// The real claude CLI under `hoopx run`.
@Suite struct ClaudeCLITests {
    @Test(arguments: Account.all, ["intercept", "base_url"])
    func theClaudeCLIAnswersThroughBothWaysIn(account: Account, entry: String) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let api = try await fixture.claudeAPI()
            let configuration = try fixture.configuration(for: api, entry: entry)
            let run = try await fixture.run(
                [Clients.claude(), "-p", "hi"], configuration: configuration,
                environment: ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1"])
            #expect(run.exit == .status(0), "\(run)")
            #expect(run.stdout == "Hello from the loopback Claude API.\n", "\(run)")
            #expect(run.stderr == "", "hoopx is silent where nothing was denied")
            #expect(api.messageRequests.count == 1)
            #expect(api.messageRequests.first?.headers["x-api-key"] == [fixture.apiKey])
        }
    }

    @Test func everyRequestOfTheCLIIsInterceptedAndNoneCarriesThePlaceholder() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            // Without the flag it also asks for settings and reports events, on connections that pass any base URL.
            let run = try await fixture.run(
                [Clients.claude(), "-p", "hi"], configuration: fixture.configuration(for: api))
            #expect(run.exit == .status(0), "\(run)")
            #expect(run.stdout == "Hello from the loopback Claude API.\n", "\(run)")
            let paths = Set(api.requests.map(\.path))
            #expect(paths.contains("/v1/messages"))
            #expect(paths.contains { $0.hasPrefix("/api/") }, "the CLI's other requests came too: \(paths)")
            for request in api.requests {
                let credentials = request.headers["x-api-key"] + request.headers["authorization"]
                #expect(credentials.isEmpty || credentials == [fixture.apiKey], "\(request.line)")
            }
        }
    }

    @Test(arguments: ["intercept", "base_url"])
    func theAgentSDKRunsABashToolUnderSupervision(entry: String) async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let run = try await fixture.run(
                [
                    Clients.sdkPython(), Clients.script("agent_sdk.py"),
                    "Please [[run: echo $((40+2)); curl -sS -m 20 https://denied.example.com/ 2>&1 || true]]",
                ],
                configuration: fixture.configuration(for: api, entry: entry),
                environment: ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1"])
            #expect(run.exit == .status(0), "\(run)")
            #expect(run.stdout.contains("tool: Bash echo $((40+2))"), "\(run)")
            #expect(run.stdout.contains("result: success The command printed: 42\n"), "\(run)")
            #expect(run.stdout.contains("curl: (6)"), "the tool's own egress is denied: \(run)")
            #expect(run.stderr.contains("hoopx: denied: a lookup of denied.example.com"), "\(run)")
        }
    }

    @Test func aDeniedRequestEndsTheCLIAtOnce() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let run = try await fixture.run(
                ["/bin/sh", "-c", "ANTHROPIC_API_KEY=sk-ant-attackers-own exec \"$0\" -p hi", Clients.claude()],
                configuration: fixture.configuration(for: api),
                environment: ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1"])
            #expect(run.exit == .status(1), "\(run)")
            // One request of each kind: the CLI does not try again what is denied.
            let denied = "hoopx: denied: POST /v1/messages to api.anthropic.com:443 [foreign_credential, "
            #expect(run.stderr.contains(denied), "\(run)")
            #expect(api.requests.isEmpty)
        }
    }

    @Test(arguments: Account.all)
    func theInteractiveCLIOwnsTheTerminal(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let api = try await fixture.claudeAPI()
            // What a user has answered once: the welcome, the key (by its end, the same in each run), the directory.
            try fixture.directory.file(
                "home/.claude.json",
                """
                {"hasCompletedOnboarding": true, "theme": "dark", "numStartups": 5,
                 "customApiKeyResponses": {"approved": ["eholder-of-hoopx-run"], "rejected": []},
                 "projects": {"\(fixture.workDirectory)": {"hasTrustDialogAccepted": true}}}
                """)
            let (terminal, process) = try fixture.terminal(
                [
                    HoopxFixture.hoopx, "run", "--config", fixture.configuration(for: api), "--", Clients.claude(),
                ], environment: ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1"])
            try await terminal.waitFor("agents")
            terminal.type("hi")
            terminal.type("\r")
            // The screen's words stand apart by movements of the cursor, not by blanks.
            try await terminal.waitFor("loopback")
            terminal.type("/exit\r")
            #expect(try await process.exit() == .status(0), "\(terminal.text)")
            // What it asked for beside the API is told when it has left the screen, and not a line before.
            let text = terminal.text
            let own = text[(text.range(of: "hoopx: ")?.lowerBound ?? text.endIndex)...]
            #expect(own.split(whereSeparator: \.isNewline).allSatisfy { $0.hasPrefix("hoopx: ") }, "\(text)")
        }
    }
}
