import ArgumentParser
import HoopxAudit
import HoopxCore

/// `hoopx sessions list`: the newest sessions, a line each.
struct SessionsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the newest sessions, a line each.")

    @Flag(help: "Write one JSON object a line, for programs.")
    var json = false

    @Option(help: "How many sessions, at most.")
    var limit = 20

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit takes a whole number from 1 on, not \(limit)") }
    }

    func run() throws {
        try ExitStatus.mapping { () throws(HoopxError) -> Int32 in
            let sessions = try SessionReader.ofUser()?.list(limit: limit) ?? []
            if json {
                for session in sessions { Console.print(json: SessionJSON.line(session)) }
            } else if sessions.isEmpty {
                Console.say("no session is recorded yet")
                Console.say("hint: hoopx run -- COMMAND records one")
            } else {
                for line in Self.table(of: sessions).lines(width: Console.width) { Console.print(line) }
            }
            return 0
        }
    }

    private static func table(of sessions: [SessionSummary]) -> TextTable {
        var table = TextTable(
            header: ["SESSION", "STARTED", "DURATION", "PRINCIPAL", "RESULT", "REQUESTS", "DENIED", "COMMAND"])
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
