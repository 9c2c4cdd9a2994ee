import HoopxTestSupport

/// A message bus of the test's own with GNOME's keyring on it, a real Secret Service. Its collections lie in a home of the
/// test's own.
struct DesktopSession {
    /// What a program of the session has in its environment.
    let environment: [String: String]
    private let scope: FixtureScope
    private let directory: TemporaryDirectory

    /// A bus, as yet without the service.
    ///
    /// - Parameter home: of an earlier session, whose collections are there.
    init(_ scope: FixtureScope, home: String? = nil) async throws {
        self.scope = scope
        let directory = try TemporaryDirectory(owner: .current)
        scope.atEnd { directory.remove() }
        self.directory = directory
        let bus = "unix:path=\(directory.path)/bus"
        environment = [
            "HOME": try home ?? directory.directory("home"), "PATH": "/usr/bin:/bin", "DBUS_SESSION_BUS_ADDRESS": bus,
        ]
        // Without the machine's service files: nothing but what the test starts.
        let configuration = try directory.file(
            "bus.conf",
            """
            <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
             "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
            <busconfig>
              <type>session</type><listen>\(bus)</listen>
              <policy context="default">
                <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
              </policy>
            </busconfig>
            """)
        _ = try await start(
            ["/usr/bin/dbus-daemon", "--config-file=\(configuration)", "--nofork", "--nopidfile", "--print-address"]
        ).waitForStdout("unix:")
    }

    /// Starts the service.
    ///
    /// - Parameter password: unlocks the login collection, or makes it; nil leaves it locked.
    func startKeyring(password: String?) async throws -> RunningProcess {
        let keyring = try start(
            ["/usr/bin/gnome-keyring-daemon", "--foreground", "--components=secrets"]
                + (password == nil ? [] : ["--unlock"]))
        keyring.write(password ?? "")
        keyring.closeInput()
        try await owner(isThere: true)
        return keyring
    }

    /// Waits until the service has come, or gone.
    func owner(isThere: Bool) async throws {
        let question = [
            "/usr/bin/dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/",
            "org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets",
        ]
        while true {
            let answer = try await start(question).finish()
            if answer.stdout.contains("boolean \(isThere)") { return }
            guard answer.exit == .status(0) else { throw TestSupportError("\(answer)") }
        }
    }

    /// Runs a program of the session to its end.
    func run(_ arguments: [String]) async throws -> FinishedProcess { try await start(arguments).finish() }

    private func start(_ arguments: [String]) throws -> RunningProcess {
        let process = try RunningProcess(arguments, environment: environment, directory: directory.path)
        scope.atEnd {
            process.send(9)
            _ = try? await process.exit()
        }
        return process
    }
}
