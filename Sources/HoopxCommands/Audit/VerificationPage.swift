import HoopxAudit
import HoopxTransparency

/// What a verification found, as people read it: what was looked at, then a line for each thing that is wrong.
enum VerificationPage {
    static func lines(of report: VerificationReport) -> [String] {
        var lines = ["Log         \(report.origin)"]
        if let key = report.key { lines.append("Key         \(key)") }
        var events = HumanText.counted(report.eventCount, "event")
        if report.prunedCount > 0 { events += ", \(report.prunedCount) of them without payload, for their age" }
        lines.append("Events      \(events)")
        var checkpoints = HumanText.counted(report.checkpointCount, "checkpoint")
        if report.uncoveredCount > 0 {
            checkpoints += "; \(HumanText.counted(report.uncoveredCount, "newer event")) not in one yet"
        }
        lines.append("Checkpoints \(checkpoints)")
        let outside = [
            (report.outsideCount, "checkpoint"), (report.timestampCount, "time stamp"),
            (report.cosignatureCount, "cosignature"),
        ].filter { $0.0 > 0 }.map { HumanText.counted($0.0, $0.1) }
        lines.append("Outside     \(outside.isEmpty ? "nothing" : outside.joined(separator: ", "))")
        if let size = report.rememberedSize {
            lines.append("Last time   \(HumanText.counted(size, "event")) in order")
        }
        lines.append("Rows        \(report.rowCount)")
        if report.unvouchedSessionCount > 0 {
            lines.append(
                "            \(HumanText.counted(report.unvouchedSessionCount, "session")) from before the log, which nothing vouches for"
            )
        }
        lines.append("Bodies      \(report.bodyCount)")
        lines.append("")
        // A name is what somebody may have written into the database.
        lines = lines.map(Console.printable)
        if report.isInOrder {
            lines.append("All of it is in order.")
        } else {
            lines += report.findings.map { Console.printable("WRONG: \($0)") }
            if report.furtherFindingCount > 0 { lines.append("WRONG: \(report.furtherFindingCount) more") }
        }
        return lines
    }
}
