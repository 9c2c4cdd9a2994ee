import Foundation
import HoopxTestSupport
import Testing

/// What lies in examples/ works as it is.
@Suite struct ExamplesTests {
    @Test(arguments: ["intercept", "base_url"])
    func theExampleAgentRunsItsToolUnderSupervision(entry: String) async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let run = try await fixture.run(
                [
                    Clients.python(), Self.path("agent.py"),
                    "[[run: curl -sS -m 20 https://denied.example.com/ || echo $?]]",
                ],
                configuration: fixture.configuration(for: api, entry: entry))
            #expect(run.exit == .status(0), "\(run)")
            #expect(run.stdout.contains("curl: (6)"), "\(run)")
            #expect(run.stdout.contains("The command printed: curl: (6)"), "\(run)")
            #expect(run.stderr.contains("hoopx: denied: a lookup of denied.example.com"), "\(run)")
        }
    }

    @Test func theDemonstrationLogsInRunsAnAgentAndShowsItsRecord() async throws {
        try await HoopxFixture.run { fixture in
            let demo = try await fixture.start(program: [
                "/bin/bash", Self.path("demo.sh"), HoopxFixture.productDirectory,
            ]).finish()
            #expect(demo.exit == .status(0), "\(demo)")
            #expect(demo.stderr.contains("as alice@example.com\n"), "\(demo)")
            #expect(demo.stdout.contains("Groups    engineering, on-call\n"), "\(demo)")
            #expect(demo.stdout.contains("The command printed: curl: (6)"), "\(demo)")
            #expect(demo.stdout.contains("alice@example.com (user, verified)"), "\(demo)")
            #expect(demo.stdout.contains("My card is [CREDIT_CARD]."), "\(demo)")
            #expect(demo.stdout.contains("All of it is in order.\n"), "\(demo)")
            #expect(!demo.stdout.contains("exit status"), "\(demo)")
        }
    }

    @Test(arguments: ["claude-and-packages.yaml", "gateway.yaml", "internal-api.yaml", "masking.yaml"])
    func anExampleConfigurationLoads(name: String) async throws {
        try await HoopxFixture.run { fixture in
            try fixture.directory.file("gateway-token", "token\n")
            try fixture.directory.file("company-ca.pem", fixture.authority.pem)
            let text = try String(contentsOfFile: Self.path(name), encoding: .utf8)
            let run = try await fixture.run(
                ["/bin/echo", "ran"], configuration: fixture.configuration(text),
                environment: ["INTERNAL_API_TOKEN": "token"])
            #expect(run.exit == .status(0) && run.stdout == "ran\n", "\(run)")
            #expect(run.stderr == "", "\(run)")
        }
    }

    @Test func everyExampleConfigurationIsTested() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.path("")).filter { $0.hasSuffix(".yaml") }
        #expect(names.sorted() == ["claude-and-packages.yaml", "gateway.yaml", "internal-api.yaml", "masking.yaml"])
    }

    private static func path(_ name: String) -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return root.path + "/examples/" + name
    }
}
