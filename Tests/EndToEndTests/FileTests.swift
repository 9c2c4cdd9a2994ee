import Foundation
import HoopxTestSupport
import Testing

/// What of the file system the target reads and writes (hoopx-sandbox(7), Files).
@Suite struct FileTests {
    private static let attempts = """
        for file in "$HOME/.ssh/id" "$XDG_CONFIG_HOME/hoopx/config.yaml" "$XDG_STATE_HOME/hoopx/audit.sqlite" "$CREDENTIAL"; do
            cat "$file" && echo "read $file"
            echo x >> "$file" && echo "wrote $file"
        done 2>/dev/null
        echo 'alias ls=evil' >> "$HOME/.bashrc" && echo "wrote .bashrc"
        mkdir -p "$HOME/.config/systemd/user" && echo "made units"
        rm -rf "$XDG_STATE_HOME/hoopx" "$XDG_CONFIG_HOME/hoopx" 2>/dev/null && echo "removed the state"
        rm -f "$SSL_CERT_FILE" 2>/dev/null && echo "removed the roots"
        cp /bin/true "$XDG_STATE_HOME/hoopx/run/$HOOPX_SESSION/roots.pem" 2>/dev/null && echo "changed the roots"
        test -r "$SSL_CERT_FILE" && echo "roots are readable"
        echo x > new && mkdir -p deep/er && mv new deep/er/ && cat deep/er/new
        echo x > "$TMPDIR/hoopx-test-$HOOPX_SESSION" && rm "$TMPDIR/hoopx-test-$HOOPX_SESSION" && echo "temporary"
        """

    private func prepare(_ fixture: HoopxFixture) throws -> String {
        try fixture.directory.directory("home/.ssh")
        try fixture.directory.file("home/.ssh/id", "SECRET\n")
        try fixture.directory.file("home/.bashrc", "")
        try fixture.directory.directory("config/hoopx")
        try fixture.directory.directory("keys")
        let credential = try fixture.directory.file("keys/key", "SECRET\n")
        let text = """
            version: 1
            connections: {claude: {credential: {source: file, path: \(credential)}}}
            """
        try fixture.directory.file("config/hoopx/config.yaml", text)
        return credential
    }

