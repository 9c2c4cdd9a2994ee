import ArgumentParser
import HoopxAudit
import HoopxCore
import HoopxSession

/// `hoopx sessions tail`: the events of a session, or of all that run, as they are written.
struct SessionsTailCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "Follows what is recorded, an event a line.",
        discussion: """
            With a session: its events from its beginning, until it ends. Without one: what happens from now on in any \
            session, until Ctrl-C.
            """)

    @Argument(help: "The session's name, or as much of its beginning (or of its random part) as tells it apart.")
    var session: String?

    @Flag(help: "Write each event as it is in the log, one JSON object a line.")
    var json = false

    func run() throws {
        try ExitStatus.mapping { () throws(HoopxError) -> Int32 in
            guard let reader = try SessionReader.ofUser() else {
                throw HoopxError(
                    .usage, doing: "following what is recorded", found: "no session is recorded yet",
                    hint: "hoopx run -- COMMAND records one")
            }
            let watch = RecordWatch(directory: try StateDirectory.path(in: OwnEnvironment.variables))
            if let session {
                try follow(try reader.find(session).record.id, reader, watch)
            } else {
                try followAll(reader, watch)
            }
            return 0
        }
    }

    private func follow(_ session: SessionID, _ reader: SessionReader, _ watch: RecordWatch) throws(HoopxError) {
        var last: Int64 = 0
        while true {
            // Asked first: what it wrote before it ended is then read after.
            let isRunning = try reader.find(session.description).record.state == .running
            try show(session, behind: &last, reader, isNamed: false)
            guard isRunning, watch.wait() else { return }
        }
    }

    private func followAll(_ reader: SessionReader, _ watch: RecordWatch) throws(HoopxError) {
        var last: [SessionID: Int64] = [:]
        for session in try Self.running(reader) { last[session] = try Self.lastSequence(of: session, reader) }
        while watch.wait() {
            let running = try Self.running(reader)
            // What has ended meanwhile once more, for its last events.
            for session in Set(running).union(last.keys) {
                var position = last[session] ?? 0
                try show(session, behind: &position, reader, isNamed: true)
                last[session] = position
            }
            last = last.filter { running.contains($0.key) }
        }
    }

    private static func running(_ reader: SessionReader) throws(HoopxError) -> [SessionID] {
        try reader.list(limit: shownSessions).filter { $0.record.state == .running }.map(\.record.id)
    }

    private static func lastSequence(of session: SessionID, _ reader: SessionReader) throws(HoopxError) -> Int64 {
        var last: Int64 = 0
        while let newest = try reader.events(of: session, after: last).last { last = newest.sequence }
        return last
    }

    private func show(
        _ session: SessionID, behind last: inout Int64, _ reader: SessionReader, isNamed: Bool
    ) throws(HoopxError) {
        while true {
            let events = try reader.events(of: session, after: last, limit: 1_000)
            for event in events {
                last = event.sequence
                guard let payload = event.payload else { continue }
                if json {
                    Console.print(json: String(decoding: payload, as: UTF8.self))
                } else {
                    let name = isNamed ? "\(session) " : ""
                    let line = Console.printable(name + EventText.line(of: event))
                    Console.print(TextTable.fit(line, to: Console.width))
                }
            }
            guard events.count == 1_000 else { return }
        }
    }

    /// How many of the newest sessions are looked at for those that run.
    private static let shownSessions = 200
}
