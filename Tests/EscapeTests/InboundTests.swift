import HoopxTestSupport
import Testing

/// Servers of the target that somebody outside dials (attempt 15).
@Suite struct InboundTests {
    @Test(arguments: [
        "without-a-bind", "on-every-address", "on-the-outer-address", "on-a-link", "freed-from-its-interface",
        "taken-apart-and-set-up-again", "of-a-thread-with-its-own-descriptors", "sharing-its-port", "datagrams",
    ])
    func nobodyOutsideReachesAServerOfTheTarget(server: String) async throws {
        try await HoopxFixture.run { fixture in
            let run = try await fixture.start(
                program: fixture.newNetwork + [
                    Programs.python, Programs.source("inbound.py"), HoopxFixture.hoopx,
                    fixture.configuration("version: 1"), server,
                ]
            ).finish()
            let lines = run.stdout.split(separator: "\n")
            #expect(lines.contains("control: visited"), "\(run)")
            #expect(lines.contains("supervised: nobody came"), "\(run)")
        }
    }
}