    @Test(arguments: Account.all)
    func credentialsAndHoopxsOwnFilesAreOutOfReachAndTheWorkspaceIsNot(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let environment = ["CREDENTIAL": try prepare(fixture)]
            let command = ["/bin/sh", "-c", Self.attempts]
            let run = try await fixture.start(["run", "--"] + command, environment: environment).finish()
            #expect(run.stdout == "roots are readable\nx\ntemporary\n", "\(run)")
            let session = try await fixture.newestSession()
            #expect(session.weakenings == [])

            let control = try await fixture.start(
                program: command, environment: environment.merging(["SSL_CERT_FILE": "/nonexistent"]) { $1 }
            ).finish()
            for words in ["SECRET", "wrote \(fixture.directory.path)/keys/key", "wrote .bashrc", "removed the state"] {
                #expect(control.stdout.contains(words), "each attempt works without hoopx: \(control)")
            }
        }
    }

    @Test(arguments: Account.all)
    func onlyTheNamedTreesAreWrittenWhereTheConfigurationNamesThem(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            try fixture.directory.directory("home/.claude")
            try fixture.directory.directory("home/other")
            let run = try await fixture.shell(
                """
                touch here ~/.claude/there "$TMPDIR/hoopx-$HOOPX_SESSION" && rm "$TMPDIR/hoopx-$HOOPX_SESSION"; echo $?
                echo > /dev/null; echo $?
                touch ~/other/x 2>/dev/null; echo $?
                """, configuration: fixture.configuration("version: 1\nfilesystem: {write: [workspace, ~/.claude]}"))
            #expect(run.stdout == "0\n0\n1\n", "\(run)")
        }
    }

    @Test(arguments: Account.all)
    func toolsFindTheirPlacesInAHomeThatIsClosedAndUnusedOnesAreGoneAfterwards(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            try fixture.directory.directory("home/.ssh")
            try fixture.directory.directory("home/.config")
            try fixture.directory.directory("home/.config/git")
            let run = try await fixture.shell(
                """
                mkdir ~/.config/chromium-headless/profile && rmdir ~/.config/chromium-headless/profile || echo refused
                mkdir -p ~/.npm/_cacache ~/.local/share/tool ~/.cache/pip && echo x > ~/.npm/_cacache/x
                mkdir ~/elsewhere 2>/dev/null || echo closed
                """, configuration: fixture.configuration("version: 1"))
            #expect(run.stdout == "closed\n", "\(run)")
            let left = Set(fixture.directory.contents(of: "home"))
            #expect(
                left == [
                    ".ssh", ".config", ".config/git", ".npm", ".npm/_cacache", ".npm/_cacache/x", ".local",
                    ".local/share", ".local/share/tool",
                    ".cache", ".cache/pip",
                ])
        }
    }

    /// Open, it would take start-up files that are not there yet.
    @Test func aHomeThatHasNoConfigDirectoryGetsOneThatIsClosed() async throws {
        try await HoopxFixture.run { fixture in
            let home = fixture.directory.path + "/home"
            let script = """
                mkdir ~/.config/chromium-headless/profile && rmdir ~/.config/chromium-headless/profile && echo usable
                mkdir ~/.config/systemd 2>/dev/null || echo closed
                """
            for (configuration, output) in [(home + "/.config", "usable\nclosed\n"), (home + "/other", "closed\n")] {
                let run = try await fixture.start(
                    ["run", "--", "/bin/sh", "-c", script], environment: ["XDG_CONFIG_HOME": configuration]
                ).finish()
                #expect(run.stdout == output, "\(run)")
                #expect(fixture.directory.contents(of: "home").isEmpty)
            }
        }
    }

    @Test func aRunWithoutFileRulesSaysSoInItsRecord() async throws {
        try await HoopxFixture.run { fixture in
            let credential = try prepare(fixture)
            let read = ["/bin/cat", credential]
            let option = try await fixture.start(["run", "-v", "--allow-nested", "--"] + read).finish()
            #expect(option.stdout == "SECRET\n", "\(option)")
            #expect(option.stderr.contains("hoopx: files: no file rules, by --allow-nested"), "\(option)")
            #expect(try await fixture.newestSession().weakenings == ["--allow-nested"])
            let key = try await fixture.run(
                read, configuration: fixture.configuration("version: 1\nfilesystem: {nested: allow}"))
            #expect(key.stdout == "SECRET\n", "\(key)")
            #expect(try await fixture.newestSession().weakenings == ["filesystem.nested: allow"])
            let shown = try await fixture.start(["sessions", "show", fixture.newestSession().session]).finish()
            #expect(shown.stdout.contains("Weakened   filesystem.nested: allow"), "\(shown)")
        }
    }

    @Test func aCommandThatFailsInAClosedDirectoryIsTold() async throws {
        try await HoopxFixture.run { fixture in
            let closed = try await fixture.start(program: [
                "/bin/sh", "-c", "cd \"$XDG_STATE_HOME\" && exec \"$0\" run -- touch new", HoopxFixture.hoopx,
            ]).finish()
            #expect(closed.exit == .status(1), "\(closed)")
            #expect(closed.stderr.contains("hoopx: hint: files beneath the working directory are kept"), "\(closed)")
        }
    }

    /// Landlock tells nobody what it refuses.
    @Test func rootIsToldWhyNoPackagesCouldBeInstalled() async throws {
        for account in Account.all {
            try await HoopxFixture.run(as: account) { fixture in
                let manager = try fixture.directory.file("work/dpkg", "#!/bin/sh\ntouch /usr/hoopx-test\nexit 0\n")
                chmod(manager, 0o755)
                let hint = "hoopx: hint: to install packages takes writing to /etc and /usr"
                let run = try await fixture.shell(
                    "\(manager) --unpack a.deb", configuration: fixture.configuration("version: 1"))
                #expect(run.stderr.contains("Permission denied"), "\(run)")
                #expect(run.stderr.contains(hint) == (account.uid == 0), "\(run)")
                let free = try await fixture.shell(
                    "\(manager) --version; exit 1", configuration: fixture.configuration("version: 1"))
                #expect(!free.stderr.contains(hint), "\(free)")
                let given = try await fixture.shell(
                    "\(manager) -i; rm -f /usr/hoopx-test",
                    configuration: fixture.configuration("version: 1\nfilesystem: {allow: [/etc, /usr]}"))
                #expect(!given.stderr.contains(hint), "\(given)")
            }
        }
    }
}
