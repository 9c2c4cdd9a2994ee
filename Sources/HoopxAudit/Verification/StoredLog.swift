import FoundationEssentials
import GRDB
import HoopxCore
import HoopxTransparency

/// A checkpoint of the database.
struct StoredCheckpoint {
    let size: Int64
    let signed: SignedCheckpoint
}

/// The log as the database has it, beside the events.
struct StoredLog {
    let origin: String
    /// The size and the right edge of the tree; nil where they cannot be read.
    private let frontier: TreeFrontier?
    /// In the order of their sizes.
    let checkpoints: [StoredCheckpoint]
    let anchors: [AnchorRecord]

    init(_ database: Database, _ findings: inout FindingLog) throws {
        let row = try Row.fetchOne(database, sql: "SELECT origin, frontier FROM record.log_state")
        origin = row?["origin"] ?? ""
        frontier = (row?["frontier"] as Data?).flatMap { TreeFrontier(bytes: $0) }
        if row == nil { findings.add(.tree, "the log", "its name and size are missing") }
        var checkpoints: [StoredCheckpoint] = []
        for row in try Row.fetchAll(database, sql: "SELECT size, note FROM record.checkpoint ORDER BY size") {
            let size: Int64 = row["size"]
            do throws(MalformedNote) {
                let signed = try SignedCheckpoint(row["note"] as String)
                checkpoints.append(StoredCheckpoint(size: size, signed: signed))
            } catch {
                findings.add(.checkpoint, "checkpoint of \(size) events", "it is none: \(error.found)")
            }
        }
        self.checkpoints = checkpoints
        anchors = try AnchorRecord.all(in: database, schema: "record")
    }

    /// Compares a node that the leaves make with the one that is kept.
    func compare(_ node: TreeNode, _ database: Database, _ findings: inout FindingLog) throws {
        let statement = try database.cachedStatement(
            sql: "SELECT hash FROM record.tree_node WHERE level = ? AND number = ?")
        let stored = try Data.fetchOne(statement, arguments: [node.level, node.number])
        guard stored.map({ Array($0) }) != node.hash.bytes else { return }
        let first = node.number << node.level
        findings.add(
            .tree, "leaves \(first) to \(first + 1 << node.level - 1)",
            stored == nil ? "the hash over all of them is missing" : "one or more are not those that were logged")
    }

    /// Compares the size and the right edge.
    func compare(with leaves: LeafVerifier, _ findings: inout FindingLog) {
        guard let frontier else { return findings.add(.tree, "the log", "its right edge cannot be read") }
        if frontier.size > leaves.eventCount, leaves.firstGap == nil {
            findings.add(
                .leaf, "leaves \(leaves.eventCount) to \(frontier.size - 1)",
                "they are missing: the log has \(frontier.size) events, and \(leaves.eventCount) are there")
        } else if leaves.firstGap == nil, frontier != leaves.frontier {
            findings.add(.tree, "the log", "its right edge, of \(frontier.size) events, is not that of the events")
        }
    }

    static func rows(_ database: Database) throws -> some Cursor<LeafVerifier.Row> {
        try Row.fetchCursor(
            database,
            sql: "SELECT leaf, session, sequence, kind, payload, leaf_hash, time FROM record.event ORDER BY leaf"
        ).map { row in
            LeafVerifier.Row(
                position: row[0], session: row[1], sequence: row[2], kind: row[3],
                time: Timestamp(microseconds: row[6]),
                payload: (row[4] as Data?).map { Array($0) }, leafHash: Array(row[5] as Data))
        }
    }
}
