import HoopxAudit
import HoopxJSON

/// What a verification found, for programs: snake_case keys in the order of the alphabet.
enum VerificationJSON {
    static func document(_ report: VerificationReport) -> String {
        JSONValue.object([
            "origin": .string(report.origin),
            "key": report.key.map { .string($0.description) } ?? .null,
            "in_order": .bool(report.isInOrder),
            "event_count": .integer(report.eventCount),
            "pruned_count": .integer(report.prunedCount),
            "uncovered_count": .integer(report.uncoveredCount),
            "checkpoint_count": .integer(report.checkpointCount),
            "outside_checkpoint_count": .integer(report.outsideCount),
            "last_verified_event_count": JSONValue(report.rememberedSize),
            "timestamp_count": .integer(report.timestampCount),
            "cosignature_count": .integer(report.cosignatureCount),
            "row_count": .integer(report.rowCount),
            "unvouched_session_count": .integer(report.unvouchedSessionCount),
            "body_count": .integer(report.bodyCount),
            "checkpoint": report.newest.map { .string($0.note.encoded) } ?? .null,
            "findings": .array(
                report.findings.map { finding in
                    .object([
                        "kind": .string(finding.kind.rawValue), "subject": .string(finding.subject),
                        "found": .string(finding.found),
                    ])
                }),
            "further_finding_count": .integer(report.furtherFindingCount),
        ]).page
    }
}
