import HoopxAudit
import HoopxCore

/// The page that `hoopx sessions show` writes for people.
enum SessionPage {
    static func lines(of details: SessionDetails, width: Int?) -> [String] {
        head(of: details.summary) + contents(of: details, width: width)
    }

    /// Everything but who, what and when.
    static func contents(of details: SessionDetails, width: Int?) -> [String] {
        var lines = section("Connections", connections(details.connections), width)
        lines += section("Requests", requests(details.requests, details.leases), width)
        lines += section("Masked", maskings(details.maskings), width)
        lines += section("Leases", leases(details.leases), width)
        lines += section("Denied", denials(details.denials), width)
        lines += section("Executed (advisory)", executions(details.executions), width)
        lines += details.executionCounts.map { furtherExecutions($0, shown: shownExecutions) } ?? []
        return lines
    }

    static func head(of summary: SessionSummary) -> [String] {
        let record = summary.record
        var facts = [
            ("Session", record.id.description)
        ]
        facts += PrincipalText.facts(record.principal)
        facts += [
            ("Command", HumanText.command(record.arguments.words)),
            ("Directory", record.workingDirectory),
            ("Program", record.program.path),
            ("SHA-256", record.program.sha256 ?? "unknown"),
            ("Started", HumanText.localTime(record.startedAt)),
            ("Ended", record.endedAt.map(HumanText.localTime) ?? "-"),
            ("Duration", HumanText.duration(from: record.startedAt, to: record.endedAt)),
            ("Result", HumanText.result(record)),
            ("Datagrams", record.datagramTier ?? "-"),
        ]
        if !record.weakenings.isEmpty { facts.append(("Weakened", record.weakenings.joined(separator: ", "))) }
        return facts.map { name, value in
            name + String(repeating: " ", count: 11 - name.count) + Console.printable(value)
        }
    }

    private static func section(_ title: String, _ table: TextTable?, _ width: Int?) -> [String] {
        guard let table else { return [] }
        return ["", title] + table.lines(width: width.map { $0 - 2 }).map { "  " + $0 }
    }

    private static func connections(_ records: [ConnectionRecord]) -> TextTable? {
        guard !records.isEmpty else { return nil }
        var table = TextTable(
            header: ["#", "DESTINATION", "VERDICT", "PROCESS", "SENT", "RECEIVED", "DURATION"],
            spare: ["PROCESS", "DURATION"])
        for record in records {
            let process = record.pid.map { "\(record.command ?? "?")[\($0)]" } ?? "-"
            // What goes past hoopx is not counted.
            let isCounted = if case .direct = record.verdict { false } else { true }
            table.add([
                String(record.number), record.destination.description,
                verdict(record.verdict) + (record.count == 1 ? "" : ", \(record.count) times"), process,
                isCounted ? HumanText.bytes(record.bytesSent) : "-",
                isCounted ? HumanText.bytes(record.bytesReceived) : "-",
                record.duration.map { HumanText.duration(microseconds: $0) } ?? "-",
            ])
        }
        return table
    }

    private static func requests(_ records: [RequestRecord], _ leases: [LeaseRecord]) -> TextTable? {
        guard !records.isEmpty else { return nil }
        let numbers = Dictionary(leases.map { ($0.id, $0.number) }, uniquingKeysWith: { first, _ in first })
        var table = TextTable(
            header: [
                "#", "CONN", "STATUS", "CREDENTIAL", "LEASE", "SENT", "RECEIVED", "FIRST BYTE", "DURATION", "REQUEST",
            ], spare: ["FIRST BYTE", "LEASE", "CONN", "SENT"])
        for record in records {
            let status = record.status.map(String.init) ?? "-"
            table.add([
                String(record.number), String(record.connectionNumber),
                record.denial.map { "\(status) \($0.rawValue)" } ?? status, credential(record),
                record.lease.map { id in numbers[id].map { String($0) } ?? id } ?? "-",
                HumanText.bytes(record.requestBytes), HumanText.bytes(record.responseBytes),
                record.firstByteAfter.map { HumanText.duration(microseconds: $0) } ?? "-",
                record.duration.map { HumanText.duration(microseconds: $0) } ?? "-",
                "\(record.method) \(record.path)",
            ])
        }
        return table
    }

    private static func credential(_ record: RequestRecord) -> String {
        record.clientToken.map { "\(record.credential.rawValue) \($0)" } ?? record.credential.rawValue
    }

    private static func maskings(_ records: [MaskingRecord]) -> TextTable? {
        guard !records.isEmpty else { return nil }
        var table = TextTable(header: ["REQUEST", "PLACE", "ENTITIES"])
        for record in records {
            let entities = record.counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            table.add([
                record.request.map { String($0) } ?? "-", record.place.rawValue, entities.joined(separator: ", "),
            ])
        }
        return table
    }

    private static func leases(_ records: [LeaseRecord]) -> TextTable? {
        guard !records.isEmpty else { return nil }
        var table = TextTable(
            header: ["#", "LEASE", "CONNECTION", "ISSUED", "EXPIRES", "RENEWED", "ENDED", "SOURCE"],
            spare: ["ISSUED", "RENEWED", "EXPIRES", "LEASE"])
        for record in records {
            table.add([
                String(record.number), record.id, record.connectionName, HumanText.localTime(record.issuedAt),
                record.expiresAt.map(HumanText.localTime) ?? "never", String(record.renewalCount),
                leaseEnd(record), record.source,
            ])
        }
        return table
    }

    private static func leaseEnd(_ record: LeaseRecord) -> String {
        let words = [record.ending?.rawValue, record.endedAt.map(HumanText.localTime)].compactMap(\.self)
        return words.isEmpty ? "-" : words.joined(separator: " ")
    }

    private static func denials(_ records: [DenialRecord]) -> TextTable? {
        guard !records.isEmpty else { return nil }
        var table = TextTable(header: ["TIMES", "CODE", "RULE", "WHAT"], spare: ["RULE"])
        for record in records {
            let denial = record.denial
            table.add([String(record.count), denial.code.rawValue, denial.rule, denial.subject])
        }
        return table
    }

    /// How many executions the page shows; the JSON output has all.
    private static let shownExecutions = 20

    private static func executions(_ records: [ExecutionRecord]) -> TextTable? {
        guard !records.isEmpty else { return nil }
        var table = TextTable(
            header: ["#", "AT", "PID", "PARENT", "PROGRAM", "ARGUMENTS"], spare: ["PARENT", "PROGRAM", "PID"])
        for record in records.prefix(shownExecutions) {
            table.add([
                String(record.number), HumanText.localTime(record.executedAt), record.pid.map { String($0) } ?? "-",
                record.parentPID.map { String($0) } ?? "-", record.path ?? "-",
                HumanText.command(record.arguments.words) + (record.isTruncated ? " ..." : ""),
            ])
        }
        return table
    }

    private static func furtherExecutions(_ counts: ExecutionCounts, shown: Int) -> [String] {
        var lines: [String] = []
        if counts.recorded > shown { lines.append("  and \(counts.recorded - Int64(shown)) more (--json shows them)") }
        if counts.unrecorded > 0 { lines.append("  and \(counts.unrecorded) more, too many to be recorded") }
        return lines
    }

    private static func verdict(_ verdict: ConnectionRecord.Verdict) -> String {
        switch verdict {
        case .connection(let name): "connection \(name)"
        case .tunnel(let rule): "tunnel \(rule)"
        case .direct(let rule): "direct \(rule)"
        case .denied(let code): "denied \(code.rawValue)"
        }
    }
}
