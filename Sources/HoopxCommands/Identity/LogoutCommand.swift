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
            it would be refreshed.

            Exit status: 0 where nobody is logged in any more; 1 where the login is forgotten but the provider, which \
            could have revoked it, was not to be had; 64 for a wrong call, 125 where it could not be forgotten.
            """)

    @OptionGroup var issuerOptions: IssuerOptions

    func run() throws {
        try ExitStatus.mapping { () throws(HoopxError) -> Int32 in
            let user = try issuerOptions.context().user()
            switch try ForegroundWork.run({ () async throws(HoopxError) in try await user.logout() }) {
            case .nobodyLoggedIn: Console.say("nobody is logged in to \(user.issuer)")
            case .revoked: Console.say("logged out of \(user.issuer)")
            case .forgotten(let why): Console.say("logged out of \(user.issuer), without a revocation: \(why)")
            case .notRevoked(let why):
                Console.error(
                    HoopxError(
                        .startup, doing: "revoking the login at \(user.issuer)", found: why,
                        hint: "it is forgotten here; end hoopx's sessions in your account at the provider"))
                return 1
            }
            return 0
        }
    }
}
