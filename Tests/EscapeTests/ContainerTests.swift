import HoopxTestSupport
import Testing

/// The same attempts where a filter refuses pidfd_getfd(2) and user namespaces, as Docker's default profile does: hoopx makes
/// the target's sockets itself, and there are no datagram sockets.
@Suite struct ContainerTests {
    @Test(arguments: [
        ("direct.py raw-connect", 4), ("direct.py not-blocking", 1), ("direct.py bound-to-a-link", 3),
        ("direct.py bound-to-nowhere", 4), ("direct.py after-disconnecting", 2),
        ("direct.py from-an-accepted-socket", 2), ("direct.py fast-open-send", 6),
        ("pivots.py services", 10), ("pivots.py by-another-name", 1), ("pivots.py a-port-beside-its-own", 2),
        ("pivots.py a-borrowed-port", 1), ("pivots.py with-a-passed-socket", 2),
    ])
    func nothingIsReachedFromAContainer(attempt: String, controls: Int) async throws {
        try await HoopxFixture.run { fixture in
            let reached = try await fixture.reach(.python(attempt), through: try Programs.container)
            #expect(reached.control.count == controls, "\(reached)")
            reached.expectNothing()
        }
    }

    /// 57
    @Test func noGroupIsJoined() async throws {
        try await HoopxFixture.run { fixture in
            let reached = try await fixture.reach(.python("sockets.py groups"), through: try Programs.container)
            #expect(reached.control.count >= 2, "\(reached)")
            reached.expectNothing()
        }
    }

    /// 55, 65
    @Test(arguments: [("tap.py", "make", "attach"), ("tap.py", "make-macvtap", "write-frame")])
    func noDeviceIsAWire(program: String, making: String, attempt: String) async throws {
        try await HoopxFixture.run(as: .current) { fixture in
            let make = [Programs.python, try Programs.source(program), making]
            let reached = try await fixture.reach(
                .python("\(program) \(attempt)"), through: make + (try Programs.container))
            #expect(reached.control.count == 1, "\(reached)")
            reached.expectNothing()
        }
    }

    /// 56
    @Test(arguments: ["hosts", "cache"])
    func nobodySaysWhereAllowedNamesLead(attempt: String) async throws {
        try await HoopxFixture.run(as: .current) { fixture in
            let reached = try await fixture.reach(
                .python("resolver.py \(attempt)"),
                configuration: "version: 1\negress: {tunnel: [\"one.example.com:443\", \"two.example.com:443\"]}",
                through: [Programs.python, Programs.source("resolver.py"), "make"] + (try Programs.container))
            #expect(!reached.description.contains("supervised said: asked"), "\(reached)")
            reached.expectNothing()
        }
    }

    /// 15, 59
    @Test(arguments: [
        "without-a-bind", "on-every-address", "on-a-link", "sharing-its-port",
    ])
    func nobodyOutsideReachesAServer(server: String) async throws {
        try await HoopxFixture.run { fixture in
            let run = try await fixture.start(
                program: fixture.newNetwork + (try Programs.container) + [
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
