import HoopxTestSupport
import Testing

/// Targets that change what a call is about while hoopx looks at it (attempts 4, 5, 28, 54): 20,000 rounds each, which
/// take a while. `make test-races` runs them.
@Suite(.serialized) struct RaceTests {
    private static let rounds = 20_000

    /// hoopx may answer the calls of a round in either way; in none of them is a host or a server reached that is not
    /// allowed. Allowed are a server of the target's own, and name servers, which are hoopx.
    @Test(arguments: [
        // 4: the bytes of the address.
        ("address", ["left TCP 192.0.2.7:81", "left TCP 192.0.2.8:53", "reached TCP 127.0.0.1 7777"]),
        // 5: what the descriptor's number stands for.
        (
            "descriptor",
            ["left TCP 192.0.2.7:81", "left TCP 192.0.2.8:53", "left UDP 192.0.2.7:81", "reached TCP 127.0.0.1 7777"]
        ),
        // 28: the socket that a path leads to.
        ("path", ["reached UNIX stream"]),
        // 7: TCP_FASTOPEN_CONNECT, set after hoopx took it off, and a write at once.
        ("options", ["left TCP 192.0.2.7:81", "left TCP 192.0.2.8:53"]),
        // 21: the interface that the socket is bound to.
        ("interface", ["left TCP 192.0.2.8:53", "left TCP 2001:db8::7:53", "left TCP 2001:db8::7:81"]),
    ])
    func whatChangesDuringTheCallLeadsNowhereElse(race: String, control: [String]) async throws {
        try await HoopxFixture.run { fixture in
            let reached = try await fixture.reach(.c("race \(race) \(Self.rounds)"))
            #expect(Set(control).isSubset(of: reached.control), "the race can be won: \(reached)")
            reached.expectNothing()
            #expect(reached.description.contains("hoopx: denied: "), "rounds with what is not allowed: \(reached)")
        }
    }

    /// 54: fifty hosts, eight threads. hoopx tells each connection where it leads.
    @Test func noConnectionIsTakenForAnother() async throws {
        try await HoopxFixture.run { fixture in
            let race = try Programs.built("race")
            let run = try await fixture.run(
                [race, "attribution", "50000"], configuration: fixture.configuration("version: 1"))
            #expect(run.stdout.hasPrefix("told 50000, mixed up 0\n"), "\(run)")
        }
    }
}
