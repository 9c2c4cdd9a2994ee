import ArgumentParser
import HoopxAudit
import HoopxCore
import HoopxSession

/// `hoopx sessions`: what was recorded.
struct SessionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions",
        abstract: "Shows what was recorded.",
        subcommands: [
            SessionsListCommand.self, SessionsShowCommand.self, SessionsTailCommand.self, SessionsExportCommand.self,
        ],
        defaultSubcommand: SessionsListCommand.self)
}

extension SessionReader {
    /// The reader of the user's own records, or nil where there are none yet.
    static func ofUser() throws(HoopxError) -> SessionReader? {
        let directory = try StateDirectory.path(in: OwnEnvironment.variables)
        return try SQLiteAuditStore.existing(directory: directory).map { SessionReader($0) }
    }
}
