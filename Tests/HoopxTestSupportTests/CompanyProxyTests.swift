import HoopxTestSupport
import Testing

@Suite struct CompanyProxyTests {
    @Test func aKnownNameIsConnectedAndOthersAreRefused() async throws {
        let server = try await LoopbackHTTPServer { .answer("\($0.headers["host"])") }
        let proxy = try await CompanyProxy(ports: ["known.example.com:80": server.port], authorization: "Basic dTpw")
        let curl = ["/usr/bin/curl", "-sS", "-m", "60", "--proxytunnel", "--proxy"]
        let authorized = "http://u:p@127.0.0.1:\(proxy.port)"
        let known = try await Self.run(curl + [authorized, "http://known.example.com/"])
        #expect(known.stdout == #"["known.example.com"]"#, "\(known)")
        _ = try await Self.run(curl + [authorized, "http://unknown.example.com/"])
        _ = try await Self.run(curl + [proxy.url, "http://known.example.com/"])
        #expect(
            proxy.log == [
                "CONNECT known.example.com:80 200", "CONNECT unknown.example.com:80 502",
                "CONNECT known.example.com:80 407",
            ])
        await proxy.close()
        await server.close()
    }

    private static func run(_ arguments: [String]) async throws -> FinishedProcess {
        try await RunningProcess(arguments, environment: [:], directory: "/").finish()
    }
}
