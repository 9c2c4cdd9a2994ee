import ArgumentParser
import HoopxCore
import HoopxIdentity
import HoopxSession

/// `hoopx logout`: revokes the login and forgets it.
struct LogoutCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout",
        abstract: "Revokes your login and forgets it.",
        discussion: """
            The login is forgotten here whatever comes of its revocation. Sessions that run lose their identity when \
            it would be refreshed. A login is kept for each provider and client; --all ends all of them.

            Exit status: 0 where nobody is logged in any more; 1 where the login is forgotten but the provider, which \
            could have revoked it, was not to be had; 64 for a wrong call, 125 where it could not be forgotten.
            """)

    @Flag(help: "End all logins that are kept, whichever provider and client they are at.")
    var all = false

    @OptionGroup var issuerOptions: IssuerOptions

    func validate() throws {
        if all, issuerOptions.issuer != nil || issuerOptions.clientID != nil {
            throw ValidationError(
                "--all is for every provider and client: it goes with neither --issuer nor --client-id")
        }
    }

    func run() throws {
        try ExitStatus.mapping { () throws(HoopxError) -> Int32 in
            let context = try issuerOptions.context()
            if all { return try logOutOfAll(context) }
            let user = try context.user()
            let outcome = try ForegroundWork.run { () async throws(HoopxError) in try await user.logout() }
            return Self.tell(outcome, at: user.issuer)
        }
    }

    private func logOutOfAll(_ context: IdentityContext) throws(HoopxError) -> Int32 {
        let logouts = try ForegroundWork.run { () async throws(HoopxError) in await context.logoutOfAll() }
        let statuses = logouts.ended.map {
            Self.tell($0.outcome, at: $0.issuer ?? "a provider that nobody knows any more")
        }
        for failure in logouts.failures.dropLast() { Console.error(failure) }
        if let last = logouts.failures.last { throw last }
        if statuses.isEmpty { Console.say("nobody is logged in") }
        return statuses.max() ?? 0
    }

    /// - Returns: the exit status.
    private static func tell(_ outcome: LogoutOutcome, at issuer: String) -> Int32 {
        switch outcome {
        case .nobodyLoggedIn: Console.say("nobody is logged in to \(issuer)")
        case .revoked: Console.say("logged out of \(issuer)")
        case .forgotten(let why): Console.say("logged out of \(issuer), without a revocation: \(why)")
        case .notRevoked(let why):
            Console.error(
                HoopxError(
                    .startup, doing: "revoking the login at \(issuer)", found: why,
                    hint: "it is forgotten here; end hoopx's sessions in your account at the provider"))
            return 1
        }
        return 0
    }
}
