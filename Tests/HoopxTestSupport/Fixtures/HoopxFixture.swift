import Foundation
import NIOHTTP1

/// What an end-to-end test starts from: a home of its own, an environment that says nothing of the machine, the built
/// `hoopx`, and loopback servers, all gone when the test is over.
public final class HoopxFixture: Sendable {
    public let account: Account
    public let directory: TemporaryDirectory
    public let scope = FixtureScope()
    /// The real API key: hoopx's environment holds it, the target must never see it.
    public let apiKey: String
    /// A word in the environment of hoopx and so of everything that it starts.
    public let mark: String
    public let authority: TestCertificateAuthority

    private static let slots = FixtureSlots(ProcessInfo.processInfo.activeProcessorCount)

    /// Runs a test's body with a fixture and unwinds it; what the run left of its processes is killed at the end.
    public static func run(
        as account: Account = .ordinary, _ body: (HoopxFixture) async throws -> Void
    ) async throws {
        await slots.take()
        do {
            let fixture = try HoopxFixture(account: account)
            do {
                try await body(fixture)
                await fixture.unwind()
            } catch {
                await fixture.unwind()
                throw error
            }
            await slots.give()
        } catch {
            await slots.give()
            throw error
        }
    }

    private init(account: Account) throws {
        let unique = UUID().uuidString.lowercased()
        self.account = account
        directory = try TemporaryDirectory(owner: account)
        apiKey = "sk-ant-api03-real-\(unique)"
        mark = "HOOPX_TEST_MARK=\(unique)"
        authority = try TestCertificateAuthority()
        for name in ["home", "config", "state", "work"] { try directory.directory(name) }
    }

    private func unwind() async {
        await scope.unwind()
        for pid in ProcessTable.pids(marked: mark) { kill(pid, SIGKILL) }
        directory.remove()
    }

    /// The environment that hoopx is started with, before a test's own additions.
    public var environment: [String: String] {
        [
            "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": directory.path + "/home", "LANG": "C.UTF-8",
            "TERM": "xterm-256color", "TMPDIR": "/tmp",
            "XDG_CONFIG_HOME": directory.path + "/config", "XDG_STATE_HOME": directory.path + "/state",
            "ANTHROPIC_API_KEY": apiKey, "HOOPX_TEST_MARK": String(mark.split(separator: "=")[1]),
        ]
    }

    public var workDirectory: String { directory.path + "/work" }

    /// The products of the package's build, the directory that the test's own executable lies in.
    public static let productDirectory = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().path

    public static let hoopx = productDirectory + "/hoopx"

    // MARK: servers

    /// A TLS Claude API that takes the fixture's key; its certificate is the fixture authority's, for 127.0.0.1.
    public func claudeAPI(
        credential: LoopbackClaudeAPI.Credential? = nil,
        model: @escaping LoopbackClaudeAPI.Model = ModelReply.conversation
    ) async throws -> LoopbackClaudeAPI {
        let context = try authority.serverContext(for: ["127.0.0.1", "localhost"])
        let api = try await LoopbackClaudeAPI(tls: context, credential: credential ?? .apiKey(apiKey), model: model)
        scope.atEnd { await api.close() }
        return api
    }

    /// A plain HTTP server.
    public func httpServer(
        early: @escaping LoopbackHTTPServer.EarlyResponder = { _ in nil },
        _ respond: @escaping LoopbackHTTPServer.Responder
    ) async throws -> LoopbackHTTPServer {
        let server = try await LoopbackHTTPServer(early: early, respond: respond)
        scope.atEnd { await server.close() }
        return server
    }

    /// A gate that lets everything pass once the test is over.
    public func gate() -> EventGate {
        let gate = EventGate()
        scope.atEnd { gate.openForever() }
        return gate
    }

    public func witness() throws -> Witness {
        let witness = try Witness()
        scope.atEnd { witness.close() }
        return witness
    }

    /// The authority's certificate as a file.
    public func authorityFile() throws -> String { try directory.file("authority.pem", authority.pem) }

    // MARK: hoopx

    /// A configuration whose connection `claude` goes to this API, with more lines behind it.
    ///
    /// - Parameters:
    ///   - entry: the value of the connection's `entry`.
    ///   - rest: top-level YAML, such as an `egress` section.
    public func configuration(
        for api: LoopbackClaudeAPI, entry: String = "intercept", _ rest: String = ""
    ) throws -> String {
        try configuration(
            """
            version: 1
            connections:
              claude:
                type: anthropic
                hosts: [api.anthropic.com]
                entry: \(entry)
                upstream: \(api.url)
                upstream_ca: \(try authorityFile())
            \(rest)
            """)
    }

    public func configuration(_ yaml: String) throws -> String { try directory.file("hoopx.yaml", yaml + "\n") }

    /// Starts `hoopx` with these arguments.
    public func start(_ arguments: [String], environment more: [String: String?] = [:]) throws -> RunningProcess {
        try start(program: [Self.hoopx] + arguments, environment: more)
    }

    /// Starts any program in the environment of the fixture.
    public func start(program: [String], environment more: [String: String?] = [:]) throws -> RunningProcess {
        let process = try RunningProcess(
            program, environment: merged(more), directory: workDirectory, account: account)
        scope.atEnd { process.send(SIGKILL) }
        return process
    }

    /// `hoopx run --config FILE -- COMMAND`, to its end.
    public func run(
        _ command: [String], configuration: String, environment more: [String: String?] = [:], input: String = "",
        within deadline: Duration = .seconds(90)
    ) async throws -> FinishedProcess {
        let process = try start(["run", "--config", configuration, "--"] + command, environment: more)
        process.write(input)
        return try await process.finish(within: deadline)
    }

    /// A pseudo-terminal and a program on it.
    public func terminal(
        _ program: [String], environment more: [String: String?] = [:]
    ) throws -> (PseudoTerminal, RunningProcess) {
        let terminal = try PseudoTerminal(account: account)
        let process = try terminal.start(
            program, environment: merged(more), directory: workDirectory, account: account)
        scope.atEnd { process.send(SIGKILL) }
        return (terminal, process)
    }

    private func merged(_ more: [String: String?]) -> [String: String] {
        var environment = environment
        for (name, value) in more { environment[name] = value }
        return environment
    }
}
