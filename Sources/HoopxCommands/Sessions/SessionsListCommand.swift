import ArgumentParser
import HoopxAudit
import HoopxCore

/// `hoopx sessions list`: the newest sessions to which every filter applies, a line each.
struct SessionsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the newest sessions, a line each.")

    @Option(help: ArgumentHelp("Only sessions of this principal: a name, subject or email.", valueName: "name"))
    var principal: String?

    @Option(
        help: ArgumentHelp("Only sessions that began then or later (\(MomentArgument.help)).", valueName: "time"),
        transform: MomentArgument.init(argument:))
    var since: MomentArgument?

    @Option(
        help: ArgumentHelp("Only sessions that began before (\(MomentArgument.help)).", valueName: "time"),
        transform: MomentArgument.init(argument:))
    var until: MomentArgument?

    @Option(help: ArgumentHelp("Only sessions that used this connection of the configuration.", valueName: "name"))
    var connection: String?

    @Option(help: "Only sessions of which something was denied, or went by a connection, a tunnel, or directly.")
    var verdict: SessionFilter.Verdict?

    @Option(help: ArgumentHelp("Only sessions in which such a value was masked: CREDIT_CARD.", valueName: "entity"))
    var entity: String?

    @Flag(help: "Write one JSON object a line, for programs.")
    var json = false

    @Option(help: "How many sessions, at most.")
    var limit = 20

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit takes a whole number from 1 on, not \(limit)") }
    }

    func run() throws {
        try ExitStatus.mapping { () throws(HoopxError) -> Int32 in
            let sessions = try SessionReader.ofUser()?.list(matching: filter, limit: limit) ?? []
            if json {
                for session in sessions { Console.print(json: SessionJSON.line(session)) }
            } else if sessions.isEmpty, filter != SessionFilter() {
                Console.say("no session is recorded to which all of this applies")
            } else if sessions.isEmpty {
                Console.say("no session is recorded yet")
                Console.say("hint: hoopx run -- COMMAND records one")
            } else {
                for line in Self.table(of: sessions).lines(width: Console.width) { Console.print(line) }
            }
            return 0
        }
    }

    private var filter: SessionFilter {
        SessionFilter(
            principal: principal, since: since?.timestamp, until: until?.timestamp, connection: connection,
            verdict: verdict, entity: entity?.uppercased())
    }

    private static func table(of sessions: [SessionSummary]) -> TextTable {
        var table = TextTable(
            header: ["SESSION", "STARTED", "DURATION", "PRINCIPAL", "RESULT", "REQUESTS", "DENIED", "COMMAND"],
            spare: ["REQUESTS", "DURATION", "PRINCIPAL"])
        for session in sessions {
            let record = session.record
            table.add([
                record.id.description,
                HumanText.localTime(record.startedAt),
                HumanText.duration(from: record.startedAt, to: record.endedAt),
                record.principal.name,
                HumanText.result(record),
                String(session.requestCount),
                String(session.denialCount),
                HumanText.command(record.arguments.words),
            ])
        }
        return table
    }
}

extension SessionFilter.Verdict: ExpressibleByArgument {}
