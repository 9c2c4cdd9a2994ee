import ArgumentParser
import HoopxAudit
import HoopxCore
import HoopxLinux
import HoopxSession

/// `hoopx audit`: whether the record is what was recorded, and how long it is kept.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Verifies the record, proves single events, and deletes what is old.",
        subcommands: [
            AuditVerifyCommand.self, AuditProveCommand.self, AuditCheckpointsCommand.self, AuditKeyCommand.self,
            AuditPruneCommand.self, AuditHoldCommand.self, AuditReleaseCommand.self,
        ])
}

/// The user's own record.
enum OwnRecord {
    static func directory() throws(HoopxError) -> String { try StateDirectory.path(in: OwnEnvironment.variables) }

    /// Whoever calls: nobody vouches for it.
    static var user: Principal {
        let user = LocalUser.current()
        return .localUser(name: user.name, uid: user.uid)
    }

    /// The error where nothing is recorded yet.
    static func nothing(_ doing: String) -> HoopxError {
        HoopxError(
            .usage, doing: doing, found: "nothing is recorded yet", hint: "hoopx run -- COMMAND records a session")
    }
}
