import ArgumentParser
import HoopxAudit
import HoopxCore

/// `hoopx sessions show`: one session as the conversation that it was, with its costs, its connections, requests and
/// denials.
struct SessionsShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows one session: its conversation and costs, connections, requests and denials.")

    @Argument(help: "The session's name, or as much of its beginning (or of its random part) as tells it apart.")
    var session: String

    @Flag(help: "Write one JSON object, for programs.")
    var json = false

    @Flag(help: "Show long texts of the conversation whole.")
    var full = false

    func run() throws {
        try ExitStatus.mapping { () throws(HoopxError) -> Int32 in
            guard let reader = try SessionReader.ofUser() else {
                throw HoopxError(
                    .usage, doing: "looking up session \(session)", found: "no session is recorded yet",
                    hint: "hoopx run -- COMMAND records one")
            }
            let details = try reader.show(session)
            if json {
                Console.print(json: SessionJSON.document(details))
            } else {
                for line in SessionPage.head(of: details.summary) { Console.print(line) }
                try showConversation(of: details, reader)
                for line in SessionPage.contents(of: details, width: Console.width) { Console.print(line) }
            }
            return 0
        }
    }

    /// One exchange after the other: no more than one is ever in memory.
    private func showConversation(of details: SessionDetails, _ reader: SessionReader) throws(HoopxError) {
        let requests = details.requests.filter(Exchange.isOne)
        guard !requests.isEmpty else { return }
        let page = ConversationPage(width: Console.width, isFull: full)
        Console.print("")
        Console.print("Conversation")
        for request in requests {
            let exchange = try Exchange(request, of: details) { direction throws(HoopxError) in
                try reader.body(of: request.number, direction, in: details.summary.record.id)
            }
            for line in page.lines(of: exchange) { Console.print(line) }
        }
        if let total = ConversationPage.total(of: requests) { Console.print(total) }
    }
}
