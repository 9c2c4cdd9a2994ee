import Foundation
import HoopxTestSupport
import Testing

/// Clients that know nothing of hoopx or of Claude.
@Suite struct HTTPClientTests {
    @Test(arguments: Account.all)
    func curlReachesAConnectionWithThePlaceholder(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let api = try await fixture.claudeAPI()
            let run = try await fixture.shell(
                """
                curl -sS -m 60 \(Question.url) -H "x-api-key: $ANTHROPIC_API_KEY" -d '\(Question.body)'
                """, configuration: fixture.configuration(for: api))
            #expect(run.exit == .status(0), "\(run)")
            #expect(run.stdout.contains(Question.answer), "\(run)")
            #expect(api.messageRequests.first?.headers["x-api-key"] == [fixture.apiKey])
        }
    }

    @Test func pythonUrllibTrustsTheRunAuthority() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let run = try await fixture.python(
                """
                import os, sys, urllib.request
                request = urllib.request.Request(sys.argv[1], sys.argv[2].encode())
                request.add_header("authorization", "Bearer " + os.environ["ANTHROPIC_API_KEY"])
                print(urllib.request.urlopen(request, timeout=60).read().decode())
                """, [Question.url, Question.body], configuration: fixture.configuration(for: api))
            #expect(run.exit == .status(0), "\(run)")
            #expect(run.stdout.contains(Question.answer), "\(run)")
        }
    }

    @Test func nodeFetchesAndResolvesNames() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let run = try await fixture.run(
                [
                    Clients.node(), "-e",
                    """
                    const [url, body] = process.argv.slice(1);
                    const headers = {"x-api-key": process.env.ANTHROPIC_API_KEY};
                    fetch(url, {method: "POST", headers, body}).then(r => r.json())
                      .then(message => console.log(message.content[0].text));
                    """, Question.url, Question.body,
                ], configuration: fixture.configuration(for: api))
            #expect(run.exit == .status(0), "\(run)")
            #expect(run.stdout == Question.answer + "\n", "\(run)")
        }
    }

    @Test func aStaticProgramResolvesAndConnectsLikeAnyOther() async throws {
        try await HoopxFixture.run { fixture in
            let server = try await fixture.httpServer { .answer("you asked for \($0.uri) of \($0.headers["host"])\n") }
            let run = try await fixture.run(
                [Clients.dial(), "plain.example.com", "80", "GET /static HTTP/1.1"],
                configuration: fixture.configuration(
                    """
                    version: 1
                    connections:
                      plain: {type: http, hosts: ["plain.example.com:80"], upstream: "\(server.url)"}
                    """))
            #expect(run.exit == .status(0), "\(run)")
            #expect(run.stdout.contains("you asked for /static"), "\(run)")
        }
    }

    @Test func aStaticProgramIsDeniedLikeAnyOther() async throws {
        try await HoopxFixture.run { fixture in
            let run = try await fixture.run(
                [Clients.dial(), "named.example.com", "443"],
                configuration: fixture.configuration("version: 1\negress: {tunnel: ['named.example.com:80']}"))
            #expect(run.exit == .status(1), "\(run)")
            #expect(run.stderr.contains("dial: connect: "), "the name resolves, the connection is refused: \(run)")
            #expect(run.stderr.contains("hoopx: denied: a connection to named.example.com:443"), "\(run)")
        }
    }

    @Test func gitClonesOverHTTPThroughATunnelAndOverHTTPSThroughAConnection() async throws {
        try await HoopxFixture.run { fixture in
            let repository = try await Self.makeRepository(in: fixture)
            // The dumb protocol: any server of files is a git server.
            let server = try await fixture.httpServer { request in
                guard let file = FileManager.default.contents(atPath: repository + "/.git" + request.path) else {
                    return .answer("not found", status: .notFound)
                }

                return [.head(.ok, ["content-length": String(file.count)]), .bytes(Array(file)), .end(nil)]
            }
            let configuration = try fixture.configuration(
                """
                version: 1
                connections:
                  forge: {type: http, hosts: [git.example.com], upstream: "\(server.url)"}
                egress:
                  tunnel: ["127.0.0.1:\(server.port)"]
                """)
            for (url, name) in [("https://git.example.com/", "connection"), (server.url + "/", "tunnel")] {
                let run = try await fixture.run(
                    [Clients.git(), "clone", "--quiet", url, name], configuration: configuration)
                #expect(run.exit == .status(0), "\(url): \(run)")
                let file = try String(contentsOfFile: fixture.workDirectory + "/\(name)/file", encoding: .utf8)
                #expect(file == "what was committed\n")
            }
        }
    }

    private static func makeRepository(in fixture: HoopxFixture) async throws -> String {
        let path = try fixture.directory.directory("repository")
        let script = """
            cd "$0"; git init -q; echo what was committed > file; git add file
            git -c user.name=t -c user.email=t@example.com commit -qm one; git update-server-info
            """
        let made = try await fixture.start(program: ["/bin/sh", "-ec", script, path]).finish()
        guard made.exit == .status(0) else { throw TestSupportError("git could not make a repository: \(made)") }
        return path
    }
}
