import ArgumentParser
import HoopxCore
import HoopxIdentity
import HoopxLinux
import HoopxSession

/// `hoopx whoami`: whom a session would act for.
struct WhoamiCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami",
        abstract: "Tells whom a session acts for, and who vouches for it.",
        discussion: """
            Exit status: 0 where there is somebody; 1 where a login is needed; 64 for a wrong call, 125 where it could \
            not be found out.
            """)

    @OptionGroup var issuerOptions: IssuerOptions

    @Flag(help: "Write one JSON object, for programs.")
    var json = false

    func run() throws {
        try ExitStatus.mapping { () throws(HoopxError) -> Int32 in
            let context = try issuerOptions.context()
            switch try ForegroundWork.run({ () async throws(HoopxError) in try await context.current() }) {
            case .somebody(let principal):
                if json {
                    Console.print(json: PrincipalJSON.document(principal))
                } else {
                    for line in PrincipalPage.lines(of: principal, now: .now()) { Console.print(line) }
                }
                return 0
            case .loginNeeded(let issuer, let reason):
                Console.say("no identity at \(issuer): \(reason)")
                Console.say("hint: hoopx login")
                return 1
            }
        }
    }
}
