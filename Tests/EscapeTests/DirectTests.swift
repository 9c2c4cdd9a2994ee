import HoopxTestSupport
import Testing

/// TCP past the proxy (attempts 1-3, 6, 7, 10, 12, 16-18). The witness is a machine whose only way out is watched.
@Suite struct DirectTests {
    @Test(arguments: [
        (
            "raw-connect",
            ["left TCP 192.0.2.7:81", "left TCP 2001:db8::7:81", "reached TCP 127.0.0.1 7777", "reached TCP ::1 7777"]
        ),
        ("without-proxy-variables", ["left TCP 192.0.2.7:81"]),
        ("not-blocking", ["left TCP 192.0.2.7:81"]),
        ("bound-to-the-interface", ["left TCP 192.0.2.7:81"]),
        ("bound-to-a-link", ["left TCP 2001:db8::7:53", "left TCP 2001:db8::7:81", "left TCP ::1:7779"]),
        (
            "bound-to-nowhere",
            [7781, 7782, 7783].map { "left TCP 2001:db8::6269:7473:\($0)" } + ["left TCP 2001:db8::7:53"]
        ),
        ("after-disconnecting", ["left TCP 192.0.2.7:81", "reached TCP 127.0.0.1 7777"]),
        ("from-an-accepted-socket", ["left TCP 192.0.2.7:81", "left TCP 192.0.2.7:82"]),
        (
            "spelled-otherwise",
            [
                "left TCP 192.0.0.7:81", "left TCP 192.0.2.7:81", "left TCP 192.0.2.7:82", "left TCP 2001:db8::7:83",
                "reached TCP 127.0.0.1 7777", "reached TCP ::1 7777",
            ]
        ),
        ("only-over-ipv6", ["left TCP 2001:db8::7:443", "left TCP 2001:db8::8:443"]),
        (
            "fast-open-send",
            [81, 82, 83, 84, 86].map { "left TCP 192.0.2.7:\($0)" } + ["left TCP 2001:db8::7:85"]
        ),
        ("fast-open-option", ["left TCP 192.0.2.7:81"]),
    ])
    func noConnectionLeavesTheMachine(attempt: String, control: [String]) async throws {
        try await HoopxFixture.run { fixture in
            try await fixture.reach(.python("direct.py \(attempt)")).expect(control)
        }
    }

    /// 1, as real root, whose capabilities hoopx takes away, and where there are no user namespaces.
    @Test(arguments: Account.all.map { ($0, true) } + [(.ordinary, false)])
    func neitherUserNorLackOfNamespacesMatters(account: Account, hasNamespaces: Bool) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let reached = try await fixture.reach(.python("direct.py raw-connect"), hasNamespaces: hasNamespaces)
            #expect(reached.control.count == 4, "\(reached)")
            reached.expectNothing()
        }
    }

    /// 18: hoopx serves a port of 127.0.0.1 to the target; the same port of another address is not that.
    @Test func anotherHostOnTheProxysPortIsAnotherHost() async throws {
        try await HoopxFixture.run { fixture in
            let yaml = """
                version: 1
                connections: {claude: {type: anthropic, entry: base_url, upstream: "http://127.0.0.1:7777"}}
                """
            try await fixture.reach(.python("direct.py on-the-proxys-port"), configuration: yaml).expect([
                "left TCP 192.0.2.7:7777", "left TCP 198.51.100.9:7777", "left TCP 2001:db8::7:7777",
            ])
        }
    }

    /// 3, 10, 12: a static program, 32-bit calls, the calls of x32 and numbers that nobody gave out, io_uring.
    ///
    /// Where the kernel knows no call of a number, the control shows that the same program's true connect(2) leaves.
    @Test(arguments: [
        ("static-connect", ["left TCP 192.0.2.7:81"]),
        ("interrupt", ["left TCP 192.0.2.7:81", "left TCP 192.0.2.7:82"]),
        ("foreign-numbers", ["left TCP 192.0.2.7:81"]),
        ("ring", ["left TCP 192.0.2.7:81", "left TCP 192.0.2.7:82"]),
    ])
    func noOtherDoorOfTheKernelLeadsOut(attempt: String, control: [String]) async throws {
        try await HoopxFixture.run { fixture in
            try await fixture.reach(.c("calls \(attempt)")).expect(control)
        }
    }

    /// 40: a program that lies in no file, and one that the dynamic loader starts.
    @Test(arguments: ["from-memory", "by-the-loader"])
    func howAProgramIsStartedDoesNotMatter(attempt: String) async throws {
        try await HoopxFixture.run { fixture in
            let program = try [
                "from-memory": [Programs.built("calls")],
                "by-the-loader": [Programs.source("direct.py"), "without-proxy-variables"],
            ]
            let reached = try await fixture.reach(.python("namespaces.py \(attempt)", program[attempt] ?? []))
            reached.expect(["left TCP 192.0.2.7:81"])
        }
    }
}
