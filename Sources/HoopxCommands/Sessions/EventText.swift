import HoopxAudit
import HoopxCore

/// An event as a line that people read.
enum EventText {
    /// `2026-11-26 19:20:27  request  3: POST /v1/messages, messages.create, claude-sonnet-4-5`
    static func line(of event: StoredEvent) -> String {
        let text = event.payload.flatMap { try? AuditEvent(payload: $0) }.map { subject(of: $0.content) }
        return "\(HumanText.localTime(event.time))  \(event.kind)" + (text.map { "  " + $0 } ?? "")
    }

    private static func subject(of content: AuditEvent.Content) -> String {
        switch content {
        case .sessionStart(let record): beginning(record)
        case .sessionEnd(let record): ending(record.ending)
        case .connection(let record):
            "\(record.number): \(record.destination)" + (record.duration == nil ? "" : ", ended")
                + (record.count == 1 ? "" : ", \(record.count) times")
        case .egressDenied(let record):
            "\(record.denial.subject) [\(record.denial.code.rawValue), \(record.denial.rule)]"
                + (record.count == 1 ? "" : ", \(record.count) times")
        case .request(let record, _):
            list(["\(record.number): \(record.method) \(record.path)", record.operation, record.model])
        case .response(let outcome, _): response(outcome)
        case .toolUse(let record): "\(record.request): \(record.name) \(record.input.prefix(120))"
        case .decision(let record): "\(record.request): denied [\(record.code.rawValue), \(record.rule)]"
        case .masked(let record): masking(record)
        case .credential(let record):
            list(["\(record.number): \(record.connectionName)", record.source, record.ending?.rawValue])
        case .execution(let record):
            "\(record.number): \(record.path ?? "?") " + HumanText.command(Array(record.arguments.words.dropFirst()))
        case .executionCounts(let counts):
            HumanText.counted(counts.recorded, "program") + " so far"
                + (counts.unrecorded == 0 ? "" : ", \(counts.unrecorded) more not recorded")
        case .terminal(let record): "recorded, \(HumanText.duration(microseconds: record.duration))"
        case .error(let record): "\(record.doing): \(record.found)"
        case .retention(let record): "deleted " + HumanText.counted(Int64(record.sessions.count), "session")
        case .logKey(let record): (record.previous == nil ? "the log is signed with " : "now signed with ") + record.key
        case .legalHold(let record): list([record.isHeld ? "held" : "released", record.reason])
        }
    }

    /// It is told again when more becomes known: that is what is new then.
    private static func beginning(_ record: SessionRecord) -> String {
        if let digest = record.program.sha256 { return "\(record.program.path) has SHA-256 \(digest)" }
        return record.datagramTier ?? HumanText.command(record.arguments.words)
    }

    private static func response(_ outcome: RequestOutcome) -> String {
        let usage = outcome.usage.map { usage in
            "\(usage.input + usage.cacheCreation + usage.cacheRead) tokens in, \(usage.output) out"
        }
        return list([
            "\(outcome.number): \(outcome.status.map { String($0) } ?? "-")",
            HumanText.bytes(outcome.responseBytes),
            outcome.duration.map { HumanText.duration(microseconds: $0) }, outcome.stopReason, usage,
        ])
    }

    private static func masking(_ record: MaskingRecord) -> String {
        let counts = record.counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        return (record.request.map { "\($0): " } ?? "") + "\(record.place.rawValue): \(counts)"
    }

    private static func ending(_ ending: SessionEnding) -> String {
        switch ending {
        case .exited(let status): "exit \(status)"
        case .killed(let signal): HumanText.signalName(signal)
        case .terminated(let signal): "ended by \(HumanText.signalName(signal))"
        case .failed: "hoopx failed"
        case .interrupted: "interrupted"
        }
    }

    private static func list(_ parts: [String?]) -> String { parts.compactMap { $0 }.joined(separator: ", ") }
}
