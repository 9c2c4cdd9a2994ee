import FoundationEssentials
import GRDB
import HoopxCore
import HoopxTransparency

/// A checkpoint of the database, and where it is anchored.
public struct AnchoredCheckpoint: Sendable {
    public let time: Timestamp
    public let signed: SignedCheckpoint
    public let anchors: [AnchorRecord]

    /// With the signatures of the witnesses that have cosigned it.
    public var cosigned: SignedNote {
        var note = signed.note
        for anchor in anchors where anchor.kind == .witness {
            let lines = String(decoding: anchor.evidence, as: UTF8.self).split(separator: "\n")
            note.signatures += lines.compactMap { NoteSignature(line: String($0)) }
                .filter { !note.signatures.contains($0) }
        }
        return note
    }
}

extension SQLiteAuditStore {
    /// All checkpoints, the newest last.
    public func checkpoints() throws(HoopxError) -> [AnchoredCheckpoint] {
        try read { database in
            let anchors = Dictionary(grouping: try AnchorRecord.all(in: database), by: \.size)
            return try Row.fetchAll(database, sql: "SELECT size, time, note FROM checkpoint ORDER BY size").map { row in
                AnchoredCheckpoint(
                    time: Timestamp(microseconds: row[1]), signed: try Self.signed(row[2]),
                    anchors: anchors[row[0]] ?? [])
            }
        }
    }

    /// The log's name; nil where nothing was logged yet.
    public func origin() throws(HoopxError) -> String? {
        try read { database in try String.fetchOne(database, sql: "SELECT origin FROM log_state") }
    }

    /// The newest checkpoint, where it covers a leaf.
    func newestCheckpoint(covering leaf: Int64) throws(HoopxError) -> SignedCheckpoint? {
        try read { database in
            try String.fetchOne(
                database, sql: "SELECT note FROM checkpoint WHERE size > ? ORDER BY size DESC LIMIT 1",
                arguments: [leaf]
            ).map(Self.signed)
        }
    }

    /// A checkpoint with the signatures of the witnesses that have cosigned it.
    func cosigned(_ signed: SignedCheckpoint) throws(HoopxError) -> SignedCheckpoint {
        try read { database in
            let anchors = try AnchorRecord.all(in: database).filter { $0.size == signed.checkpoint.size }
            let anchored = AnchoredCheckpoint(time: .now(), signed: signed, anchors: anchors)
            return try SignedCheckpoint(anchored.cosigned)
        }
    }

    /// Proves that a leaf is in the log as it was with so many leaves.
    func inclusionProof(of leaf: Int64, size: Int64) throws(HoopxError) -> InclusionProof {
        try read { database in
            guard leaf < size else { throw DamagedRow(found: "leaf \(leaf) is not among the first \(size)") }
            return try InclusionProof(of: leaf, treeSize: size, in: StoredTree(database: database))
        }
    }

    /// Proves that the log only grew from one size to another.
    public func consistencyProof(from oldSize: Int64, to newSize: Int64) throws(HoopxError) -> ConsistencyProof {
        try read { database in
            guard (0...newSize).contains(oldSize) else {
                throw DamagedRow(found: "\(newSize) events are no continuation of \(oldSize)")
            }
            return try ConsistencyProof(from: oldSize, to: newSize, in: StoredTree(database: database))
        }
    }

    /// The size of the newest checkpoint that was published at a place.
    public func lastAnchored(_ kind: AnchorRecord.Kind, at place: String) throws(HoopxError) -> Int64? {
        try read { database in
            try Int64.fetchOne(
                database, sql: "SELECT max(size) FROM anchor WHERE kind = ? AND place = ?",
                arguments: [kind.rawValue, place])
        }
    }

    /// Remembers that a checkpoint was published.
    public func record(_ anchor: AnchorRecord) throws(HoopxError) {
        try transaction { database, _ in try anchor.upsert(into: database) }
    }

    /// The newest checkpoint, signed now where none covers all events.
    ///
    /// - Returns: nil where nothing was logged yet.
    public func signCheckpoint() throws(HoopxError) -> SignedCheckpoint? {
        var signed: SignedCheckpoint?
        try transaction { database, state in signed = try log.checkpoint(state, in: database) }
        return signed
    }

    /// The newest checkpoint that there is.
    public func newestCheckpoint() throws(HoopxError) -> SignedCheckpoint? { try newestCheckpoint(covering: -1) }

    private static func signed(_ note: String) throws -> SignedCheckpoint {
        do throws(MalformedNote) {
            return try SignedCheckpoint(note)
        } catch {
            throw DamagedRow(found: "a checkpoint cannot be read: \(error.found)")
        }
    }
}
