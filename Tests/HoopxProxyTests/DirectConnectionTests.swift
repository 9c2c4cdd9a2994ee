import HoopxCore
import HoopxSandbox
import Testing

@testable import HoopxProxy

/// What the target reaches past the proxy.
struct DirectConnectionTests {
    private let process = TargetProcess(pid: 4711, command: "docker")

    @Test func aUnixSocketIsRecordedByItsPath() async throws {
        try await ProxyFixture.run { fixture in
            fixture.proxy.connectsDirectly(toUnixSocket: "/run/docker.sock", from: process)
            let record = try #require(try fixture.recorded().connections.first)
            #expect(record.destination == .unixSocket(path: "/run/docker.sock"))
            #expect(record.verdict == .direct(rule: "egress.unix"))
            #expect(record.pid == 4711 && record.command == "docker" && record.count == 1)
            #expect(fixture.denials.isEmpty)
        }
    }

    @Test func aLoopbackPortIsRecordedByItsAddress() async throws {
        try await ProxyFixture.run { fixture in
            let database = try #require(Destination(authority: "127.0.0.1:5432", defaultPort: nil))
            fixture.proxy.connectsDirectly(to: database, from: process)
            let record = try #require(try fixture.recorded().connections.first)
            #expect(record.destination == .host(database) && record.verdict == .direct(rule: "egress.loopback"))
            #expect(record.pid == 4711 && record.command == "docker" && record.count == 1)
        }
    }
}
