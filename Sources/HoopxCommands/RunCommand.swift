import ArgumentParser
import HoopxConfiguration
import HoopxCore
import HoopxSession

/// `hoopx run`: runs a command under supervision.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs a command under supervision.",
        usage:
            "hoopx run [--config FILE] [--identity PROVIDER] [--allow-nested] [--record-terminal] [--verbose] [--] "
            + "COMMAND [ARGUMENT ...]",
        discussion: """
            The command runs as it would without hoopx: same terminal, same files, same exit status. But all that it \
            sends passes through hoopx: requests to a connection (api.anthropic.com where nothing is configured) get \
            the real credential, which the command itself never holds; what is not allowed is refused, and said on \
            standard error after the command has ended. `hoopx sessions show` tells what it did.

            Examples:
              hoopx run -- claude -p "hi"
              hoopx run --config agent.yaml -- python3 agent.py

            Exit status: the command's own; 128+n where signal n ended it; 64 for a wrong call, 125 where hoopx failed \
            before the command ran, 126 where the command is not executable, 127 where it was not found.
            """)

    @OptionGroup var configuration: ConfigurationOption

    @Option(
        help: ArgumentHelp(
            "Where the session's identity comes from, instead of the configuration's identity.provider.",
            valueName: "provider"))
    var identity: IdentityConfiguration.Provider?

    @Flag(
        help: ArgumentHelp(
            "Do without file rules, so that sandboxes inside (bwrap, Chromium's) can mount. Recorded as a weakening."))
    var allowNested = false

    @Flag(
        help: ArgumentHelp(
            "Record what the command shows on its terminal, masked; what is typed is not recorded."))
    var recordTerminal = false

    @Flag(name: .shortAndLong, help: "Say on standard error which session this is and how the sandbox is built.")
    var verbose = false

    @Argument(
        parsing: .captureForPassthrough,
        help: ArgumentHelp("The command and its arguments.", valueName: "command"),
        completion: .shellCommand("compgen -c"))
    var words: [String] = []

    func validate() throws {
        guard let first = words.first else {
            throw ValidationError("there is no command to run: hoopx run -- COMMAND [ARGUMENT ...]")
        }
        // Capturing takes these words from the parser too.
        if first == "--help" || first == "-h" { throw CleanExit.helpRequest(Self.self) }
        // What is captured begins with the first word that is no option of hoopx, so this is a mistyped one.
        guard !first.hasPrefix("-") || first == "--" else {
            throw ValidationError("unknown option \(first): put -- in front of a command that begins with a hyphen")
        }
        guard words != ["--"] else {
            throw ValidationError("there is no command after --: hoopx run -- COMMAND [ARGUMENT ...]")
        }
    }

    func run() throws {
        try ExitStatus.mapping { () throws(HoopxError) -> Int32 in
            let command = words.first == "--" ? Array(words.dropFirst()) : words
            let startup = StartupSequence(
                command: command, configurationPath: configuration.path, allowsNested: allowNested,
                recordsTerminal: recordTerminal,
                identityProvider: identity, loginPresenter: Console.errorScreen == nil ? nil : LoginScreen(),
                environment: OwnEnvironment.variables)
            let session = try startup.start()
            if verbose { Self.introduce(session) }
            if let reason = session.unrecordedTerminal { Console.say("the terminal is not recorded: \(reason)") }
            let outcome = session.wait()
            Self.report(outcome)
            if outcome.installedInVain { Self.explainClosedSystem() }
            if outcome.exitStatus != 0, session.isWorkingDirectoryClosed { Self.explainClosedDirectory() }
            return outcome.exitStatus
        }
    }

    private static func introduce(_ session: RunningSession) {
        Console.say("session \(session.id), recorded in \(session.stateDirectory)")
        Console.say("configuration: \(session.configurationPath ?? "built in")")
        Console.say("identity: \(PrincipalText.line(session.principal))")
        Console.say("datagrams and names: \(session.datagramTier)")
        let files = session.fileRulesWeakening.map { "no file rules, by \($0)" } ?? "file rules are in force"
        Console.say("files: \(files)")
        Console.say("masking: \(session.masking)")
        for weakening in session.furtherWeakenings { Console.say("weakened: \(weakening)") }
    }

    private static func explainClosedSystem() {
        Console.say(
            "hint: to install packages takes writing to /etc and /usr, which are read-only for a command that is root: "
                + "filesystem: {allow: [/etc, /usr]} in the configuration gives them back, and their protection up "
                + "(hoopx-sandbox(7))")
    }

    private static func explainClosedDirectory() {
        Console.say(
            "hint: files beneath the working directory are kept from the command, so that it can make none directly "
                + "in it (hoopx-sandbox(7)): run it in a directory below")
    }

    private static func report(_ outcome: RunOutcome) {
        for line in DenialPage(outcome.denials).lines { Console.say(line) }
        if outcome.furtherDenials > 0 { Console.say("denied: \(outcome.furtherDenials) more, which differ from these") }
        for failure in outcome.failures { Console.error(failure) }
    }
}
