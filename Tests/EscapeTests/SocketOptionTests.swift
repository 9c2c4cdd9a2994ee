import HoopxTestSupport
import Testing

/// Options that could send hoopx's own loopback connect elsewhere (attempt 21).
@Suite struct SocketOptionTests {
    /// Every option of every level, with values that any of them takes. hoopx connects the target's sockets to itself
    /// and passes the bytes on to the machine's own servers: nothing may leave on the way.
    @Test(arguments: Account.all)
    func noOptionSendsHoopxsConnectOutOfTheMachine(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            // SOL_IP, SOL_SOCKET, SOL_TCP, SOL_IPV6, SOL_UDP, SOL_ICMPV6, SOL_RAW, SOL_TLS
            let levels = "0 1 6 41 17 58 255 282"
            let yaml = """
                version: 1
                egress: {tunnel: ["127.0.0.1:7777", "[::1]:7777"]}
                """
            let reached = try await fixture.reach(.c("sweep \(levels)"), configuration: yaml)
            #expect(reached.control.contains("left TCP 192.0.2.9:7777"), "a source route of the control: \(reached)")
            #expect(reached.control.contains("left TCP 127.0.0.1:7777"), "another interface: \(reached)")
            #expect(reached.supervised == ["reached TCP 127.0.0.1 7777", "reached TCP ::1 7777"], "\(reached)")
        }
    }
}
