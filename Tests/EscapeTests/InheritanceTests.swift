import HoopxTestSupport
import Testing

/// Sockets that the command is started with (attempt 19), and the seccomp listener (20, 53).
@Suite struct InheritanceTests {
    /// Above standard error hoopx closes them; what it is given as a standard stream it does not start with.
    @Test(arguments: [
        ("datagram", ["left UDP 192.0.2.7:53", "left UDP 192.0.2.7:81"]), ("stream", ["left TCP 192.0.2.7:81"]),
        ("unix-datagram", ["reached UNIX datagram"]),
    ])
    func noInheritedSocketIsLeftToTheCommand(kind: String, control: [String]) async throws {
        for descriptor in ["0", "7"] {
            try await HoopxFixture.run { fixture in
                let through = try [Programs.python, Programs.source("inherit.py"), kind, descriptor]
                let reached = try await fixture.reach(.python("inherited.py everything"), through: through)
                #expect(reached.control == control, "\(reached)")
                #expect(reached.supervised == [], "\(reached)")
                #expect(reached.ranSupervised == (descriptor == "7"), "\(reached)")
            }
        }
    }

    /// The connection is made before hoopx, so that it is there in both; nothing may be said on it.
    @Test func nothingIsSaidOnAnInheritedConnection() async throws {
        try await HoopxFixture.run { fixture in
            let through = try [Programs.python, Programs.source("inherit.py"), "connected", "7"]
            let reached = try await fixture.reach(.python("inherited.py everything"), through: through)
            #expect(reached.control == ["heard TCP 127.0.0.1 7777", "reached TCP 127.0.0.1 7777"], "\(reached)")
            #expect(reached.ranSupervised && reached.supervised == ["reached TCP 127.0.0.1 7777"], "\(reached)")
        }
    }

    /// 20: the kernel gives a tree one listener, and hoopx has it.
    @Test func theTargetCannotAnswerForHoopx() async throws {
        try await HoopxFixture.run { fixture in
            let direct = try [Programs.source("direct.py"), "raw-connect"]
            let attempt = Attempt(program: try Programs.built("notifier"), words: ["own", Programs.python] + direct)
            let reached = try await fixture.reach(attempt)
            #expect(reached.control.count == 4, "its own listener lets everything continue: \(reached)")
            #expect(reached.description.contains("supervised said: no listener: "), "\(reached)")
            reached.expectNothing()
        }
    }

    /// 53: a supervisor that lets every call continue, because of a fault. The control is the same without Landlock.
    @Test(arguments: [
        "raw-connect", "not-blocking", "bound-to-the-interface", "from-an-accepted-socket", "fast-open-option",
    ])
    func whereHoopxLetsCallsContinueLandlockStandsBehindIt(attempt: String) async throws {
        let notifier = try Programs.built("notifier")
        try await HoopxFixture.run { fixture in
            let open = try await fixture.reach(
                .python("direct.py \(attempt)"), by: notifier, environment: ["NO_LANDLOCK": "1"])
            #expect(open.control == open.supervised, "the fault lets everything out: \(open)")
        }
        try await HoopxFixture.run { fixture in
            try await fixture.reach(.python("direct.py \(attempt)"), by: notifier).expectNothing()
        }
    }
}
