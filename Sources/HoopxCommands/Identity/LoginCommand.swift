import ArgumentParser
import Glibc
import HoopxCore
import HoopxIdentity
import HoopxLinux
import HoopxSession

/// `hoopx login`: logs a person in at the identity provider.
struct LoginCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Logs you in at the identity provider.",
        discussion: """
            Shows a code and an address, on standard error. Open the address in any browser, on this machine or \
            another, enter the code and confirm: hoopx then has a verified identity for the sessions that it runs, and \
            refreshes it by itself from then on. No browser is opened unless you say --open.

            Exit status: 0 where you are logged in; 64 for a wrong call, 125 where the login failed, 128+n where \
            signal n ended it (130 for Ctrl-C).
            """)

    @OptionGroup var issuerOptions: IssuerOptions

    @Flag(name: .customLong("no-qr"), help: "Draw no QR code.")
    var withoutQRCode = false

    @Flag(name: .customLong("open"), help: "Open the address in a browser of this machine (xdg-open).")
    var opensBrowser = false

    @Flag(help: "Log in even if you are logged in already.")
    var force = false

    func run() throws {
        try ExitStatus.mapping { () throws(HoopxError) -> Int32 in
            let context = try issuerOptions.context()
            let signals = try LoginSignals.collect()
            let user = try context.user()
            guard context.keepsLogins else {
                throw HoopxError(
                    .usage, doing: "logging in to \(user.issuer)",
                    found: "identity.cache is memory, so that nothing would be kept of it",
                    hint: "hoopx run logs in by itself then, at each start")
            }
            let screen = LoginScreen(withQRCode: !withoutQRCode, opensBrowser: opensBrowser)
            let force = force
            let outcome = try ForegroundWork.run(until: signals) { () async throws(HoopxError) -> LoginResult in
                if !force, let known = await Self.known(user) { return .alreadyLoggedIn(known) }
                return .loggedIn(try await user.login(screen).principal)
            }
            switch outcome {
            case .done(.alreadyLoggedIn(let principal)):
                Console.say("already logged in to \(user.issuer) as \(principal.name)")
            case .done(.loggedIn(let principal)): Console.say("logged in to \(user.issuer) as \(principal.name)")
            case .interrupted(let signal): return LoginSignals.giveUp(on: signal)
            }
            return 0
        }
    }

    private enum LoginResult: Sendable {
        case alreadyLoggedIn(Principal)
        case loggedIn(Principal)
    }

    /// Who is logged in. Whatever is wrong with what is kept, a login mends it or says more of it.
    private static func known(_ user: UserIdentity) async -> Principal? {
        guard case .established(let identity)? = try? await user.load() else { return nil }
        return identity.principal
    }
}

/// The signals that end a login.
enum LoginSignals {
    /// Collects them. It must come before the first thread.
    static func collect() throws(HoopxError) -> SignalStream {
        do throws(Errno) {
            return try SignalStream([SIGINT, SIGTERM, SIGHUP])
        } catch {
            throw HoopxError(.startup, doing: "preparing hoopx's own process", found: "\(error)")
        }
    }

    /// Says that the login was given up.
    ///
    /// - Returns: the exit status.
    static func giveUp(on signal: SignalStream.Signal) -> Int32 {
        // Behind the ^C that the terminal shows.
        if signal.isFromKernel, Console.errorScreen != nil { Console.draw([""]) }
        Console.say("the login was given up: nothing has changed")
        return 128 + signal.number
    }
}
