import ArgumentParser
import Glibc
import HoopxLinux

/// The root of the command line.
public struct HoopxCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "hoopx",
        abstract: "Puts an AI agent under supervision.",
        discussion: """
            hoopx runs a command so that all it sends passes through hoopx's own proxy, which gives it credentials \
            that it never sees, records what it does and refuses what is not allowed.
            """,
        version: "0.1.0",
        subcommands: [
            RunCommand.self, LoginCommand.self, LogoutCommand.self, WhoamiCommand.self, SessionsCommand.self,
            AuditCommand.self, DoctorCommand.self,
        ])

    public init() {}

    /// Runs what the command line says, and ends the process.
    public static func start() -> Never {
        guard StandardStreams.fill() else { _exit(ExitStatus.code(for: .startup).rawValue) }
        var command: any ParsableCommand
        do {
            command = try parseAsRoot()
        } catch {
            // What is no wrong call is a call for help or for the version.
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            Console.say("error: reading the command line: \(message(for: error))")
            Console.say("hint: \(verb(in: CommandLine.arguments.dropFirst())) --help shows how to call it")
            exit(withError: ExitCode.validationFailure)
        }
        do {
            try command.run()
            exit()
        } catch {
            exit(withError: error)
        }
    }

    /// As much of a command line as names a command: `hoopx sessions list`.
    static func verb(in words: some Sequence<String>) -> String {
        var names = ["hoopx"]
        var command: any ParsableCommand.Type = Self.self
        for word in words {
            guard let next = command.configuration.subcommands.first(where: { $0.configuration.commandName == word })
            else { break }
            names.append(word)
            command = next
        }
        return names.joined(separator: " ")
    }
}
