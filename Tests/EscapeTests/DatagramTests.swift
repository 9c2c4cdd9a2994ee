import HoopxTestSupport
import Testing

/// UDP and names (attempts 8, 9, 11, and the helper's namespace of 39).
@Suite struct DatagramTests {
    static let attempts: [(String, [String])] = [
        (
            "sends",
            [443, 53, 54, 55].map { "left UDP 192.0.2.7:\($0)" } + ["left UDP 2001:db8::7:53"]
        ),
        (
            "to-this-machine",
            [
                "reached UDP 127.0.0.1 7777", "reached UDP 127.0.0.53 53", "reached UDP ::1 53",
                "reached UDP ::1 7777",
            ]
        ),
        (
            "to-many",
            ["198.51.100.255", "224.0.0.251", "224.0.0.252", "255.255.255.255", "ff02::fb"].map {
                "left UDP \($0):5353"
            }
        ),
        (
            "through-another-interface",
            [53, 54, 55, 56].map { "left UDP 192.0.2.7:\($0)" } + ["left UDP 2001:db8::7:53"]
        ),
        ("second-entry-of-a-batch", ["left UDP 192.0.2.7:53"]),
        ("with-garbage-in-the-upper-halves", ["left UDP 192.0.2.7:53"]),
        (
            "a-name-to-a-server-of-its-choice",
            ["TCP 192.0.2.7", "TCP 203.0.113.8", "UDP 192.0.2.7", "UDP 203.0.113.8"].map { "left \($0):53" }
                + ["reached UDP 127.0.0.53 53"]
        ),
        ("configured-as-the-namespaces-owner", ["left UDP 192.0.2.7:53"]),
    ]

    @Test(arguments: attempts)
    func noDatagramLeavesTheHelpersNamespace(attempt: String, control: [String]) async throws {
        try await HoopxFixture.run { fixture in
            try await fixture.reach(.python("datagrams.py \(attempt)")).expect(control)
        }
    }

    /// Where there are no user namespaces, there are no datagram sockets.
    @Test(arguments: ["sends", "to-this-machine", "a-name-to-a-server-of-its-choice"])
    func noDatagramLeavesWithoutTheHelper(attempt: String) async throws {
        try await HoopxFixture.run { fixture in
            let reached = try await fixture.reach(.python("datagrams.py \(attempt)"), hasNamespaces: false)
            reached.expectNothing()
        }
    }

    @Test(arguments: ["sends", "through-another-interface", "configured-as-the-namespaces-owner"])
    func noDatagramOfRootLeaves(attempt: String) async throws {
        try await HoopxFixture.run(as: .current) { fixture in
            let reached = try await fixture.reach(.python("datagrams.py \(attempt)"))
            reached.expectNothing()
        }
    }
}
