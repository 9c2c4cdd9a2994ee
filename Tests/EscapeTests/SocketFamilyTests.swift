import HoopxTestSupport
import Testing

/// Sockets that are neither TCP nor UDP (attempts 13, 14).
@Suite struct SocketFamilyTests {
    @Test(arguments: [
        ("packet", ["left frame 88b5"]),
        ("old-packet", ["left frame 88b5"]),
        ("raw", ["left ICMP 192.0.2.7", "left ICMP6 2001:db8::7", "left UDP 192.0.2.7:53"]),
        ("udplite", ["left UDPLITE 192.0.2.7:53", "left UDPLITE 2001:db8::7:53"]),
        ("mptcp", ["left TCP 192.0.2.7:81", "left TCP 2001:db8::7:81", "reached TCP 127.0.0.1 7777"]),
        ("ping", ["left ICMP 192.0.2.7", "left ICMP6 2001:db8::7"]),
        ("groups", ["left IGMP 224.0.0.22", "left MLD"]),
    ])
    func noOtherProtocolLeavesTheMachine(attempt: String, control: [String]) async throws {
        try await HoopxFixture.run { fixture in
            try await fixture.reach(.python("sockets.py \(attempt)")).expect(control)
        }
    }

    /// Vsock, ALG, XDP, TIPC, RDS, SMC, SCTP, DCCP and whatever else a kernel has: it depends on the kernel which of
    /// them the control opens, so the claim is what is left of all of them.
    @Test func nothingButStreamsAndTheHelpersDatagramsOpens() async throws {
        try await HoopxFixture.run { fixture in
            let reached = try await fixture.reach(.python("sockets.py families"))
            let opened = { (who: String) -> Set<Substring> in
                let line = reached.description.split(separator: "\n").first { $0.hasPrefix("\(who) said: opened ") }
                return Set(line?.split(separator: " ").dropFirst(3) ?? [])
            }
            // As domain/type/protocol: Unix streams and packets, TCP, UDP, and netlink's routes.
            let left: Set<Substring> = [
                "1/1/0", "1/1/1", "1/5/0", "1/5/1", "2/1/0", "2/1/6", "2/2/0", "2/2/17", "10/1/0", "10/1/6", "10/2/0",
                "10/2/17", "16/2/0", "16/3/0",
            ]
            #expect(opened("supervised") == left, "\(reached)")
            #expect(opened("control").isSuperset(of: left))
            #expect(opened("control").subtracting(left).count > 20, "packet and raw sockets at least: \(reached)")
        }
    }
}
