import ArgumentParser
import HoopxAudit
import HoopxCore

/// `hoopx sessions export`: a session's record for other programs.
struct SessionsExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes a session's record for other programs, a JSON object a line.")

    @Argument(help: "The sessions' names, or as much of each as tells it apart.")
    var sessions: [String]

    @Option(
        help: """
            jsonl for hoopx's own events, ocsf for API Activity of the Open Cybersecurity Schema Framework, otel for \
            spans with the attribute names of OpenTelemetry's conventions for generative AI, asciicast for what the \
            command wrote to its terminal.
            """)
    var format = SessionExport.Format.jsonl

    func run() throws {
        try ExitStatus.mapping { () throws(HoopxError) -> Int32 in
            guard let reader = try SessionReader.ofUser() else {
                throw HoopxError(
                    .usage, doing: "exporting session \(sessions[0])", found: "no session is recorded yet",
                    hint: "hoopx run -- COMMAND records one")
            }
            let export = SessionExport(reader: reader, hoopxVersion: HoopxCommand.configuration.version)
            for session in sessions { try export.write(session, as: format, to: { Console.print(json: $0) }) }
            return 0
        }
    }
}

extension SessionExport.Format: ExpressibleByArgument {}
