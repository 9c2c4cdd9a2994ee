import ArgumentParser
import HoopxAudit
import HoopxCore
import HoopxLinux
import HoopxSession

/// `hoopx audit prune`: deletes what is older than the configuration says.
struct AuditPruneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Deletes the payloads of sessions that ended longer ago than audit.retention says.",
        discussion: """
            The events' hashes stay in the log, so that it can be verified, and proofs that were given before keep \
            their worth. An event says what was deleted. Sessions on legal hold (hoopx audit hold) are spared.
            """)

    @Flag(help: "Only say what would be deleted.")
    var dryRun = false

    @OptionGroup var configuration: ConfigurationOption

    func run() throws {
        try ExitStatus.mapping { () throws(HoopxError) -> Int32 in
            let doing = "deleting old payloads"
            let settings = try AnchorSettings(
                configurationPath: configuration.path, environment: OwnEnvironment.variables)
            guard let age = settings.retention else {
                throw HoopxError(
                    .usage, doing: doing, found: "the configuration keeps them for good",
                    hint: "set audit.retention, such as 90d")
            }
            guard let store = try SQLiteAuditStore.existing(directory: try OwnRecord.directory()) else {
                throw OwnRecord.nothing(doing)
            }
            let retention = Retention(store: store, age: age)
            let outcome = dryRun ? try retention.preview() : try retention.prune(for: OwnRecord.user)
            for session in outcome.sessions { Console.print(session.description) }
            let verb = dryRun ? "would be deleted" : "deleted"
            let sessions = HumanText.counted(Int64(outcome.sessions.count), "session")
            let bodies = outcome.bodyCount == 1 ? "1 body" : "\(outcome.bodyCount) bodies"
            Console.say(
                "\(verb): the payloads of \(sessions): \(HumanText.counted(outcome.eventCount, "event")), \(bodies)")
            if outcome.heldCount > 0 {
                Console.say("kept: \(HumanText.counted(outcome.heldCount, "session")) of that age on legal hold")
            }
            if outcome.keepsPieces {
                Console.say(
                    "pieces of these bodies stay until the sessions that run now have ended and it is run again")
            }
            return 0
        }
    }
}
