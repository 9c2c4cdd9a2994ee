import HoopxTestSupport
import Testing

/// Typing into the terminal for whoever reads it after the run (attempt 34).
@Suite struct TerminalInputTests {
    @Test(arguments: Account.all)
    func theTargetTypesNothingForTheShell(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let program = try "\(Programs.python) \(Programs.source("terminal.py"))"
            // Since Linux 6.2 a kernel can leave TIOCSTI to CAP_SYS_ADMIN (dev.tty.legacy_tiocsti).
            let setting = try? String(contentsOfFile: "/proc/sys/dev/tty/legacy_tiocsti", encoding: .utf8)
            let canType = setting?.hasPrefix("1") ?? true || account.uid == 0
            let natively = try await Self.linesRead(after: program, fixture)
            #expect(natively == (canType ? ["low", "high"] : ["typed", "typed"]))

            let supervised = try
                "\(HoopxFixture.hoopx) run --config \(fixture.configuration("version: 1")) -- \(program)"
            #expect(try await Self.linesRead(after: supervised, fixture) == ["typed", "typed"])
        }
    }

    /// What a shell reads from its terminal after a command, with "typed" typed on it when it asks.
    private static func linesRead(after command: String, _ fixture: HoopxFixture) async throws -> [String] {
        let (terminal, shell) = try fixture.terminal([
            "/bin/sh", "-c", "\(command); echo asking; read first; read second; echo \"read=$first=$second=\"",
        ])
        try await terminal.waitFor("asking")
        terminal.type("typed\ntyped\n")
        #expect(try await shell.exit() == .status(0))
        try await terminal.waitFor("=\r\n")
        return terminal.text.split(separator: "=").dropFirst().prefix(2).map(String.init)
    }
}
