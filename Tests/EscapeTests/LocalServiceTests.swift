import HoopxTestSupport
import Testing

/// Servers of others on the same machine (attempts 22-30): each could do for the target what it may not do itself.
@Suite struct LocalServiceTests {
    @Test(arguments: [
        (
            "services",
            [
                "@/tmp/.X11-unix/X0", "@/tmp/dbus-1", "@packet", "S.gpg-agent", "agent.1", "bus", "docker.sock",
                "packet", "tmux", "wayland-0",
            ]
        ),
        ("by-another-name", ["stream"]),
        ("mounted-elsewhere", ["stream"]),
        ("from-another-root-by-a-thread", ["stream"]),
        ("datagrams", ["@datagram", "datagram"]),
        ("datagrams-of-a-pair", ["datagram"]),
    ])
    func noUnixSocketOfAnotherIsReached(attempt: String, control: [String]) async throws {
        try await HoopxFixture.run { fixture in
            try await fixture.reach(.python("pivots.py \(attempt)")).expect(control.map { "reached UNIX \($0)" })
        }
    }

    /// 22, by a client of that interface.
    @Test func curlDoesNotReachDocker() async throws {
        try await HoopxFixture.run { fixture in
            let control = ["heard UNIX docker.sock", "reached UNIX docker.sock"]
            try await fixture.reach(.python("pivots.py curl")).expect(control)
        }
    }

    /// 29, 30: sshd's port, any other, and one that is shared with a server of the target's own.
    @Test(arguments: [
        ("a-port-beside-its-own", ["reached TCP 127.0.0.1 22", "reached TCP 127.0.0.1 7777"]),
        ("a-borrowed-port", ["reached TCP 127.0.0.1 7778"]),
        ("with-a-passed-socket", ["reached TCP 127.0.0.1 7777", "reached UNIX stream"]),
    ])
    func noLoopbackServerOfAnotherIsReached(attempt: String, control: [String]) async throws {
        try await HoopxFixture.run { fixture in
            try await fixture.reach(.python("pivots.py \(attempt)")).expect(control)
        }
    }
}
