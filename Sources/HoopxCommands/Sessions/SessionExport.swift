import HoopxAudit
import HoopxClaude
import HoopxCore
import HoopxJSON

/// A session's record in a form that other programs know, a line each.
struct SessionExport {
    enum Format: String, CaseIterable {
        /// hoopx's own events, as they stand in the log.
        case jsonl
        /// Requests as API Activity of the Open Cybersecurity Schema Framework.
        case ocsf
        /// Requests to a model as spans, with the attribute names of OpenTelemetry's conventions for generative AI.
        case otel
        /// What the command wrote to its terminal, as asciinema plays it.
        case asciicast
    }

    let reader: SessionReader
    let hoopxVersion: String

    /// Hands on the lines of a session, one after the other.
    ///
    /// - Parameter name: as `SessionReader.find` takes it.
    func write(_ name: String, as format: Format, to take: (String) -> Void) throws(HoopxError) {
        switch format {
        case .jsonl: try writeEvents(of: try reader.find(name).record.id, to: take)
        case .asciicast: try writeTerminal(of: try reader.find(name).record.id, to: take)
        case .ocsf:
            let details = try reader.show(name)
            let connections = Self.connections(of: details)
            for request in details.requests {
                take(
                    OCSFActivity(
                        session: details.summary.record, request: request,
                        connection: connections[request.connectionNumber], hoopxVersion: hoopxVersion
                    ).line)
            }
        case .otel:
            let details = try reader.show(name)
            let connections = Self.connections(of: details)
            let toolUses = Dictionary(grouping: details.toolUses, by: \.request)
            for request in details.requests where Exchange.isOne(request) {
                take(
                    GenAISpan(
                        session: details.summary.record, request: request,
                        connection: connections[request.connectionNumber], toolUses: toolUses[request.number] ?? [],
                        hoopxVersion: hoopxVersion
                    ).line)
            }
        }
    }

    private func writeEvents(of session: SessionID, to take: (String) -> Void) throws(HoopxError) {
        var last: Int64 = 0
        while true {
            let events = try reader.events(of: session, after: last)
            guard let end = events.last else { return }
            for event in events { take(Self.line(event)) }
            last = end.sequence
        }
    }

    /// The recording is asciicast as it is stored; a line that was cut off is none.
    private func writeTerminal(of session: SessionID, to take: (String) -> Void) throws(HoopxError) {
        guard let recording = try reader.terminal(of: session) else {
            throw HoopxError(
                .usage, doing: "exporting session \(session)", found: "its terminal was not recorded",
                hint: "hoopx run --record-terminal records it")
        }
        for line in Self.lines(ofTerminal: recording.bytes) { take(line) }
    }

    static func lines(ofTerminal bytes: [UInt8]) -> [String] {
        bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
            .filter { (try? JSONValue(json: $0.utf8)) != nil }
    }

    /// The event's canonical JSON, byte for byte: its hash is in the log. Of one that retention has deleted, what is left.
    static func line(_ event: StoredEvent) -> String {
        if let payload = event.payload { return String(decoding: payload, as: UTF8.self) }
        let hash = Hexadecimal.text(event.leafHash)
        return JSONValue.object([
            "deleted": true, "kind": .string(event.kind), "leaf_hash": .string(hash),
            "sequence": .integer(event.sequence), "session": .string(event.session.description),
            "time": .string(event.time.description),
        ]).json
    }

    private static func connections(of details: SessionDetails) -> [Int64: ConnectionRecord] {
        Dictionary(details.connections.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
    }
}
