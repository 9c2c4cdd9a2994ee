import ArgumentParser

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
        subcommands: [RunCommand.self, SessionsCommand.self])

    public init() {}
}
