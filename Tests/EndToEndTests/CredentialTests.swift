import Foundation
import HoopxTestSupport
import Testing

/// The target holds a placeholder; the real credential goes nowhere but to the upstream.
@Suite struct CredentialTests {
    @Test(arguments: Account.all)
    func theTargetHoldsAPlaceholderAndNothingOfTheRealKey(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let api = try await fixture.claudeAPI()
            // What a hostile target can look at: its environment, its parents' and the files of every directory.
            let run = try await fixture.shell(
                """
                echo "key=$ANTHROPIC_API_KEY"
                cat /proc/self/environ /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n' > seen
                for fd in /proc/self/fd/*; do readlink "$fd"; done >> seen
                find "$XDG_STATE_HOME" "$XDG_CONFIG_HOME" -type f -exec cat {} + >> seen
                curl -sS -m 60 \(Question.url) -H "x-api-key: $ANTHROPIC_API_KEY" -d '\(Question.body)'
                """, configuration: fixture.configuration(for: api))
            #expect(run.stdout.contains(Question.answer), "\(run)")
            let seen = try Data(contentsOf: URL(fileURLWithPath: fixture.workDirectory + "/seen"))
            let marked = String(decoding: seen, as: UTF8.self).split(separator: "\n").filter {
                $0.contains(fixture.apiKey)
            }
            #expect(marked.isEmpty, "the real key was readable")
            let placeholder = try #require(run.stdout.split(separator: "\n").first?.dropFirst(4))
            #expect(placeholder.count >= 32)
            #expect(!api.requests.contains { "\($0.headers)".contains(placeholder) })
            for name in fixture.directory.contents() {
                let contents = FileManager.default.contents(atPath: fixture.directory.path + "/" + name) ?? Data()
                #expect(contents.range(of: Data(fixture.apiKey.utf8)) == nil, "\(name) holds the real key")
            }
        }
    }

    @Test func eachRunHasAPlaceholderOfItsOwn() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let configuration = try fixture.configuration(for: api)
            let first = try await fixture.shell("echo $ANTHROPIC_API_KEY", configuration: configuration)
            // The first run's placeholder is a foreign credential to the second.
            let second = try await fixture.shell(
                """
                echo $ANTHROPIC_API_KEY
                curl -sS -m 60 \(Question.url) -H "x-api-key: $OLD" -d '\(Question.body)'
                """, configuration: configuration,
                environment: ["OLD": first.stdout.trimmingCharacters(in: .newlines)])
            #expect(!second.stdout.hasPrefix(first.stdout))
            #expect(second.stdout.contains("foreign_credential"), "\(second)")
            #expect(second.stdout.contains("the placeholder of another run"), "\(second)")
            #expect(api.requests.isEmpty)
        }
    }

    @Test(arguments: [
        "-H \"x-api-key: $OWN\"",
        "-H \"Authorization: Bearer $OWN\"",
        "-H 'Authorization: Basic dXNlcjpwYXNz'",
        "-H \"x-api-key: $ANTHROPIC_API_KEY\" -H \"Authorization: Bearer $OWN\"",
        "-H \"x-api-key: $ANTHROPIC_API_KEY\" -H \"x-api-key: $OWN\"",
        "-H \"x-api-key: ${ANTHROPIC_API_KEY}x\"",
    ])
    func aCredentialThatTheTargetBringsItselfIsRefusedAndRecorded(headers: String) async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let run = try await fixture.shell(
                "curl -sS -m 60 -w '\\n%{http_code}' \(Question.url) \(headers) -d '\(Question.body)'",
                configuration: fixture.configuration(for: api), environment: ["OWN": "sk-ant-own"])
            #expect(run.exit == .status(0), "\(run)")
            #expect(run.stdout.hasSuffix("\n403"), "\(run)")
            #expect(run.stdout.contains(#""type":"permission_error""#), "the shape that Claude's clients read: \(run)")
            #expect(run.stdout.contains(#""code":"foreign_credential""#), "\(run)")
            #expect(run.stderr.contains("hoopx: denied: "), "\(run)")
            #expect(run.stderr.contains("hoopx: hint: "), "\(run)")
            #expect(api.requests.isEmpty, "nothing reached the API")
            let session = try await fixture.newestSession()
            #expect(session.requests?.map(\.denial) == ["foreign_credential"])
            #expect(session.requests?.map(\.status) == [403])
            #expect(session.denials?.map(\.code) == ["foreign_credential"])
            #expect(!"\(session) \(run)".contains("sk-ant-own"), "the foreign credential is shown nowhere")
        }
    }

    @Test(arguments: ["x-api-key: $ANTHROPIC_API_KEY", "Authorization: Bearer $ANTHROPIC_API_KEY"])
    func thePlaceholderIsTakenInEitherHeaderAndOnlyTheRealOneIsSent(header: String) async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let run = try await fixture.shell(
                """
                curl -sS -m 60 \(Question.url) -H "\(header)" -H 'Cookie: a=b' -H 'x-auth-token;' -d '\(Question.body)'
                """, configuration: fixture.configuration(for: api))
            #expect(run.stdout.contains(Question.answer), "\(run)")
            let headers = try #require(api.requests.first?.headers)
            #expect(headers["x-api-key"] == [fixture.apiKey])
            #expect(headers["authorization"].isEmpty && headers["cookie"].isEmpty)
        }
    }

    @Test func aRequestThatChangesSomethingNeedsThePlaceholder() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI(credential: .any)
            let run = try await fixture.shell(
                """
                curl -sS -m 60 -o /dev/null -w '%{http_code}\\n' https://api.anthropic.com/v1/models
                curl -sS -m 60 -w '\\n%{http_code}\\n' \(Question.url) -d '\(Question.body)'
                """, configuration: fixture.configuration(for: api))
            #expect(run.stdout.hasPrefix("200\n"), "\(run)")
            #expect(run.stdout.contains("credential_missing") && run.stdout.hasSuffix("\n403\n"), "\(run)")
            #expect(api.requests.map(\.line) == ["GET /v1/models"])
            #expect(api.requests.first?.headers["x-api-key"] == [], "nothing is injected where no placeholder came")
        }
    }

    @Test func aFileOfOneOwnIsACredentialSource() async throws {
        try await HoopxFixture.run { fixture in
            let server = try await fixture.httpServer { .answer("\($0.headers["x-token"])") }
            let path = try fixture.directory.file("token", "from-the-file\n", mode: 0o600)
            let yaml = """
                version: 1
                connections:
                  artifacts:
                    type: http
                    hosts: [artifacts.example.com]
                    upstream: \(server.url)
                    credential: {source: file, path: \(path), placeholder: ARTIFACT_TOKEN, header: X-Token, format: "t={token}"}
                """
            let run = try await fixture.shell(
                "curl -sS -m 60 https://artifacts.example.com/ -H \"X-Token: t=$ARTIFACT_TOKEN\"",
                configuration: fixture.configuration(yaml))
            #expect(run.stdout == #"["t=from-the-file"]"#, "\(run)")
        }
    }

    @Test func aCredentialFileThatOthersCanReadIsRefused() async throws {
        try await HoopxFixture.run { fixture in
            let server = try await fixture.httpServer { _ in .answer("reached") }
            let path = try fixture.directory.file("token", "from-the-file\n", mode: 0o640)
            let yaml = """
                version: 1
                connections:
                  artifacts:
                    type: http
                    hosts: [artifacts.example.com]
                    upstream: \(server.url)
                    credential: {source: file, path: \(path), placeholder: ARTIFACT_TOKEN}
                """
            let run = try await fixture.shell(
                "curl -sS -m 60 https://artifacts.example.com/ -H \"Authorization: Bearer $ARTIFACT_TOKEN\"",
                configuration: fixture.configuration(yaml))
            #expect(run.stdout.contains("credential_unavailable"), "\(run)")
            #expect(run.stderr.contains("hoopx: denied: "), "\(run)")
            #expect(run.stderr.contains(path), "it says which file: \(run)")
            #expect(!(run.stdout + run.stderr).contains("from-the-file"))
            #expect(server.requests.isEmpty)
        }
    }
}
