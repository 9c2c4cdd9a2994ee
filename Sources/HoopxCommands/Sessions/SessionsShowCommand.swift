import ArgumentParser
import HoopxAudit
import HoopxCore

/// `hoopx sessions show`: one session with its connections, requests and denials.
struct SessionsShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows one session with its connections, requests and denials.")

    @Argument(help: "The session's name, or as much of its beginning (or of its random part) as tells it apart.")
    var session: String

    @Flag(help: "Write one JSON object, for programs.")
    var json = false

    func run() throws {
        try ExitStatus.mapping { () throws(HoopxError) -> Int32 in
            guard let reader = try SessionReader.ofUser() else {
                throw HoopxError(
                    .usage, doing: "looking up session \(session)", found: "no session is recorded yet",
                    hint: "hoopx run -- COMMAND records one")
            }
            let details = try reader.show(session)
            if json {
                Console.print(SessionJSON.document(details))
            } else {
                for line in SessionPage.lines(of: details, width: Console.width) { Console.print(line) }
            }
            return 0
        }
    }
}
