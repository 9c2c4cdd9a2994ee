import ArgumentParser
import HoopxAudit
import HoopxCore
import HoopxLinux
import HoopxSession

/// `hoopx audit hold`: keeps a session whatever its age.
struct AuditHoldCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "Puts a session on legal hold: it is not deleted for its age.")

    @Argument(help: "The session's name, or as much of its beginning (or of its random part) as tells it apart.")
    var session: String

    @Option(help: ArgumentHelp("Why, for the record.", valueName: "text"))
    var reason: String

    @OptionGroup var configuration: ConfigurationOption

    func run() throws {
        try ExitStatus.mapping { () throws(HoopxError) -> Int32 in
            try LegalHold.set(true, on: session, reason: reason, configuration)
        }
    }
}

/// `hoopx audit release`: ends a legal hold.
struct AuditReleaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Ends the legal hold on a session.")

    @Argument(help: "The session's name, or as much of its beginning (or of its random part) as tells it apart.")
    var session: String

    @Option(help: ArgumentHelp("Why, for the record.", valueName: "text"))
    var reason: String?

    @OptionGroup var configuration: ConfigurationOption

    func run() throws {
        try ExitStatus.mapping { () throws(HoopxError) -> Int32 in
            try LegalHold.set(false, on: session, reason: reason, configuration)
        }
    }
}

private enum LegalHold {
    static func set(
        _ isHeld: Bool, on session: String, reason: String?, _ configuration: ConfigurationOption
    ) throws(HoopxError) -> Int32 {
        guard let store = try SQLiteAuditStore.existing(directory: try OwnRecord.directory()) else {
            throw OwnRecord.nothing("looking up session \(session)")
        }
        let found = try SessionReader(store).find(session)
        let masked = try reason.map { words throws(HoopxError) in
            try RecordedReason(words, configurationPath: configuration.path, environment: OwnEnvironment.variables).text
        }
        let hold = LegalHoldRecord(session: found.record.id, isHeld: isHeld, reason: masked)
        guard try store.record(hold, for: OwnRecord.user) else {
            Console.say("session \(found.record.id) is \(isHeld ? "on legal hold already" : "not on legal hold")")
            return 0
        }
        Console.say("session \(found.record.id) is \(isHeld ? "on legal hold" : "not on legal hold any more")")
        return 0
    }
}
